package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A Process is a running program, of which there is one user at a time.
type Process struct {
	command  *exec.Cmd
	out, err tail
	began    time.Time
	done     chan struct{}
	usage    Usage
	failed   error
	cancel   context.CancelFunc
}

// Cores lists the cores that programs may run on.
func Cores() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, fmt.Errorf("cores: %w", err)
	}
	var cores []int
	for i := range len(set) * 64 {
		if set.IsSet(i) {
			cores = append(cores, i)
		}
	}
	return cores, nil
}

// Start runs a program until it ends, its limit is over or the context done.
func Start(ctx context.Context, c Command) (*Process, error) {
	cancel := context.CancelFunc(func() {})
	if c.Limit > 0 {
		ctx, cancel = context.WithTimeoutCause(ctx, c.Limit, fmt.Errorf("not done after %v", c.Limit))
	}
	p := &Process{done: make(chan struct{}), cancel: cancel}
	p.command = exec.CommandContext(ctx, c.Path, c.Args...)
	p.command.Env = append(os.Environ(), c.Env...)
	p.command.Dir, p.command.Stdin = c.Dir, c.In
	if c.In == nil {
		p.command.Stdin = strings.NewReader(c.Text)
	}
	p.command.Stdout, p.command.Stderr = &p.out, &p.err
	if c.Out != nil {
		p.command.Stdout = c.Out
	}
	// A group of its own, so that Ctrl-C reaches the benchmark alone, which then
	// ends the whole group.
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	p.command.Cancel = func() error { return unix.Kill(-p.command.Process.Pid, unix.SIGKILL) }
	p.command.WaitDelay = 5 * time.Second
	p.began = time.Now()
	if err := onCore(c.Core, p.command.Start); err != nil {
		cancel()
		return nil, fmt.Errorf("%s: %w", c.Path, err)
	}
	go p.wait(ctx)
	return p, nil
}

// onCore starts a child from a thread that is bound to a core; the child and
// its threads are then bound to it too.
func onCore(core int, start func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	one.Set(core)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return fmt.Errorf("core %d: %w", core, err)
	}
	return errors.Join(start(), unix.SchedSetaffinity(0, &before))
}

func (p *Process) wait(ctx context.Context) {
	defer close(p.done)
	defer p.cancel()
	err := p.command.Wait()
	p.usage = Usage{Wall: time.Since(p.began), Out: p.out.kept, Err: p.err.kept, Code: -1}
	if state := p.command.ProcessState; state != nil {
		p.usage.CPU = state.UserTime() + state.SystemTime()
		p.usage.Code = state.ExitCode()
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil && err != nil:
		p.failed = context.Cause(ctx)
	case err != nil && !errors.As(err, &exit):
		p.failed = err
	}
}

// Done is closed when the program has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Wait waits for the program's end. An exit code other than 0 is no error here.
func (p *Process) Wait() (Usage, error) {
	<-p.done
	return p.usage, p.failed
}

// Kill ends the program and its children.
func (p *Process) Kill() {
	select {
	case <-p.done:
	default:
		// It may have ended just now, which is as good.
		_ = unix.Kill(-p.command.Process.Pid, unix.SIGKILL)
	}
}
