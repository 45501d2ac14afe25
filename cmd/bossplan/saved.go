package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	ctyjson "github.com/zclconf/go-cty/cty/json"

	"bossplan/interp/wire"
	"bossplan/plan"
)

// A saved plan is what plan --out writes: not the plan again, but all that
// tells it from any other, so that apply can refuse to run something else. The
// plan's own files are read from where they were, and must be as they were. A
// sensitive value is not in it: it is given again, and must be the same. What
// carries the requests is not in it either: like the seed, that is for whoever
// applies it to say.
//
// The checksum tells damage and careless edits. It is no signature: whoever may
// change the file may change the plan too.
type savedPlan struct {
	Format          string          `json:"bossplan_saved_plan"`
	BossplanVersion string          `json:"bossplan_version"`
	Plan            string          `json:"plan"`
	Sources         []savedSource   `json:"sources"`
	Salt            string          `json:"salt"` // of the digests of sensitive values
	Variables       []savedVariable `json:"variables"`
	Hosts           []savedHost     `json:"hosts"`
	Checksum        string          `json:"checksum"` // over all else
}

type savedSource struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

// A savedVariable has its value or, where that is sensitive, a digest of it.
type savedVariable struct {
	Name   string          `json:"name"`
	Source string          `json:"source"`
	Value  json.RawMessage `json:"value,omitempty"`
	Digest string          `json:"digest,omitempty"`
}

// A savedHost is a host with the addresses that its name had.
type savedHost struct {
	Address   string   `json:"address"`
	BaseURL   string   `json:"base_url"`
	Addresses []string `json:"addresses"` // sorted
}

// savedFormat is the version of the file.
const savedFormat = "1.0"

// save writes a plan that was just shown, as it is carried by a transport.
func (a *app) save(name string, p *plan.Plan, transport string) int {
	hosts, err := resolveHosts(p)
	if err != nil {
		fmt.Fprintf(a.stderr, "bossplan: the plan was not saved: %v\n", err)
		return exitUnreachable
	}
	s, err := newSaved(p, hosts)
	if err == nil {
		err = writeSaved(name, s)
	}
	if err != nil {
		fmt.Fprintf(a.stderr, "bossplan: the plan was not saved: %v\n", err)
		return exitInternal
	}
	if transport != wire.Auto {
		name = "--transport " + transport + " " + name
	}
	fmt.Fprintf(a.stderr, "Saved. Run exactly this with: bossplan apply %s\n", name)
	return exitPass
}

func newSaved(p *plan.Plan, hosts []savedHost) (*savedPlan, error) {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	s := &savedPlan{
		Format: savedFormat, BossplanVersion: plan.Version, Plan: filepath.ToSlash(p.File),
		Sources: sourcesOf(p), Salt: hex.EncodeToString(salt), Variables: []savedVariable{}, Hosts: hosts,
	}
	for _, v := range p.Variables {
		x := savedVariable{Name: v.Name, Source: v.Source}
		value, err := valueOf(v)
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", v.Name, err)
		}
		if x.Value = value; v.Sensitive {
			x.Value, x.Digest = nil, digest(value, salt)
		}
		s.Variables = append(s.Variables, x)
	}
	s.Checksum = s.sum()
	return s, nil
}

// sourcesOf are the files that a plan was read from, sorted.
func sourcesOf(p *plan.Plan) []savedSource {
	list := []savedSource{}
	for _, s := range p.Sources {
		sum := sha256.Sum256(s.Bytes)
		list = append(list, savedSource{filepath.ToSlash(s.Name), hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(list, func(a, b savedSource) int { return strings.Compare(a.File, b.File) })
	return list
}

// valueOf is a variable's value as JSON, of which equal values have one.
func valueOf(v *plan.Variable) (json.RawMessage, error) {
	if v.Value.IsNull() {
		return json.RawMessage("null"), nil
	}
	return ctyjson.Marshal(v.Value, v.Value.Type())
}

// sum is the checksum over all but itself.
func (s *savedPlan) sum() string {
	c := *s
	c.Checksum = ""
	content, err := json.Marshal(c)
	if err != nil {
		return "" // a value that is no JSON, which reading has refused
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
