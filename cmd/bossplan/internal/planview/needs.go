package planview

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"bossplan/plan"
	"bossplan/plan/quantity"
)

// manyFiles is how many files a process may have open on many systems.
const manyFiles = 1024

// needs are what the load takes of the machine that makes it, and does to the
// hosts. They are reckoned from the plan alone, but for what this machine lacks.
func (v *view) needs() {
	v.heading("What it takes")
	v.connections()
	var parts []string
	for _, m := range v.need.Memory {
		text := fmt.Sprintf("%s for %s", quantity.FormatSize(m.Bytes), m.For)
		if m.Basis != "" {
			text += " (" + m.Basis + ")"
		}
		parts = append(parts, text)
	}
	v.item("Memory       ", "about %s: %s. Measured on Linux; what the kernel keeps for sockets comes on top.", quantity.FormatSize(v.need.Total()), strings.Join(parts, ", "))
	for i, w := range v.writes() {
		lead := "             "
		if i == 0 {
			lead = "Writes       "
		}
		v.item(lead, "%s", w.text())
	}
}

func (v *view) connections() {
	var parts []string
	for _, h := range v.need.Hosts {
		parts = append(parts, quantity.FormatNumber(h.Connections)+" to "+h.Host.Address())
	}
	if n := len(v.plan.Probes); n > 0 {
		parts = append(parts, quantity.FormatCount(int64(n))+" of probes")
	}
	if n := v.fetches(); n > 0 {
		parts = append(parts, quantity.FormatNumber(n)+" of fetched data")
	}
	text := "at most " + quantity.FormatNumber(v.need.Connections)
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	v.item("Connections  ", "%s.", text)
	if v.need.Files >= manyFiles && !v.lacksFiles() {
		v.item("             ", "%s of them are open files.%s", quantity.FormatNumber(v.need.Files), v.mayHave())
	}
	for _, l := range v.Lacks {
		v.item("Missing      ", "%s; %s.", l.Lack, l.Mend)
	}
}

func (v *view) lacksFiles() bool {
	return slices.ContainsFunc(v.Lacks, func(l Lack) bool { return !l.Ports })
}

// mayHave is a sentence on the limit of open files, where there is one.
func (v *view) mayHave() string {
	if v.Options.Files == 0 {
		return ""
	}
	return " This process may have " + quantity.FormatCount(int64(v.Options.Files)) + "."
}

// fetches are how many data are fetched.
func (f *facts) fetches() (n float64) {
	for _, d := range f.plan.Data {
		if d.Fetch != nil {
			n++
		}
	}
	return n
}

// A write is how often a host gets requests of a method that changes something,
// on_start and on_stop included.
type write struct {
	host              *plan.Host
	method            string
	fast, point, slow float64
}

func (w write) text() string {
	return fmt.Sprintf("%s gets about %s %s (%s to %s).", w.host.Address(), quantity.FormatAbout(w.point), w.method, quantity.FormatAbout(w.slow), quantity.FormatAbout(w.fast))
}

// writes are all of them, in the order of the hosts and of the methods.
func (f *facts) writes() []write {
	var list []write
	for _, h := range f.plan.Hosts {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			w := write{host: h, method: method, fast: f.written(&f.fast, h, method), point: f.written(&f.point, h, method), slow: f.written(&f.slow, h, method)}
			if w.fast > 0 {
				list = append(list, w)
			}
		}
	}
	return list
}

func (f *facts) written(e *plan.Estimate, h *plan.Host, method string) float64 {
	sum := 0.0
	for _, r := range slices.Concat(e.Requests, e.Hooks) {
		if r.Request.Class.Host == h && r.Request.Method == method {
			sum += r.Count
		}
	}
	if math.IsNaN(sum) {
		return 0
	}
	return sum
}
