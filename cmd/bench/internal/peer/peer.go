// Package peer knows the load generators that bossplan is measured beside: how
// they are found, installed where that was asked for, and what their output
// says. They are programs that run beside ours; none of their code is in it.
package peer

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// A Peer is a program and where it comes from: one of Module, Debian and PyPI,
// or none if only the machine's owner can install it.
type Peer struct {
	Name    string // of the program
	Module  string // Go, for go install
	Debian  string // package, for apt-get
	PyPI    string // package, for pip in an environment of its own
	Version string // that is installed, where it can be chosen
	Ask     string // argument that makes it tell its version, if it is not in the program itself
	Note    string // what to do where none of the three is known
}

// All lists them.
func All() []Peer {
	return []Peer{
		{Name: "wrk", Debian: "wrk", Ask: "-v"},
		{Name: "wrk2", Ask: "-v", Note: "no package: build it and put it on PATH as wrk2"},
		{Name: "h2load", Debian: "nghttp2-client", Ask: "--version"},
		{Name: "hey", Module: "github.com/rakyll/hey", Version: "v0.1.5"},
		{Name: "vegeta", Module: "github.com/tsenart/vegeta/v12", Version: "v12.13.0"},
		// Later ones bring an interpreter that is not needed here.
		{Name: "fortio", Module: "fortio.org/fortio", Version: "v1.66.0"},
		{Name: "bombardier", Module: "github.com/codesenberg/bombardier", Version: "v1.2.6"},
		{Name: "k6", Ask: "version", Note: "under the AGPL, so it is not installed from here: put a k6 of your own on PATH"},
		{Name: "locust", PyPI: "locust", Version: "2.46.0", Ask: "--version"},
	}
}

// A Found is a peer on this machine. It is missing where Missing says why.
type Found struct {
	Peer
	Path      string
	Tells     string // its version, as it says itself
	Missing   string
	installed bool // by the benchmark
}

// Find looks for all peers on PATH and among those installed in the directory,
// and with install puts what is missing there.
func Find(ctx context.Context, directory string, install bool) []Found {
	var all []Found
	for _, p := range All() {
		all = append(all, find(ctx, p, directory, install))
	}
	return all
}

func find(ctx context.Context, p Peer, directory string, install bool) Found {
	f := Found{Peer: p}
	if f.Path = look(p, directory); f.Path == "" {
		if f.Missing = put(ctx, p, directory, install); f.Missing != "" {
			return f
		}
		if f.Path = look(p, directory); f.Path == "" {
			f.Missing = "installed, but not found"
			return f
		}
	}
	f.installed = strings.HasPrefix(f.Path, directory+string(filepath.Separator))
	f.Tells = version(ctx, f)
	return f
}

// look prefers what the benchmark installed: its version is the known one.
func look(p Peer, directory string) string {
	for _, path := range []string{goBin(directory, p.Name), pythonBin(directory, p.Name)} {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	path, err := exec.LookPath(p.Name)
	if err != nil {
		return ""
	}
	if path, err = filepath.Abs(path); err != nil {
		return ""
	}
	return path
}

var number = regexp.MustCompile(`\d+\.\d+(\.\d+)?`)

// version is what the program says of itself, and for one that Go built, what
// it was built from.
func version(ctx context.Context, f Found) string {
	if info, err := buildinfo.ReadFile(f.Path); err == nil && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	if f.Ask == "" {
		return "unknown"
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	// wrk tells its version and ends with an error.
	out, _ := exec.CommandContext(ctx, f.Path, f.Ask).CombinedOutput()
	if v := number.Find(out); v != nil {
		return string(v)
	}
	return "unknown"
}

// Report is a row a peer: version and where from, or why it is missing.
func Report(all []Found) string {
	var b strings.Builder
	b.WriteString("| program | version | from |\n|---|---|---|\n")
	for _, f := range all {
		if f.Missing != "" {
			fmt.Fprintf(&b, "| %s | missing | %s |\n", f.Name, f.Missing)
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", f.Name, f.Tells, f.source())
	}
	return b.String()
}

func (f Found) source() string {
	switch {
	case f.installed && f.Module != "":
		return "`go install " + f.Module + "@" + f.Version + "`"
	case f.installed && f.PyPI != "":
		return "`pip install " + f.PyPI + "==" + f.Version + "`"
	case f.Debian != "":
		return "PATH; Debian's package is " + f.Debian
	}
	return "PATH"
}
