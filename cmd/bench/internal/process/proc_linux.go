package process

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc, 1/USER_HZ, which is the same in all
// kernels that Go runs on.
const tick = 10 * time.Millisecond

// CPU is the time that the program used so far, with the children that it has.
func (p *Process) CPU() (time.Duration, error) {
	var sum time.Duration
	err := p.each(func(pid string) error {
		text, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
		if err != nil {
			return err
		}
		used, err := used(text)
		sum += used
		return err
	})
	return sum, err
}

// used reads the time that a process and the children that it waited for used:
// fields 14 to 17 of its stat. The name, field 2, may hold anything.
func used(stat []byte) (time.Duration, error) {
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const first = 14 - 3
	if len(fields) < first+4 {
		return 0, errors.New("/proc: a stat of too few fields")
	}
	var ticks int64
	for _, f := range fields[first : first+4] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}

// Memory is how many bytes of the program and its children are resident now.
func (p *Process) Memory() (int64, error) {
	var sum int64
	err := p.each(func(pid string) error {
		text, err := os.ReadFile(filepath.Join("/proc", pid, "statm"))
		if err != nil {
			return err
		}
		fields := strings.Fields(string(text))
		if len(fields) < 2 {
			return errors.New("/proc: a statm of too few fields")
		}
		pages, err := strconv.ParseInt(fields[1], 10, 64)
		sum += pages * int64(os.Getpagesize())
		return err
	})
	return sum, err
}

// each visits the program and its descendants. One that ended meanwhile is
// passed over.
func (p *Process) each(visit func(pid string) error) error {
	list := []string{strconv.Itoa(p.command.Process.Pid)}
	for i := 0; i < len(list); i++ {
		err := visit(list[i])
		if errors.Is(err, fs.ErrNotExist) && i > 0 {
			continue
		}
		if err != nil {
			return err
		}
		threads, err := filepath.Glob("/proc/" + list[i] + "/task/*/children")
		if err != nil {
			return err
		}
		for _, t := range threads {
			// A thread that has just ended has no children.
			children, _ := os.ReadFile(t)
			list = append(list, strings.Fields(string(children))...)
		}
	}
	return nil
}
