package planview

import (
	"strings"

	"bossplan/interp/wire"
	"bossplan/plan"
)

// A Lack is something that this machine lacks for the plan, and what to do about
// it, as the end of a sentence.
type Lack struct {
	plan.Lack
	Mend string
}

// transports say how each host is carried, and why, those alike together.
func (v *view) transports() {
	var ways []wire.Choice
	hosts := map[wire.Choice][]string{}
	for _, h := range v.plan.Hosts {
		way := v.carried[h]
		if hosts[way] == nil {
			ways = append(ways, way)
		}
		hosts[way] = append(hosts[way], h.Address())
	}
	v.b.WriteByte('\n')
	for _, way := range ways {
		v.text("Carried by %s: %s (%s).", way.Transport, strings.Join(hosts[way], ", "), way.Why)
	}
	for _, h := range v.plan.Hosts {
		if from := locals(h); len(from) > 0 {
			v.text("%s is reached from %s in turn.", h.Address(), strings.Join(from, ", "))
		}
	}
}

// locals are the addresses that connections to a host are made from, in the
// plan's order.
func locals(h *plan.Host) []string {
	list := []string{}
	for _, addr := range h.LocalAddresses {
		list = append(list, addr.String())
	}
	return list
}

// carriage is what connections to a host take.
func (o *Options) carriage(h *plan.Host) plan.Carriage {
	by := o.Carried[h].Transport
	c := plan.Carriage{Transport: by, Memory: connectionMemory(by, h.BaseURL.Scheme == "https"), Files: by != wire.IOUring}
	if h.BaseURL.Scheme == "https" {
		c.Transport += " with TLS"
	}
	return c
}

// connectionMemory is the resident memory of one connection that is idle
// between two requests, in bytes: measured on Linux/amd64 as what 8,000 users
// (4,000 with TLS) with a connection each took more than as many that shared 8,
// one request in 5 s.
func connectionMemory(transport string, secure bool) float64 {
	switch {
	case secure:
		return 40 << 10 // certificates, keys and buffers of records
	case transport == wire.IOUring:
		return 950
	case transport == wire.Epoll:
		return 600
	}
	return 2.1 * 1024
}
