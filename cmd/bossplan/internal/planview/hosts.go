package planview

import (
	"fmt"
	"slices"
	"strings"

	"bossplan/plan"
	"bossplan/plan/quantity"
	"bossplan/reports/grid"
)

func (v *view) hosts() {
	v.heading("Hosts")
	g := grid.Grid{Columns: []grid.Column{
		{Title: "Host"}, {Title: "Base URL", Least: grid.Whole}, {Title: "Protocol", Least: grid.Whole},
		{Title: "Connections"}, {Title: "Timeout", Figure: true}, {Title: "Limit", Figure: true},
	}}
	for _, h := range v.plan.Hosts {
		connections, limit := "one per user", "–"
		if h.Connections > 0 {
			connections = quantity.FormatCount(int64(h.Connections)) + " shared"
		}
		if h.MaxRate > 0 {
			limit = quantity.FormatRate(h.MaxRate)
		}
		add(&g, h.Address(), h.BaseURL.String(), protocol(h), connections, quantity.FormatDuration(h.Timeout), limit)
	}
	v.render(g)
	v.transports()
}

// protocol is what requests are carried by.
func protocol(h *plan.Host) string {
	secure := h.BaseURL.Scheme == "https"
	switch {
	case h.HTTP == "auto" && secure:
		return "HTTP/2 or 1.1"
	case h.HTTP == "auto":
		return "HTTP/1.1"
	case h.HTTP == "2" && !secure:
		return "HTTP/2 clear"
	}
	return "HTTP/" + h.HTTP
}

// guards say what apply will ask for before it loads anything that they
// protect.
func (v *view) guards() {
	if len(v.plan.Guards) == 0 {
		return
	}
	v.heading("Guards")
	for _, g := range v.plan.Guards {
		v.item(g.Address()+"  ", "%s", strings.Join(g.Hosts, ", "))
		protects := v.protects(g)
		asks := GuardWords(g)
		if len(protects) == 0 {
			v.item("└─ ", "no host by its name; apply looks at resolved addresses and at redirects too")
			continue
		}
		var names []string
		for _, h := range protects {
			names = append(names, fmt.Sprintf("%s (%s)", h.Address(), h.BaseURL.Hostname()))
			if flag := "--confirm " + h.BaseURL.Hostname(); !slices.Contains(asks, flag) {
				asks = append([]string{flag}, asks...)
			}
		}
		v.item("├─ protects  ", "%s", strings.Join(names, ", "))
		v.item("└─ apply asks for  ", "%s", strings.Join(asks, ", "))
	}
}

// protects are the hosts in the plan that a guard applies to by name.
func (f *facts) protects(g *plan.Guard) []*plan.Host {
	var list []*plan.Host
	for _, h := range f.plan.Hosts {
		if slices.Contains(f.plan.GuardsOf(h), g) {
			list = append(list, h)
		}
	}
	return list
}

// GuardWords are what a guard asks of every run.
func GuardWords(g *plan.Guard) []string {
	var list []string
	for _, line := range g.Acknowledge {
		list = append(list, fmt.Sprintf("--ack %q", line))
	}
	if g.Window != nil {
		list = append(list, "a start between "+g.Window.Text)
	}
	if g.MaxUsers > 0 {
		list = append(list, "at most "+quantity.Counted(int64(g.MaxUsers), "user"))
	}
	if g.MaxRate > 0 {
		list = append(list, "at most "+quantity.FormatRate(g.MaxRate))
	}
	if g.Abort != nil {
		list = append(list, fmt.Sprintf("an end where %s is %s for %s", g.Abort.Metric, g.Abort.Bound.Text, quantity.FormatDuration(g.Abort.For)))
	}
	return list
}

// data says what rows there are, and whether they last.
func (v *view) data() {
	if len(v.plan.Data) == 0 {
		return
	}
	v.heading("Data")
	g := grid.Grid{Columns: []grid.Column{
		{Title: "Data"}, {Title: "Rows", Figure: true}, {Title: "Order", Least: grid.Whole}, {Title: "At the end", Least: grid.Whole},
		{Title: "Drawn", Figure: true}, {Title: "Enough", Least: 12},
	}}
	for i, d := range v.plan.Data {
		use := v.uses[i]
		rows := "fetched"
		if d.Table != nil {
			rows = quantity.FormatCount(int64(len(d.Table.Rows)))
		}
		add(&g, d.Address(), rows, string(d.Order), strings.ReplaceAll(string(d.OnEnd), "_", " "), quantity.FormatAbout(use.Iterations), enough(d, use))
	}
	v.render(g)
	v.b.WriteByte('\n')
	v.text("Drawn are the iterations that take a row if every answer takes %s. Fetched rows are counted when the run begins.", quantity.FormatDuration(v.Latency))
}

// enough says whether the rows last for what they are used for.
func enough(d *plan.Data, use plan.DataUse) string {
	switch rows := float64(tableRows(d)); {
	case !d.Unique():
		return "rows come again"
	case d.Table == nil:
		return "known at the start"
	case use.Users > rows:
		return fmt.Sprintf("no: %s users", quantity.FormatAbout(use.Users))
	case use.Iterations > rows:
		return "no: " + map[plan.OnEnd]string{plan.OnEndStopUser: "users stop", plan.OnEndFail: "requests fail"}[d.OnEnd]
	}
	return "yes"
}

func tableRows(d *plan.Data) int {
	if d.Table == nil {
		return 0
	}
	return len(d.Table.Rows)
}
