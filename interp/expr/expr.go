// Package expr compiles run-time expressions to programs that append bytes.
//
// HCL's own evaluation costs microseconds and dozens of allocations a
// template, every time; a load generator evaluates the same few templates a
// hundred thousand times a second. So an expression is compiled once: what is
// static is folded to bytes, names are resolved to fields of a [Frame], and
// what is left appends to a buffer. A rare form that the compiler does not know
// falls back to HCL and gives the same bytes; a fuzz target holds the two
// against each other.
package expr

import (
	"errors"
	"math/rand/v2"
	"time"
)

// A Frame is what run-time names mean to one user at one moment. Programs read
// it and draw from Rand; it belongs to one goroutine.
type Frame struct {
	UserID    string     // user.id; where Scenario is set that is made of it and the index
	Scenario  string     // so that no user keeps its name: "main" and 17 make "main-17"
	UserIndex int64      // user.index
	UserClass string     // user.class
	Iteration int64      // iteration
	Rand      *rand.Rand // the user's own, seeded
	Now       func() time.Time

	Vars   []Value    // vars.NAME, as Names.Vars has them
	Data   []*Dataset // data.NAME, as Names.Data has them; shared and read-only
	Rows   []int32    // row.NAME: the row of each data that the iteration drew, none: below 0
	Answer *Answer    // response; nil before there is one
}

// An Encoding says where a program's text goes, and so what must be escaped.
type Encoding int

const (
	Plain  Encoding = iota // as it is: a body
	Path                   // bytes that no URL may hold are percent-encoded, "/" and "?" stay
	Query                  // encoded in full: a value of query or form
	Header                 // as it is; CR, LF and NUL are an error
	JSON                   // the value as JSON
)

// ErrNull is returned by a program whose value is null where text is wanted.
// A header is then left out; anywhere else the request must not be sent.
var ErrNull = errors.New("the value is null")
