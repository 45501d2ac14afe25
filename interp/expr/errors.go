package expr

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
)

// An Error is a run-time failure of an expression, with the place in the plan
// that it comes from. It holds no values, so equal failures are equal strings
// and can be counted together; most are made when the program is compiled.
type Error struct {
	Range   hcl.Range
	Message string
}

// Error gives the place and the message: "plans/heavy.hcl:12,14-31: …".
func (e *Error) Error() string { return e.Range.String() + ": " + e.Message }

// Failures that know no place; the code that meets one gives it a range.
var (
	errNumber    = errors.New("a number is required")
	errBool      = errors.New("a bool is required; write true or false")
	errOperand   = errors.New("an operand is null")
	errArgument  = errors.New("an argument is null")
	errExcessive = errors.New("the number is out of range; it must be below 1e1233")
	errArguments = errors.New("there is nothing to choose from")
	errList      = errors.New("a list is required")
	errLarge     = errors.New("the result is larger than 16 MiB")
	errWhole     = errors.New("a whole number within 64 bits is required")
	errStructure = errors.New("a string is needed, but this is an object or a list; use jsonencode to make text of it")
	errHeader    = errors.New("a header value must not hold CR, LF or NUL")
)

// at gives err a place in the plan, unless it has one.
func at(err error, rng hcl.Range) error {
	var placed *Error
	if errors.As(err, &placed) {
		return err
	}
	return &Error{Range: rng, Message: err.Error()}
}

// first is the error that came first, for code that goes on after a failure.
func first(err, next error) error {
	if err != nil {
		return err
	}
	return next
}
