package wire

import (
	"bytes"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"bossplan/interp/wire/internal/port"
)

// An echoPort is a port without a kernel: whatever is sent is answered in the
// same Wait. What a Fast costs over it is its own.
type echoPort struct {
	epoch         time.Time
	answer        []byte
	dialled, sent []*port.Socket
	told          []*port.Socket
}

func (p *echoPort) now() time.Duration { return time.Since(p.epoch) }

func (p *echoPort) Dial(s *port.Socket, _ netip.AddrPort, _ netip.Addr) {
	p.dialled = append(p.dialled, s)
}

func (p *echoPort) Send(s *port.Socket, b []byte) {
	s.Taken = len(b)
	p.sent = append(p.sent, s)
}

func (p *echoPort) Close(s *port.Socket) { s.Owner.Released() }
func (p *echoPort) Wake()                {}
func (p *echoPort) Shut()                {}

func (p *echoPort) Wait(time.Duration) {
	now := p.now()
	p.told = append(p.told[:0], p.dialled...)
	p.dialled = p.dialled[:0]
	for _, s := range p.told {
		s.Owner.Connected(nil, now)
	}
	p.told = append(p.told[:0], p.sent...)
	p.sent = p.sent[:0]
	for _, s := range p.told {
		s.SentAt = now
		s.Owner.Sent(nil)
		s.Owner.Received(p.answer, now)
	}
}

const plainAnswer = ok + "Content-Type: application/json\r\nDate: Wed, 25 Nov 2026 07:00:00 GMT\r\nServer: demo\r\n" +
	"Content-Length: 78\r\n\r\n" + `{"id":1234,"title":"write the benchmark","state":"open","owner":"0123456789a"}`

func plainExchange() *Exchange {
	return &Exchange{
		Method: "GET", Target: "/api/v1/items/1234?expand=true", Timeout: 10 * time.Second,
		Headers: []Header{{"Accept", "application/json"}, {"Authorization", "Bearer 0123456789abcdef0123456789abcdef"}, {"X-Tenant", "abc"}},
	}
}

// BenchmarkFast is what the transport itself costs: everything but the port.
func BenchmarkFast(b *testing.B) {
	epoch := time.Now()
	p := &echoPort{epoch: epoch, answer: []byte(plainAnswer)}
	f := newFast(epoch, p)
	defer f.Close()
	drive(b, f, &Host{URL: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}})
}

// BenchmarkTransports is an exchange over loopback, the server's part included.
func BenchmarkTransports(b *testing.B) {
	for _, kind := range []string{IOUring, Epoll, Goroutines} {
		b.Run(kind, func(b *testing.B) {
			if got := available(kind); got.Transport != kind {
				b.Skip(got.Why)
			}
			tr := opened(b, time.Now(), kind)
			defer tr.Close()
			drive(b, tr, rawServer(b))
		})
	}
}

// drive carries b.N exchanges over 64 connections.
func drive(b *testing.B, tr Transport, h *Host) {
	for range 64 {
		x := plainExchange()
		x.Owner = tr.Open(h)
		tr.Start(x.Owner.(Conn), x)
	}
	var done []*Exchange
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += len(done) {
		done = tr.Wait(done[:0], time.Hour)
		for _, x := range done {
			if x.Err != nil || x.Status != http.StatusOK {
				b.Fatal(result(x))
			}
			tr.Start(x.Owner.(Conn), x)
		}
	}
}

// rawServer answers each request with the same bytes, and does as little else as
// it can.
func rawServer(t testing.TB) *Host {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	answer := []byte(plainAnswer)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				buf := make([]byte, 4<<10)
				for {
					n, err := c.Read(buf)
					if err != nil {
						return
					}
					if bytes.HasSuffix(buf[:n], []byte("\r\n\r\n")) {
						if _, err := c.Write(answer); err != nil {
							return
						}
					}
				}
			}()
		}
	}()
	return &Host{URL: &url.URL{Scheme: "http", Host: l.Addr().String()}, ConnectTimeout: 5 * time.Second}
}
