package plan

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Request is one weighted HTTP request of a user class.
type Request struct {
	Class        *UserClass
	Label        string // the block's own label
	Name         string // the row it is counted under; the label unless the plan says otherwise
	Weight       float64
	Method       string
	Path         Expression // appended to the host's base URL
	Query        []Field
	Headers      []Field
	Body         Body
	ExpectStatus StatusSet
	Timeout      time.Duration // the host's where the plan gives none
	Tags         map[string]string
	DeclRange    hcl.Range
}

// Address is the request's name as references and records write it.
func (r *Request) Address() string {
	return r.Class.Address() + ".request." + r.Label
}

// Writes reports whether the method changes what it is sent to.
func (r *Request) Writes() bool {
	switch r.Method {
	case "POST", "PUT", "PATCH", "DELETE":
		return true
	}
	return false
}

// BodyKind says how a request's body is made.
type BodyKind int

const (
	BodyNone BodyKind = iota
	BodyText          // body = "…", sent as it is
	BodyJSON          // json = {…}, written as JSON
	BodyForm          // form = {…}, url-encoded
)

// Body is what a request sends after its headers.
type Body struct {
	Kind BodyKind
	Expr Expression // BodyText, BodyJSON
	Form []Field    // BodyForm
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
