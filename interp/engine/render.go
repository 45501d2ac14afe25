package engine

import (
	"encoding/base64"
	"errors"
	"fmt"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/wire"
	"bossplan/plan"
)

// A renderer turns a compiled request into bytes for one user. It owns the
// buffers that are reused from request to request; one loop has one.
type renderer struct {
	buf     []byte
	targets []string // the last one of each request, by its number
}

// render fills the part of c's exchange that says what to send. An error is of
// kind "expression", names the plan's line, and means that nothing must be sent.
func (r *renderer) render(c *call, req *graph.Request, f *expr.Frame) *wire.Error {
	x := &c.exchange
	x.Method = req.Plan.Method
	if err := r.target(x, req, f); err != nil {
		return expressionError(err, req.Path)
	}
	for _, h := range req.Headers {
		value, ok, err := r.header(h, f)
		if err != nil {
			return expressionError(err, h.Value)
		}
		if ok {
			x.Headers = append(x.Headers, wire.Header{Name: h.Name, Value: value})
		}
	}
	switch {
	case req.Plan.Body.Kind == plan.BodyFile:
		x.Body = req.Plan.Body.Bytes
	case req.Parts != nil:
		return r.multipart(c, req, f)
	case req.Body != nil:
		body, err := req.Body.Append(c.room[:0], f)
		if err != nil {
			return expressionError(err, req.Body)
		}
		c.fill(body)
	case len(req.Form) > 0:
		body, err := appendFields(c.room[:0], req.Form, f)
		if err != nil {
			return expressionError(err, req.Form[0].Value)
		}
		c.fill(body)
	}
	return nil
}

// target writes base path, path and query.
func (r *renderer) target(x *wire.Exchange, req *graph.Request, f *expr.Frame) error {
	b := append(r.buf[:0], req.Prefix...)
	start := len(b)
	b, err := req.Path.Append(b, f)
	if err != nil {
		return err
	}
	if len(b) == start || b[start] != '/' {
		b = append(b, 0)
		copy(b[start+1:], b[start:])
		b[start] = '/'
	}
	if len(req.Query) > 0 {
		mark := len(b)
		b = append(b, separator(b[start:]))
		query := len(b)
		if b, err = appendFields(b, req.Query, f); err != nil {
			return err
		}
		if len(b) == query {
			b = b[:mark]
		}
	}
	r.buf = b
	x.Target = r.keep(req.Index, b)
	return nil
}

// keep is a target as a string. Most requests have the same one each time: then
// it is that of the last time, and nothing is allocated.
func (r *renderer) keep(request int, target []byte) string {
	if missing := request + 1 - len(r.targets); missing > 0 {
		r.targets = append(r.targets, make([]string, missing)...)
	}
	if last := r.targets[request]; last == string(target) {
		return last
	}
	r.targets[request] = string(target)
	return r.targets[request]
}

// separator is what comes between a path and a further query field.
func separator(path []byte) byte {
	for _, c := range path {
		if c == '?' {
			return '&'
		}
	}
	return '?'
}

// appendFields writes name=value pairs; a field whose value is null is left out.
func appendFields(b []byte, fields []graph.Field, f *expr.Frame) ([]byte, error) {
	start := len(b)
	for _, field := range fields {
		mark := len(b)
		if mark > start {
			b = append(b, '&')
		}
		b = append(append(b, field.Name...), '=')
		var err error
		if b, err = field.Value.Append(b, f); errors.Is(err, expr.ErrNull) {
			b = b[:mark]
		} else if err != nil {
			return b, err
		}
	}
	return b, nil
}

// header is a field's value; ok is false where it is null and so left out.
func (r *renderer) header(h graph.Header, f *expr.Frame) (value string, ok bool, err error) {
	if h.Value == nil {
		return h.Prefix, true, nil
	}
	b, err := h.Value.Append(r.buf[:0], f)
	if errors.Is(err, expr.ErrNull) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	if h.Password != nil {
		if b, err = h.Password.Append(append(b, ':'), f); err != nil && !errors.Is(err, expr.ErrNull) {
			return "", false, err
		}
		return h.Prefix + base64.StdEncoding.EncodeToString(b), true, nil
	}
	r.buf = b
	return h.Prefix + string(b), true, nil
}

// expressionError is what a failed program becomes in the record: the message
// is the same for every user, so that failures can be grouped.
func expressionError(err error, p *expr.Program) *wire.Error {
	rng := p.Range()
	message := err.Error()
	if errors.Is(err, expr.ErrNull) {
		message = fmt.Sprintf("%s:%d: the value is null, so nothing was sent", rng.Filename, rng.Start.Line)
	}
	return &wire.Error{Kind: "expression", Message: message}
}
