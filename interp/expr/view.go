package expr

import "unsafe"

// The body of an answer is bytes that are used again for the next one, and
// values are strings. To copy each part that an expression looks at would cost
// more than to look at it; so a value may share the memory of the body. What
// outlives the evaluation, a Value, is cloned.

// share is b as a string in the same memory: of use until b changes.
func share(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// view is s as bytes in the same memory: never to be written to.
func view(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
