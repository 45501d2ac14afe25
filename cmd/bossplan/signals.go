package main

import (
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// signals is what a person or a CI system wants while a run goes on: the first
// signal ends it in order, the second at once.
type signals struct {
	first, second chan struct{} // closed by them
	name          atomic.Value  // of the first, once there is one
	channel       chan os.Signal
}

func watchSignals() *signals {
	s := &signals{first: make(chan struct{}), second: make(chan struct{}), channel: make(chan os.Signal, 2)}
	signal.Notify(s.channel, os.Interrupt, syscall.SIGTERM)
	go func() {
		got, ok := <-s.channel
		if !ok {
			return
		}
		s.name.Store(signalName(got))
		close(s.first)
		if _, ok := <-s.channel; ok {
			close(s.second)
		}
	}()
	return s
}

func signalName(s os.Signal) string {
	if s == syscall.SIGTERM {
		return "SIGTERM"
	}
	return "SIGINT"
}

// caught is the name of the signal that came, or nothing.
func (s *signals) caught() string {
	name, _ := s.name.Load().(string)
	return name
}

func (s *signals) stop() {
	signal.Stop(s.channel)
	close(s.channel)
}
