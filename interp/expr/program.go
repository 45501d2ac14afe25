package expr

// A Program is a compiled expression. It is read-only and may be used by many
// goroutines, each with a Frame of its own.
type Program struct{}
