package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/spf13/pflag"

	"bossplan/cmd/bench/internal/raw"
	"bossplan/cmd/bench/internal/target"
)

// hidden finds the command that the benchmark calls itself with, in a process
// that is measured apart: the server, or the prototype of a client.
func hidden(args []string) func(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return nil
	}
	switch args[0] {
	case "target":
		return serveTarget
	case "raw":
		return runRaw
	}
	return nil
}

func serveTarget(_ context.Context, args []string) error {
	var o target.Options
	flags := pflag.NewFlagSet("target", pflag.ContinueOnError)
	flags.DurationVar(&o.Delay, "delay", 0, "from a request to its answer")
	flags.DurationVar(&o.StallAt, "stall-at", 0, "when it stalls, from the first request")
	flags.DurationVar(&o.StallFor, "stall-for", 0, "how long it stalls")
	flags.IntVar(&o.Log, "log", 0, "how many requests the log holds")
	flags.BoolVar(&o.TLS, "tls", false, "serve TLS")
	flags.BoolVar(&o.HTTP2, "http2", false, "serve HTTP/2 as well")
	flags.StringVar(&o.Cert, "cert", "", "certificate for TLS")
	flags.StringVar(&o.Key, "key", "", "its key")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return target.Serve(o, os.Stdin, os.Stdout)
}

func runRaw(ctx context.Context, args []string) error {
	flags := pflag.NewFlagSet("raw", pflag.ContinueOnError)
	connections := flags.Int("connections", 64, "how many")
	during := flags.Duration("duration", time.Second, "how long")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("raw: which address?")
	}
	return raw.Run(ctx, flags.Arg(0), *connections, *during)
}
