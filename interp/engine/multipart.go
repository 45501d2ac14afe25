package engine

import (
	"bytes"
	"slices"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/wire"
)

// multipart makes a body of several parts, and the header that tells their
// boundary. That is the same in every request as long as no part holds it.
func (r *renderer) multipart(c *call, req *graph.Request, f *expr.Frame) *wire.Error {
	contents, err := r.contents(req.Parts, f)
	if err != nil {
		return err
	}
	boundary := boundaryFor(req.Parts, contents)
	size := len(boundary) + 6
	for i, part := range req.Parts.List {
		size += len(part.Head) + len(contents[i]) + len(boundary) + 6
	}
	b := slices.Grow(c.room[:0], size)
	for i, part := range req.Parts.List {
		b = append(append(append(b, "--"...), boundary...), "\r\n"...)
		b = append(append(append(b, part.Head...), contents[i]...), "\r\n"...)
	}
	c.fill(append(append(append(b, "--"...), boundary...), "--\r\n"...))
	x := &c.exchange
	x.Headers = append(x.Headers, wire.Header{Name: "Content-Type", Value: "multipart/form-data; boundary=" + boundary})
	return nil
}

// contents are what the parts hold, those that are rendered in one buffer.
func (r *renderer) contents(parts *graph.Parts, f *expr.Frame) ([][]byte, *wire.Error) {
	buf := r.buf[:0]
	var ends []int
	for _, part := range parts.List {
		if part.Value != nil {
			var err error
			if buf, err = part.Value.Append(buf, f); err != nil {
				return nil, expressionError(err, part.Value)
			}
		}
		ends = append(ends, len(buf))
	}
	r.buf = buf
	contents := make([][]byte, len(parts.List))
	start := 0
	for i, part := range parts.List {
		contents[i] = part.Bytes
		if part.Value != nil {
			contents[i] = buf[start:ends[i]]
		}
		start = ends[i]
	}
	return contents, nil
}

// boundaryFor is the first boundary that no part holds.
func boundaryFor(parts *graph.Parts, contents [][]byte) string {
	for n := 0; ; n++ {
		boundary := parts.Boundary(n)
		holds := func(content []byte) bool { return bytes.Contains(content, []byte(boundary)) }
		if !slices.ContainsFunc(contents, holds) {
			return boundary
		}
	}
}
