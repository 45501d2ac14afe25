package graph

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bossplan/interp/expr"
	"bossplan/plan"
)

// request compiles everything about a request that varies while users run.
func (c *compiler) request(class *Class, p *plan.Request) *Request {
	c.names, c.rows = class.Names, nil
	r := &Request{
		Plan:   p,
		Class:  class,
		Host:   class.Host,
		Prefix: strings.TrimRight(class.Host.Plan.BaseURL.EscapedPath(), "/"),
		Path:   c.program(p.Path, expr.Path),
		Query:  c.fields(p.Query),
	}
	r.Headers = c.headers(p)
	switch p.Body.Kind {
	case plan.BodyText:
		r.Body = c.program(p.Body.Expr, expr.Plain)
	case plan.BodyJSON:
		r.Body = c.program(p.Body.Expr, expr.JSON)
	case plan.BodyForm:
		r.Form = c.fields(p.Body.Form)
	case plan.BodyMultipart:
		r.Parts = c.parts(p)
	}
	c.answer(r)
	slices.Sort(c.rows)
	r.Rows = slices.Compact(c.rows)
	return r
}

// headers merges the fields of host, class and request, the nearest to the
// request winning, without regard to case; a static null removes a field.
func (c *compiler) headers(p *plan.Request) []Header {
	var list []Header
	places := map[string]int{}
	set := func(h Header) {
		h.Name = http.CanonicalHeaderKey(h.Name)
		if at, before := places[h.Name]; before {
			list[at].Name = "" // taken out below
		}
		places[h.Name] = len(list)
		if h.Value != nil && h.Value.IsNull() {
			h.Name = ""
		}
		list = append(list, h)
	}
	switch p.Body.Kind {
	case plan.BodyJSON:
		set(c.constant("Content-Type", "application/json"))
	case plan.BodyForm:
		set(c.constant("Content-Type", "application/x-www-form-urlencoded"))
	case plan.BodyFile:
		set(c.constant("Content-Type", "application/octet-stream"))
	}
	host := p.Class.Host
	if host.Auth.Bearer.IsSet() {
		set(Header{Name: "Authorization", Value: c.program(host.Auth.Bearer, expr.Header), Prefix: "Bearer "})
	}
	if host.Auth.Username.IsSet() {
		set(Header{
			Name: "Authorization", Prefix: "Basic ",
			Value: c.program(host.Auth.Username, expr.Plain), Password: c.program(host.Auth.Password, expr.Plain),
		})
	}
	for _, fields := range [][]plan.Field{host.Headers, p.Class.Headers, p.Headers} {
		for _, f := range fields {
			set(Header{Name: f.Name, Value: c.program(f.Value, expr.Header)})
		}
	}
	if p.Body.Kind == plan.BodyMultipart {
		// Its boundary is chosen when the body is made; see Parts.
		list = slices.DeleteFunc(list, func(h Header) bool { return h.Name == "Content-Type" })
	}
	list = slices.DeleteFunc(list, func(h Header) bool { return h.Name == "" })
	for i := range list {
		list[i].fold()
	}
	return list
}

// fold makes a header that is the same in every request plain text, so that it
// costs nothing when one is sent.
func (h *Header) fold() {
	if h.Value == nil || h.Password != nil {
		return
	}
	if text, ok := h.Value.Static(); ok && !h.Value.IsNull() {
		h.Prefix, h.Value = h.Prefix+string(text), nil
	}
}

// constant is a header of ours that the plan may still replace.
func (c *compiler) constant(name, value string) Header {
	return Header{Name: name, Prefix: value}
}

func (c *compiler) fields(fields []plan.Field) []Field {
	var out []Field
	for _, f := range fields {
		program := c.program(f.Value, expr.Query)
		if program.IsNull() {
			continue
		}
		name := strings.ReplaceAll(url.QueryEscape(f.Name), "+", "%20")
		out = append(out, Field{Name: name, Value: program})
	}
	return out
}

// program compiles one expression; where that fails it is an empty one, and the
// diagnostics keep it from being run.
func (c *compiler) program(e plan.Expression, enc expr.Encoding) *expr.Program {
	p, diags := c.names.Compile(e, enc)
	c.diags = append(c.diags, diags...)
	if diags.HasErrors() {
		return &expr.Program{}
	}
	c.note(e, p.Rows())
	if p.Interpreted() {
		c.interpreted(e)
	}
	return p
}

// evaluator is program for an expression whose value is looked at and not sent;
// nil where there is none.
func (c *compiler) evaluator(e plan.Expression) *expr.Evaluator {
	if !e.IsSet() {
		return nil
	}
	ev, diags := c.names.Evaluator(e)
	c.diags = append(c.diags, diags...)
	if diags.HasErrors() {
		return nil
	}
	c.note(e, ev.Rows())
	if ev.Interpreted() {
		c.interpreted(e)
	}
	return ev
}

// interpreted notes an expression that is left to HCL.
func (c *compiler) interpreted(e plan.Expression) {
	rng := e.Range()
	place := fmt.Sprintf("%s:%d", rng.Filename, rng.Start.Line)
	if !slices.Contains(c.graph.Interpreted, place) {
		c.graph.Interpreted = append(c.graph.Interpreted, place)
	}
}
