package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"bossplan/interp/wire"
	"bossplan/plan"
)

// A machine is what the program knows of the one that it runs on. Tests give it
// another.
type machine struct {
	plan.Machine
	refusal func(transport string) error                  // why one cannot be had; nil: it can
	choose  func(h *plan.Host, wanted string) wire.Choice // how a host is carried
}

func thisMachine() machine {
	return machine{plan.Machine{Ports: localPorts(), Files: openFiles()}, wire.Refusal, wire.Choose}
}

// carriers are the transports of a plan's hosts. Which there are is found out
// once: the kernel is asked.
type carriers map[*plan.Host]wire.Choice

func (m machine) carriers(p *plan.Plan, wanted string) carriers {
	c := carriers{}
	for _, h := range p.Hosts {
		c[h] = m.choose(h, wanted)
	}
	return c
}

// takesFiles reports whether each connection to a host is an open file of the
// process. A ring of io_uring keeps its own.
func (c carriers) takesFiles(h *plan.Host) bool { return c[h].Transport != wire.IOUring }

// words say which hosts are carried by what: "host.a, host.b by io_uring".
func (c carriers) words(p *plan.Plan) string {
	var transports, parts []string
	by := map[string][]string{}
	for _, h := range p.Hosts {
		name := c[h].Transport
		if by[name] == nil {
			transports = append(transports, name)
		}
		by[name] = append(by[name], h.Address())
	}
	for _, name := range transports {
		parts = append(parts, someOf(by[name])+" by "+name)
	}
	return strings.Join(parts, "; ")
}

// someOf lists names, but only the first few of many.
func someOf(names []string) string {
	const most = 5
	if n := len(names) - most; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), n)
	}
	return strings.Join(names, ", ")
}

// transportFlag registers --transport.
func transportFlag(f *pflag.FlagSet, wanted *string) {
	f.StringVar(wanted, "transport", wire.Auto, "carry plain HTTP/1.1 over `HOW`: io_uring or epoll (Linux), std (goroutines), or auto, the best of them; TLS and HTTP/2 are always carried by std")
}

// checkTransport says why a transport that was asked for cannot be had, or
// nothing.
func (m machine) checkTransport(wanted string) string {
	known := []string{wire.Auto, wire.IOUring, wire.Epoll, wire.Goroutines}
	if !slices.Contains(known, wanted) {
		return fmt.Sprintf("there is no transport %q.%s Choose auto, io_uring, epoll or std.", wanted, didYouMean(wanted, known))
	}
	if err := m.refusal(wanted); err != nil {
		return fmt.Sprintf("--transport %s cannot be had: %v. Leave it out for the best there is here.", wanted, err)
	}
	return ""
}
