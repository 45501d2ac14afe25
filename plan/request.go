package plan

import (
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Request is one HTTP request of a user class: a choice by itself, or a step
// of a flow.
type Request struct {
	Class        *UserClass
	Flow         *Flow   // that it is a step of; of one that stands by itself a flow of its own
	Label        string  // the block's own label
	Name         string  // the row it is counted under; the label unless the plan says otherwise
	Weight       float64 // of one that stands by itself; see Flow.Weight
	Method       string
	Path         Expression // appended to the host's base URL
	Query        []Field
	Headers      []Field
	Body         Body
	ExpectStatus StatusSet
	Timeout      time.Duration // the host's where the plan gives none
	Tags         map[string]string
	Checks       []*Check
	Captures     []*Capture
	Pause        Wait       // in a flow: before the request
	When         Expression // in a flow: a condition without which it is passed over; unset: none
	Repeat       Expression // in a flow: how often it is sent in a row; unset: once
	DeclRange    hcl.Range
}

// Address is the request's name as references and records write it.
func (r *Request) Address() string {
	if r.Flow != nil && (r.Flow.Label != "" || r.Flow.Hook != HookNone) {
		return r.Flow.Address() + ".request." + r.Label
	}
	return r.Class.Address() + ".request." + r.Label
}

// BodyKind says how a request's body is made.
type BodyKind int

const (
	BodyNone      BodyKind = iota
	BodyText               // body = "…", sent as it is
	BodyJSON               // json = {…}, written as JSON
	BodyForm               // form = {…}, url-encoded
	BodyFile               // body_file = "…", the bytes of a file
	BodyMultipart          // multipart { … }, multipart/form-data
)

// Body is what a request sends after its headers.
type Body struct {
	Kind BodyKind
	Expr Expression // BodyText, BodyJSON
	Form []Field    // BodyForm

	Bytes []byte // BodyFile
	Parts []Part // BodyMultipart
}

// A Part is one field of a multipart body.
type Part struct {
	Name        string     // of the field
	Value       Expression // its text; unset: Bytes
	Bytes       []byte     // of a file that was read with the plan
	Filename    string     // as it is told to the server; empty: the part is no file
	ContentType string     // empty: text/plain for a value, application/octet-stream for a file
}

// A StatusRange is an inclusive range of HTTP status codes.
type StatusRange struct{ From, To int }

// A StatusSet is the set of codes that meet a request's expectation.
type StatusSet []StatusRange

// Contains reports whether code is in the set.
func (s StatusSet) Contains(code int) bool {
	for _, r := range s {
		if r.From <= code && code <= r.To {
			return true
		}
	}
	return false
}

// request decodes what a request says wherever it stands.
func (b *block) request(r *Request) {
	r.Method = b.method("method")
	r.Path = b.requestPath("path")
	r.Query = b.fields("query", plainFields, requestSpot())
	r.Headers = b.fields("headers", headerFields, requestSpot())
	r.Body = b.body()
	if r.Body.Kind == BodyMultipart {
		b.checkBoundary(r.Headers)
	}
	r.ExpectStatus = b.statuses("expect_status")
	var timed bool
	if r.Timeout, timed = b.span("timeout"); !timed && r.Class.Host != nil {
		r.Timeout = r.Class.Host.Timeout
	}
	if name, ok := b.text("name"); ok {
		r.Name = name
		if strings.TrimSpace(name) == "" || strings.ContainsAny(name, "\r\n\x00") {
			b.fail(b.at("name"), "Invalid name", "request name is a row of a table: it needs some text, in one line.")
		}
	}
	r.Tags = b.texts("tags")
	b.checks(r)
	b.captures(r)
}

// checkBoundary refuses a header that a multipart body brings with it, because
// only the program knows what separates the parts.
func (b *block) checkBoundary(headers []Field) {
	for _, h := range headers {
		if strings.EqualFold(h.Name, "Content-Type") {
			b.fail(&h.NameRange, "Header of a multipart body", "The Content-Type of a multipart body names the boundary between its parts, so it is made with them. Leave it out; that of one part is its content_type.")
		}
	}
}

// requestPath reads what comes after the host's base_url.
func (b *block) requestPath(name string) Expression {
	e, prefix, ok := b.template(name, requestSpot())
	if ok {
		b.checkPath(name, prefix)
	}
	return e
}

// checkPath looks at the beginning of a path, where it is known.
func (b *block) checkPath(name, prefix string) {
	switch {
	case strings.HasPrefix(prefix, "http://"), strings.HasPrefix(prefix, "https://"):
		b.fail(b.at(name), "Invalid path", "%s is a whole address; write only what comes after the host's base_url.", b.what(name))
	case prefix != "" && prefix[0] != '/' && prefix[0] != '?':
		b.fail(b.at(name), "Invalid path", "%s must begin with a slash: it is appended to the host's base_url.", b.what(name))
	case strings.Contains(prefix, "#"):
		b.fail(b.at(name), "Invalid path", "%s has a #: what follows it is never sent to a server. Write %%23 for the sign itself.", b.what(name))
	}
}

// body reads what is sent: in one of several forms, or nothing.
func (b *block) body() Body {
	given := ""
	for _, name := range []string{"body", "json", "form", "body_file", "multipart"} {
		switch {
		case b.has(name) && given != "":
			b.fail(b.at(name), "Two bodies", "request has both %s and %s; it can send one of them.", given, name)
		case b.has(name):
			given = name
		}
	}
	switch given {
	case "body":
		e, _, _ := b.template("body", requestSpot())
		return Body{Kind: BodyText, Expr: e}
	case "json":
		e, _ := b.anything("json", requestSpot())
		return Body{Kind: BodyJSON, Expr: e}
	case "form":
		return Body{Kind: BodyForm, Form: b.fields("form", plainFields, requestSpot())}
	case "body_file":
		_, src, _ := b.file("body_file")
		return Body{Kind: BodyFile, Bytes: src}
	case "multipart":
		return Body{Kind: BodyMultipart, Parts: b.parts("multipart")}
	}
	return Body{}
}
