package wire

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/wire/internal/port"
)

// A mapPort is an echoPort on which each address answers a dial in its way.
type mapPort struct {
	echoPort
	ways    map[string][]error // of the dials to an address, one after the other
	dialled []string
	told    []func()
}

// errDeaf is a dial that is never answered.
var errDeaf = errors.New("deaf")

func (p *mapPort) Dial(s *port.Socket, to netip.AddrPort, _ netip.Addr) {
	name := to.Addr().String()
	p.dialled = append(p.dialled, name)
	var err error
	if ways := p.ways[name]; len(ways) > 0 {
		err, p.ways[name] = ways[0], ways[1:]
	}
	if err != errDeaf {
		p.told = append(p.told, func() { s.Owner.Connected(err, p.now()) })
	}
}

func (p *mapPort) Wait(until time.Duration) {
	told := p.told
	p.told = nil
	if len(told) == 0 && len(p.sent) == 0 {
		time.Sleep(max(0, min(until-p.now(), time.Millisecond)))
	}
	for _, f := range told {
		f()
	}
	p.echoPort.Wait(until)
}

// TestFastAddresses: which of a host's addresses are tried, and what is said if
// none will do.
func TestFastAddresses(t *testing.T) {
	refused := os.NewSyscallError("connect", syscall.ECONNREFUSED)
	unreachable := os.NewSyscallError("connect", syscall.ENETUNREACH)
	const six, four, other = "::1", "127.0.0.1", "127.0.0.2"
	for name, c := range map[string]struct {
		addresses []string
		ways      map[string][]error
		limit     time.Duration
		want      string
		dialled   []string
		atLeast   time.Duration
	}{
		"the first":                   {[]string{six, four}, nil, time.Minute, "OK", []string{six}, 0},
		"refused by one":              {[]string{six, four}, map[string][]error{six: {refused}}, 0, "OK", []string{six, four}, 0},
		"refused by all":              {[]string{six, four, other}, map[string][]error{six: {unreachable}, four: {refused}, other: {refused}}, 0, "connect: network unreachable", []string{six, four, other}, 0},
		"deaf, and another family":    {[]string{six, four}, map[string][]error{six: {errDeaf}}, time.Minute, "OK", []string{six, four}, happy},
		"deaf, and no limit":          {[]string{six, four}, map[string][]error{six: {errDeaf}}, 0, "OK", []string{six, four}, happy},
		"slow, and the other refuses": {[]string{six, four}, map[string][]error{six: {errDeaf}, four: {refused}}, time.Minute, "OK", []string{six, four, six}, happy},
		"deaf, and one more":          {[]string{four, other}, map[string][]error{four: {errDeaf}}, 100 * time.Millisecond, "OK", []string{four, other}, 50 * time.Millisecond},
		"all deaf":                    {[]string{four, other}, map[string][]error{four: {errDeaf, errDeaf}, other: {errDeaf}}, 100 * time.Millisecond, "timeout: timed out connecting", []string{four, other}, 100 * time.Millisecond},
		"deaf, alone":                 {[]string{four}, map[string][]error{four: {errDeaf}}, 50 * time.Millisecond, "timeout: timed out connecting", []string{four}, 50 * time.Millisecond},
		"no local port":               {[]string{four}, map[string][]error{four: {os.NewSyscallError("connect", syscall.EADDRNOTAVAIL)}}, 0, "connect: no free local port: fewer connections, or more local addresses, are needed", []string{four}, 0},
		"a local address not our own": {[]string{four}, map[string][]error{four: {os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)}}, 0, "connect: one of local_addresses is no address of this machine", []string{four}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := &mapPort{echoPort: echoPort{epoch: time.Now(), answer: []byte(ok + "Content-Length: 0\r\n\r\n")}, ways: c.ways}
			f := newFast(p.epoch, p)
			defer f.Close()
			h := &Host{URL: &url.URL{Scheme: "http", Host: "several:80"}, ConnectTimeout: c.limit}
			conn := f.Open(h)
			host := f.hosts[h]
			for _, a := range c.addresses {
				host.addresses = append(host.addresses, netip.AddrPortFrom(netip.MustParseAddr(a), 80))
			}
			host.until = time.Hour
			x := do(t, f, conn, &Exchange{Method: "GET", Target: "/"})
			if got := result(x); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if diff := cmp.Diff(c.dialled, p.dialled); diff != "" {
				t.Error(diff)
			}
			if x.Connect < c.atLeast {
				t.Errorf("connecting took %v, want %v at least", x.Connect, c.atLeast)
			}
			if failed := x.Err != nil; failed == (host.until > 0) {
				t.Errorf("failed %v, but the addresses are known until %v", failed, host.until)
			}
		})
	}
}

// TestFastNames: names are resolved, and local addresses taken in turn.
func TestFastNames(t *testing.T) {
	seen := make(chan string, 100)
	s := serve(t, func(p *peer) {
		from, _, _ := net.SplitHostPort(p.conn.RemoteAddr().String())
		seen <- from
		answers(ok+"Content-Length: 2\r\n\r\nhi", false)(p)
	})
	_, number, _ := net.SplitHostPort(s.host.URL.Host)
	local := func(list ...string) (a []netip.Addr) {
		for _, l := range list {
			a = append(a, netip.MustParseAddr(l))
		}
		return a
	}
	for name, c := range map[string]struct {
		host  string
		local []netip.Addr
		want  string
		from  []string
	}{
		"localhost":         {"localhost:" + number, nil, "OK hi", []string{"127.0.0.1", "127.0.0.1"}},
		"an address":        {"127.0.0.1:" + number, nil, "OK hi", []string{"127.0.0.1", "127.0.0.1"}},
		"mapped":            {"[::ffff:127.0.0.1]:" + number, nil, "OK hi", []string{"127.0.0.1", "127.0.0.1"}},
		"from two in turn":  {"127.0.0.1:" + number, local("127.0.0.7", "127.0.0.8"), "OK hi", []string{"127.0.0.7", "127.0.0.8"}},
		"of another family": {"127.0.0.1:" + number, local("::1"), "connect: the host has no address of the same family (IPv4 or IPv6) as local_addresses", nil},
		"refused":           {"127.0.0.1:1", nil, "connect: connection refused", nil},
		"no such port":      {"127.0.0.1:70000", nil, "connect: cannot connect", nil},
		"an empty port":     {"127.0.0.1:", nil, "connect: connection refused", nil},
	} {
		for _, kind := range []string{IOUring, Epoll, Goroutines} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				if got := available(kind); got.Transport != kind {
					t.Skip(got.Why)
				}
				if name == "an empty port" {
					refuses(t, "127.0.0.1:80")
				}
				tr := opened(t, time.Now(), kind)
				defer tr.Close()
				h := &Host{URL: &url.URL{Scheme: "http", Host: c.host}, ConnectTimeout: 5 * time.Second, Local: c.local}
				var from []string
				for range 2 {
					x := do(t, tr, tr.Open(h), &Exchange{Method: "GET", Target: "/", KeepBody: true, Timeout: 5 * time.Second})
					if got := result(x); got != c.want {
						t.Errorf("got %q, want %q", got, c.want)
					}
					if x.Err == nil {
						from = append(from, <-seen)
					}
				}
				if diff := cmp.Diff(c.from, from); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// refuses skips a test where something listens at an address that the test takes
// for free.
func refuses(t *testing.T, address string) {
	c, err := net.DialTimeout("tcp", address, time.Second)
	if err == nil {
		_ = c.Close()
		t.Skip(address + " is in use")
	}
}
