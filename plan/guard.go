package plan

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A Guard protects targets from being loaded by mistake. It applies to a host
// whose name, or one of whose resolved addresses, matches a pattern.
type Guard struct {
	Name        string
	Hosts       []string    // patterns: names with *, addresses, or prefixes such as 10.0.0.0/8; lower case
	Window      *TimeWindow // nil: at any time
	Acknowledge []string    // lines that must be given
	MaxUsers    int         // users at the same time on a guarded host; 0: no limit
	MaxRate     float64     // requests a second on a guarded host; 0: no limit
	Abort       *GuardAbort // nil: none
	DeclRange   hcl.Range
}

// Address is the guard's name as references write it.
func (g *Guard) Address() string { return "guard." + g.Name }

// A GuardAbort stops the run where a bound has been broken for some time.
type GuardAbort struct {
	Metric Metric
	Bound  Bound
	For    time.Duration
	Window time.Duration // that is looked back on
	Range  hcl.Range
}

// decodeGuards decodes all guard blocks.
func (d *decoder) decodeGuards(blocks hcl.Blocks) {
	schema := d.schema.block("guard")
	each(blocks, schema.Name, func(hb *hcl.Block) {
		d.instances(hb, "guard.", func(name string, _ bool) {
			g := &Guard{Name: name, DeclRange: hb.DefRange}
			d.within(g.Address(), func() { d.open(hb, schema).guard(g) })
			d.plan.Guards = append(d.plan.Guards, g)
		})
	})
}

func (b *block) guard(g *Guard) {
	g.Hosts = b.hostPatterns("hosts")
	g.Window = b.timeWindow("window")
	g.Acknowledge = b.acknowledgements("acknowledge")
	users, _ := b.integer("max_users")
	g.MaxUsers = int(users)
	if rate, ok := b.rate("max_rate", false); ok {
		if g.MaxRate = rate; rate == 0 {
			b.fail(b.at("max_rate"), "Invalid rate", "guard max_rate must be greater than zero; leave it out for no limit.")
		}
	}
	for _, hb := range b.of("abort") {
		g.Abort = b.open(hb, b.schema.block("abort")).guardAbort(hb.DefRange)
	}
}

// acknowledgements reads the lines that the person who runs the plan must give.
func (b *block) acknowledgements(name string) []string {
	var list []string
	for _, line := range b.lines(name) {
		switch text := strings.TrimSpace(line.AsString()); {
		case text == "" || strings.ContainsFunc(text, unicode.IsControl):
			b.refuse(line, "Invalid line", "%s: %s is not one line of text.", b.what(name), line.show())
		case slices.Contains(list, text):
			b.refuse(line, "Line given twice", "%s has %s twice.", b.what(name), line.show())
		default:
			list = append(list, text)
		}
	}
	return list
}

// lines reads a list of texts.
func (b *block) lines(name string) []given {
	g, ok := b.get(name, cty.List(cty.String), "a list of texts")
	if !ok || !g.IsWhollyKnown() {
		return nil
	}
	if g.LengthInt() == 0 {
		b.fail(&g.at, "Empty list", "%s is empty. Leave it out, or say what is in it.", b.what(name))
	}
	var list []given
	for _, v := range g.AsValueSlice() {
		line := g
		if line.Value = v; v.IsNull() {
			b.fail(&g.at, "Missing value", "%s has null in it.", b.what(name))
			continue
		}
		list = append(list, line)
	}
	return list
}

// guardAbort reads what stops a run.
func (b *block) guardAbort(at hcl.Range) *GuardAbort {
	a := &GuardAbort{Range: at}
	measured := false
	if attr := b.attrs["metric"]; attr != nil {
		a.Metric, measured = b.metricReference(attr.Expr, "abort metric")
	}
	a.Bound, _ = b.bound("bound", a.Metric.Unit, measured)
	a.For, _ = b.span("for")
	a.Window = b.window("window")
	return a
}
