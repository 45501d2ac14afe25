package graphview

import (
	"encoding/json"
	"io"
	"path/filepath"
)

// document is the graph as one JSON document; no list of it is null.
type document struct {
	FormatVersion string     `json:"format_version"`
	Plan          string     `json:"plan"`
	Nodes         []nodeInfo `json:"nodes"`
	Edges         []edgeInfo `json:"edges"`
}

type nodeInfo struct {
	ID     string      `json:"id"`
	Kind   string      `json:"kind"`
	Lines  []string    `json:"lines"`
	Stages []stageInfo `json:"stages"`
}

type stageInfo struct {
	Name   string `json:"name"`
	Level  string `json:"level"`
	Warmup bool   `json:"warmup"`
}

type edgeInfo struct {
	From string `json:"from"`
	To   string `json:"to"`
	Kind string `json:"kind"`
}

func (g *graph) json(w io.Writer) error {
	d := document{FormatVersion: "1.0", Plan: filepath.ToSlash(g.plan.File), Nodes: []nodeInfo{}, Edges: []edgeInfo{}}
	for _, n := range g.nodes {
		out := nodeInfo{ID: n.id, Kind: n.kind, Lines: append([]string{}, n.lines...), Stages: []stageInfo{}}
		for _, s := range n.stages {
			out.Stages = append(out.Stages, stageInfo{s.name, s.words, s.warmup})
		}
		d.Nodes = append(d.Nodes, out)
	}
	for _, e := range g.edges {
		d.Edges = append(d.Edges, edgeInfo{e.from, e.to, e.kind})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(d)
}
