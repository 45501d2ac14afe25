package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"bossplan/cmd/bossplan/internal/demo"
	"bossplan/plan"
)

// demoReady is how the service's first line begins; the address follows.
const demoReady = "The sample service listens on "

func (a *app) demo(args []string) int {
	f := a.flags("demo", "", "Serves the sample service: Boss Workflow's endpoints with a real database, pool and\ncache, seeded with tasks. Everything is gone when it ends.")
	listen := f.String("listen", "127.0.0.1:8000", "address to listen on; port 0 takes a free one")
	tasks := f.Int("tasks", 1000, "tasks to begin with")
	attached := f.Bool("attached", false, "end when standard input ends, and not by a signal")
	_ = f.MarkHidden("attached") // apply --demo uses it; the flag exists
	if code, ok := a.parse(f, args); !ok {
		return code
	}
	if f.NArg() > 0 {
		return a.usageError("demo takes no arguments, only flags.")
	}
	ctx, stop := demoContext(*attached)
	defer stop()
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return a.usageError("cannot listen on %s: %v. Choose another address with --listen, or port 0 for a free one.", *listen, err)
	}
	service, err := demo.New(ctx, demo.Options{Tasks: *tasks, Version: plan.Version})
	if err != nil {
		listener.Close()
		return a.internalError(err)
	}
	defer service.Close()
	fmt.Fprintf(a.stdout, "%shttp://%s\n", demoReady, listener.Addr())
	if err := demo.Serve(ctx, listener, service); err != nil {
		return a.internalError(err)
	}
	return exitPass
}

// demoContext ends with a signal, or with standard input: a service that runs
// for an apply must neither outlive it nor be stopped by the Ctrl-C that lets
// the load end in order.
func demoContext(attached bool) (context.Context, context.CancelFunc) {
	if !attached {
		return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	}
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return ctx, cancel
}

// startDemo runs the sample service as a process of its own, so that what the
// generator says of its own CPU and memory is about the generator.
func startDemo() (url string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, fmt.Errorf("cannot start the sample service: %w", err)
	}
	child := exec.Command(self, "demo", "--listen", "127.0.0.1:0", "--attached")
	child.Args[0] = os.Args[0]
	child.Stderr = os.Stderr
	stdin, err := child.StdinPipe()
	if err != nil {
		return "", nil, fmt.Errorf("cannot start the sample service: %w", err)
	}
	stdout, err := child.StdoutPipe()
	if err != nil {
		return "", nil, fmt.Errorf("cannot start the sample service: %w", err)
	}
	if err := child.Start(); err != nil {
		return "", nil, fmt.Errorf("cannot start the sample service: %w", err)
	}
	stop = func() {
		stdin.Close()
		_ = child.Wait() // it has no say in the verdict
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), demoReady)
	if err != nil || !ok {
		stop()
		return "", nil, fmt.Errorf("the sample service did not start (it said %q)", line)
	}
	return url, stop, nil
}
