package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"bossplan/plan/quantity"
)

// A Machine is what the machine that makes the load has for its connections. It
// is told and never looked at here, so that a plan is reckoned the same wherever
// that is done.
type Machine struct {
	Ports int // local ports for connections from one address to one target; 0: as many as Linux has unless told otherwise
	Files int // that the process may have open; 0: as many as it wants
}

// usualPorts are the local ports that Linux takes connections from, unless
// net.ipv4.ip_local_port_range says otherwise.
const usualPorts = 28232

// otherFiles are what the process may have open besides its connections; where
// little may be open it makes do with leastFiles.
const (
	otherFiles = 100
	leastFiles = 20
)

// ports are the machine's local ports.
func (m Machine) ports() int {
	if m.Ports > 0 {
		return m.Ports
	}
	return usualPorts
}

// others are the files that are to be kept for other things than connections.
func (m Machine) others() float64 {
	return float64(max(leastFiles, min(otherFiles, m.Files/3)))
}

// A Lack is something of which there is less than a plan's connections need.
type Lack struct {
	Ports  bool    // local ports for one target; else open files
	Hosts  []*Host // whose connections they are
	Target string  // of local ports: the name and port that they are for
	Needed float64 // at most
	Sure   float64 // whatever answers come
	There  float64
}

// Certain reports whether it is lacking whatever answers come.
func (l Lack) Certain() bool { return l.Sure > l.There }

// String says what is lacking, as a sentence without its stop.
func (l Lack) String() string {
	needed, there := quantity.FormatNumber(l.Needed), quantity.FormatNumber(l.There)
	switch {
	case !l.Certain():
		needed = "up to " + needed
	case l.Sure < l.Needed:
		needed = quantity.FormatNumber(l.Sure) + " to " + needed
	}
	if !l.Ports {
		return fmt.Sprintf("the connections need %s open files, and the process may have %s", needed, there)
	}
	from := "one address"
	if n := len(l.Hosts[0].LocalAddresses); n > 1 {
		from = fmt.Sprintf("its %d local_addresses", n)
	}
	need := "needs"
	if len(l.Hosts) > 1 {
		need = "need"
	}
	return fmt.Sprintf("%s %s %s connections to %s, and from %s there are local ports for %s", list(addressesOf(l.Hosts)), need, needed, l.Target, from, there)
}

// Mend says what to do about it, as the end of a sentence.
func (l Lack) Mend() string {
	if !l.Ports {
		return "raise the hard limit (ulimit -Hn) or let users share connections"
	}
	have := max(1, len(l.Hosts[0].LocalAddresses))
	need := math.Ceil(l.Needed / (l.There / float64(have)))
	return fmt.Sprintf("give it %s local_addresses, let users share connections, or widen net.ipv4.ip_local_port_range", quantity.FormatNumber(need))
}

func addressesOf(hosts []*Host) []string {
	var names []string
	for _, h := range hosts {
		names = append(names, h.Address())
	}
	return names
}

// Lacks are what a machine lacks for the plan: local ports first, then open
// files, of which each connection to a host that counts takes one.
func (p *Plan) Lacks(m Machine, counts func(*Host) bool) []Lack {
	list, of := p.targets(m)
	files := len(list)
	list = append(list, Lack{Hosts: p.Hosts, There: float64(m.Files)})
	counted := map[*Host]bool{}
	for _, h := range p.Hosts {
		counted[h] = counts(h)
	}
	open := func(e *Estimate, take func(l *Lack, n float64)) {
		e.peaks(func(at map[*Host]HostLoad) {
			sums := make([]float64, len(list))
			for h, i := range of {
				n := h.shared(at[h].Users)
				if sums[i] += n; counted[h] {
					sums[files] += n
				}
			}
			for i, n := range sums {
				take(&list[i], n)
			}
		})
	}
	fast, slow := p.count(0, likely), p.count(longest, likely)
	open(&fast, func(l *Lack, n float64) { l.Sure = max(l.Sure, n) })
	open(&slow, func(l *Lack, n float64) { l.Needed = max(l.Needed, n, l.Sure) })
	others := m.others() + float64(len(p.Probes)+p.fetched())
	list[files].Sure += others
	list[files].Needed += others
	return slices.DeleteFunc(list, func(l Lack) bool { return l.Needed <= l.There || !l.Ports && m.Files == 0 })
}

// targets are the hosts by where they point and which addresses they are
// reached from, since those of one target share its ports; and for each host
// which of them it is.
func (p *Plan) targets(m Machine) (list []Lack, of map[*Host]int) {
	of = map[*Host]int{}
	at := map[string]int{}
	for _, h := range p.Hosts {
		key := target(h) + " " + strings.Join(h.localTexts(), " ")
		i, known := at[key]
		if !known {
			i = len(list)
			at[key] = i
			list = append(list, Lack{Ports: true, Target: target(h), There: float64(m.ports() * max(1, len(h.LocalAddresses)))})
		}
		list[i].Hosts = append(list[i].Hosts, h)
		of[h] = i
	}
	return list, of
}

// shared is how many connections to the host so many users have.
func (h *Host) shared(users float64) float64 {
	if n := math.Ceil(users); h.Connections == 0 || n < float64(h.Connections) {
		return n
	}
	return float64(h.Connections)
}
