//go:build !linux

package process

import (
	"context"
	"time"
)

// A Process is a running program.
type Process struct{}

// Cores lists the cores that programs may run on.
func Cores() ([]int, error) { return nil, ErrSystem }

// Start runs a program.
func Start(context.Context, Command) (*Process, error) { return nil, ErrSystem }

// CPU is the time that the program used so far.
func (p *Process) CPU() (time.Duration, error) { return 0, ErrSystem }

// Memory is how many bytes of the program are resident now.
func (p *Process) Memory() (int64, error) { return 0, ErrSystem }

// Done is closed when the program has ended.
func (p *Process) Done() <-chan struct{} { return nil }

// Wait waits for the program's end.
func (p *Process) Wait() (Usage, error) { return Usage{}, ErrSystem }

// Kill ends the program.
func (p *Process) Kill() {}
