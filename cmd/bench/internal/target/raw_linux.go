package target

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"bossplan/cmd/bench/internal/arrival"
)

const (
	events  = 512
	readMax = 64 << 10
	// Most pipelined requests of one read that are answered with one write.
	batch = 16
)

// raw is the whole server: one loop on one thread, so nothing is locked.
type raw struct {
	Options
	epoll, listener, input int
	out                    io.Writer

	conns   []conn // by descriptor
	waiting queue
	log     journal
	counted Count
	stall   struct{ from, to int64 }

	answers []byte // batch of them
	size    int    // of one
	in      []byte
	pending []byte // of a command line
	began   time.Time
}

// A conn is what is known of a connection between two reads.
type conn struct {
	open    bool
	matched uint8  // how much of the blank line that ends a request was seen
	birth   uint32 // tells it from an earlier one with the same descriptor
}

func serveRaw(o Options, in *os.File, out io.Writer) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// A timer may be this late, and the kernel makes use of it: 50 µs by default.
	if err := unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("timer slack: %w", err)
	}
	s := &raw{Options: o, out: out, input: int(in.Fd()), in: make([]byte, readMax), began: time.Now()}
	one := answer()
	s.answers, s.size = bytes.Repeat(one, batch), len(one)
	s.log.entries = make([]arrival.Request, 0, o.Log)
	if err := s.listen(); err != nil {
		return err
	}
	return s.loop()
}

// listen opens a free port and says which.
func (s *raw) listen() (err error) {
	if s.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	if s.listener, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0); err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	if err := unix.Bind(s.listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	if err := unix.Listen(s.listener, 1<<16-1); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	name, err := unix.Getsockname(s.listener)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	for _, fd := range []int{s.listener, s.input} {
		if err := s.watch(fd); err != nil {
			return err
		}
	}
	address := fmt.Sprintf("127.0.0.1:%d", name.(*unix.SockaddrInet4).Port)
	return json.NewEncoder(s.out).Encode(Count{Address: address})
}

func (s *raw) watch(fd int) error {
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}
	if err := unix.EpollCtl(s.epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	return nil
}

func (s *raw) loop() error {
	ready := make([]unix.EpollEvent, events)
	for {
		n, err := s.wait(ready)
		if err != nil {
			return fmt.Errorf("epoll: %w", err)
		}
		for _, event := range ready[:n] {
			switch fd := int(event.Fd); fd {
			case s.listener:
				err = s.accept()
			case s.input:
				err = s.command()
			default:
				s.read(fd)
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
		}
		s.release()
	}
}

// wait asks first without waiting: a call that cannot block need not be
// announced to Go's scheduler, which costs more than the call.
func (s *raw) wait(ready []unix.EpollEvent) (int, error) {
	var none unix.Timespec
	first := uintptr(unsafe.Pointer(&ready[0]))
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT2, uintptr(s.epoll), first, uintptr(len(ready)), uintptr(unsafe.Pointer(&none)), 0, 0)
	if errno == 0 && n > 0 {
		return int(n), nil
	}
	var until unsafe.Pointer
	if due, ok := s.waiting.next(); ok {
		limit := unix.NsecToTimespec(max(due-s.now(), 0))
		until = unsafe.Pointer(&limit)
	}
	n, _, errno = unix.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(s.epoll), first, uintptr(len(ready)), uintptr(until), 0, 0)
	if errno == unix.EINTR {
		return 0, nil
	}
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

func (s *raw) accept() error {
	for range events {
		fd, _, err := unix.Accept4(s.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return nil
		case errors.Is(err, unix.ECONNABORTED), errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return fmt.Errorf("accept, with %d connections open: %w", s.counted.Open, err)
		}
		// Without it a second answer may wait for the client's acknowledgement.
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
			return fmt.Errorf("TCP_NODELAY: %w", err)
		}
		for len(s.conns) <= fd {
			s.conns = append(s.conns, conn{})
		}
		s.conns[fd] = conn{open: true, birth: s.conns[fd].birth + 1}
		s.counted.Open++
		s.counted.Accepted++
		if err := s.watch(fd); err != nil {
			return err
		}
	}
	return nil
}

// read takes what a connection has and answers the requests that end in it.
func (s *raw) read(fd int) {
	n, _, errno := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&s.in[0])), readMax, 0, 0, 0)
	switch {
	case errno == unix.EAGAIN || errno == unix.EINTR:
		return
	case errno != 0 || n == 0:
		s.drop(fd)
		return
	}
	requests := s.conns[fd].ends(s.in[:n])
	if requests == 0 {
		return
	}
	s.counted.Requests += int64(requests)
	if s.Delay == 0 && s.StallFor == 0 && s.Log == 0 {
		s.write(fd, requests)
		return
	}
	s.receive(fd, requests, s.now())
}

// ends counts the requests that end in b. None has a body.
func (c *conn) ends(b []byte) (n int) {
	if c.matched == 0 && bytes.HasSuffix(b, []byte("\r\n\r\n")) && bytes.Count(b, []byte("\r\n\r\n")) == 1 {
		return 1
	}
	const line = "\r\n\r\n"
	for _, x := range b {
		switch {
		case x == line[c.matched]:
			c.matched++
		case x == '\r':
			c.matched = 1
		default:
			c.matched = 0
		}
		if int(c.matched) == len(line) {
			c.matched = 0
			n++
		}
	}
	return n
}

// receive notes requests and has them wait until their answers are due.
func (s *raw) receive(fd, requests int, at int64) {
	if s.StallFor > 0 && s.stall.to == 0 {
		s.stall.from = at + int64(s.StallAt)
		s.stall.to = s.stall.from + int64(s.StallFor)
	}
	due := at + int64(s.Delay)
	if due >= s.stall.from && due < s.stall.to {
		due = s.stall.to
	}
	for range requests {
		number := -1
		if s.Log > 0 {
			number = s.log.add(at)
		}
		if due <= at {
			s.write(fd, 1)
			s.log.answered(number, s.now())
			continue
		}
		s.waiting.add(waiter{due: due, fd: fd, birth: s.conns[fd].birth, number: number})
	}
}

// release answers what is due.
func (s *raw) release() {
	due, ok := s.waiting.next()
	if !ok {
		return
	}
	for at := s.now(); ok && due <= at; due, ok = s.waiting.next() {
		p := s.waiting.take()
		if c := s.conns[p.fd]; c.open && c.birth == p.birth {
			s.write(p.fd, 1)
			s.log.answered(p.number, s.now())
		}
	}
}

// write sends answers. A client that leaves no room for 200 bytes does not
// read, and is let go.
func (s *raw) write(fd, answers int) {
	for answers > 0 && s.conns[fd].open {
		k := min(answers, batch)
		n, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&s.answers[0])), uintptr(k*s.size), unix.MSG_NOSIGNAL, 0, 0)
		if errno != 0 || int(n) != k*s.size {
			s.drop(fd)
		}
		answers -= k
	}
}

func (s *raw) drop(fd int) {
	if s.conns[fd].open {
		s.conns[fd].open = false
		s.counted.Open--
		unix.Close(fd)
	}
}

// command carries out the lines that came; io.EOF at the end of them.
func (s *raw) command() error {
	n, err := unix.Read(s.input, s.in)
	switch {
	case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
		return nil
	case err != nil:
		return fmt.Errorf("commands: %w", err)
	case n <= 0:
		return io.EOF
	}
	s.pending = append(s.pending, s.in[:n]...)
	for {
		line, rest, ok := bytes.Cut(s.pending, []byte("\n"))
		if !ok {
			return nil
		}
		if err := obey(s, string(line), s.out); err != nil {
			return err
		}
		s.pending = rest
	}
}

func (s *raw) count() Count {
	c := s.counted
	c.Unlogged = s.log.unlogged
	c.Stall = [2]int64{s.stall.from, s.stall.to}
	return c
}

// reset also forgets answers that still wait: their clients have ended.
func (s *raw) reset() {
	s.counted.Requests, s.counted.Accepted = 0, 0
	s.stall.from, s.stall.to = 0, 0
	s.waiting = queue{}
	s.log.clear()
}

func (s *raw) writeLog(path string) error { return s.log.write(path) }

// now is the time since the server began, in ns.
func (s *raw) now() int64 { return int64(time.Since(s.began)) }
