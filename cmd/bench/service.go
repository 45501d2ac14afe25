package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"bossplan/cmd/bench/internal/arrival"
	"bossplan/cmd/bench/internal/process"
	"bossplan/cmd/bench/internal/target"
)

// A service is a target that runs as a process of its own.
type service struct {
	process *process.Process
	in      *os.File
	out     *os.File
	lines   *bufio.Scanner
	address string
}

// serve starts a target on the server's core.
func (l *lab) serve(o target.Options) (*service, error) {
	commands, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	out, answers, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, commands.Close(), in.Close())
	}
	s := &service{in: in, out: out, lines: bufio.NewScanner(out)}
	s.process, err = process.Start(l.ctx, process.Command{
		Path: l.self, Args: targetArgs(o), Core: l.serverCore, In: commands, Out: answers,
	})
	// The target has its own ends of the pipes. With these open too, nobody would
	// see that it has ended.
	if err := errors.Join(err, commands.Close(), answers.Close()); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	first, err := s.answer()
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.address = first.Address
	return s, nil
}

// targetArgs are the arguments of the hidden command that is a target.
func targetArgs(o target.Options) []string {
	return []string{
		"target", "--delay", o.Delay.String(), "--stall-at", o.StallAt.String(), "--stall-for", o.StallFor.String(),
		"--log", strconv.Itoa(o.Log), "--tls=" + strconv.FormatBool(o.TLS), "--http2=" + strconv.FormatBool(o.HTTP2),
		"--cert", o.Cert, "--key", o.Key,
	}
}

// ask sends a command and waits for its answer.
func (s *service) ask(command string) (target.Count, error) {
	if _, err := s.in.WriteString(command + "\n"); err != nil {
		return target.Count{}, fmt.Errorf("target: %w", err)
	}
	return s.answer()
}

func (s *service) answer() (c target.Count, err error) {
	// A target that does not answer at all is broken, or was stopped.
	if err := s.out.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return c, err
	}
	if !s.lines.Scan() {
		s.process.Kill()
		usage, _ := s.process.Wait()
		return c, fmt.Errorf("target ended: %s", usage.Err)
	}
	if err := json.Unmarshal(s.lines.Bytes(), &c); err != nil {
		return c, fmt.Errorf("target: %w", err)
	}
	if c.Error != "" {
		return c, fmt.Errorf("target: %s", c.Error)
	}
	return c, nil
}

// log takes the requests since the last reset, and when the server stalled.
func (s *service) log(path string) ([]arrival.Request, arrival.Stall, error) {
	c, err := s.ask("log " + path)
	if err != nil {
		return nil, arrival.Stall{}, err
	}
	stall := arrival.Stall{From: c.Stall[0], To: c.Stall[1]}
	if c.Unlogged > 0 {
		return nil, stall, fmt.Errorf("the target's log had no room for %d requests", c.Unlogged)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, stall, err
	}
	defer file.Close()
	list, err := arrival.Read(file)
	return list, stall, err
}

// stop ends the target, which may have ended already.
func (s *service) stop() error {
	err := s.in.Close()
	if s.process != nil {
		s.process.Kill()
		s.process.Wait()
	}
	return errors.Join(err, s.out.Close())
}
