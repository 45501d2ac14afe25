package plan

import (
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"bossplan/plan/quantity"
)

// shortestInterval keeps a probe from being load.
const shortestInterval = 100 * time.Millisecond

// A Probe is a server-side figure, sampled beside the load and never counted
// in it.
type Probe struct {
	Name         string
	Kind         string // "http"
	Host         *Host
	Path         string
	Method       string
	Headers      []Field // static
	Timeout      time.Duration
	ExpectStatus StatusSet
	Interval     time.Duration
	Gauges       []Gauge
	DeclRange    hcl.Range
}

// Address is the probe's name as references and records write it.
func (p *Probe) Address() string { return "probe." + p.Name }

// A Gauge is one value read from a probe's answer. Its expression may use
// response.status, .headers, .body, .json and .time.
type Gauge struct {
	Name      string
	Counter   bool // judged by its increase
	Value     Expression
	DeclRange hcl.Range
}

// decodeProbes decodes all probe blocks.
func (d *decoder) decodeProbes(blocks hcl.Blocks) {
	schema := d.schema.block("probe")
	each(blocks, schema.Name, func(hb *hcl.Block) {
		d.instances(hb, "probe.", func(name string, free bool) {
			p := &Probe{Name: name, DeclRange: hb.DefRange}
			if free {
				d.probes[name] = p
			}
			d.plan.Probes = append(d.plan.Probes, p)
			d.within(p.Address(), func() { d.open(hb, schema).probe(p) })
		})
	})
}

func (b *block) probe(p *Probe) {
	p.Kind, _ = b.text("kind")
	if attr := b.attrs["host"]; attr != nil {
		p.Host = b.hostReference(attr.Expr, "probe host")
	}
	var ok bool
	if p.Path, ok = b.text("path"); ok && !b.secret("path") {
		b.checkPath("path", p.Path)
	}
	p.Method = b.method("method")
	p.Headers = b.fields("headers", headerFields, spot{static: true})
	if p.Timeout, ok = b.span("timeout"); !ok && p.Host != nil {
		p.Timeout = p.Host.Timeout
	}
	p.ExpectStatus = b.statuses("expect_status")
	if p.Interval, ok = b.span("interval"); ok && p.Interval < shortestInterval {
		b.fail(b.at("interval"), "Invalid duration", "probe interval must be at least %s: a probe is sampled beside the load and must not become load itself.", quantity.FormatDuration(shortestInterval))
	}
	b.gauges(p)
}

// gauges decodes what is read from the answers.
func (b *block) gauges(p *Probe) {
	certain := true
	for _, hb := range b.blocks {
		schema := b.schema.block(hb.Type)
		certain = b.instances(hb, p.Address()+".", func(name string, _ bool) {
			g := Gauge{Name: name, Counter: hb.Type == "counter", DeclRange: hb.DefRange}
			b.within(p.Address()+"."+name, func() { g.Value = b.open(hb, schema).reading("value") })
			p.Gauges = append(p.Gauges, g)
		}) && certain
	}
	if len(p.Gauges) == 0 && certain {
		b.fail(&b.head, "Nothing to read", "probe %s has no gauge or counter blocks, so nothing would be read from its answers.", p.Name)
	}
}

// reading reads an expression that takes a number from an answer.
func (b *block) reading(name string) Expression {
	attr := b.attrs[name]
	if attr == nil {
		return Expression{}
	}
	what := b.what(name)
	g, ok := b.evaluate(attr.Expr, spot{what: what, static: true, answer: true})
	if !ok {
		return Expression{}
	}
	if g.IsNull() {
		b.fail(&g.at, "Missing value", "%s must not be null.", what)
		return Expression{}
	}
	if _, ok := b.as(g, cty.Number, what, "a number"); !ok {
		return Expression{}
	}
	return b.expression(attr.Expr)
}
