package engine

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"bossplan/interp/expr"
	"bossplan/interp/record"
	"bossplan/interp/wire"
)

// A nullTransport answers everything at once and for nothing, so that what is
// left is the engine's own cost.
type nullTransport struct {
	epoch time.Time
	at    time.Duration
	done  []*wire.Exchange
	wake  chan struct{}
}

func newNullTransport(epoch time.Time) (Transport, error) {
	return &nullTransport{epoch: epoch, wake: make(chan struct{}, 1)}, nil
}

func (n *nullTransport) Open(*wire.Host) wire.Conn { return fakeConn{} }

func (n *nullTransport) Start(_ wire.Conn, x *wire.Exchange) {
	x.Outcome = wire.Outcome{Begun: n.at, Connect: -1, TLS: -1, Sent: n.at, Status: 200, BytesSent: 100, BytesReceived: 300}
	n.done = append(n.done, x)
}

func (n *nullTransport) Wait(done []*wire.Exchange, until time.Duration) []*wire.Exchange {
	n.at = time.Since(n.epoch)
	if len(n.done) == 0 && n.at < until {
		select {
		case <-n.wake:
		case <-time.After(until - n.at):
		}
		n.at = time.Since(n.epoch)
	}
	for _, x := range n.done {
		x.FirstByte, x.Done = n.at, n.at
	}
	done = append(done, n.done...)
	n.done = n.done[:0]
	return done
}

func (n *nullTransport) Wake() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *nullTransport) Close() {}

// BenchmarkEngine is what a request costs in the engine: choosing and rendering
// it, its timers, and what is written down of it. One loop is kept saturated: the
// waits and rates are such that it is always late. With waits every user goes
// through the timers, without them none does. Start and end are in it.
func BenchmarkEngine(b *testing.B) {
	class := `
  host = host.api
  request "list" {
    path   = "/api/tasks"
    weight = 3
    headers = { Accept = "application/json" }
  }
  request "create" {
    method = "POST"
    path   = "/api/tasks"
    json   = { title = "task ${iteration}", user = user.index }
  }
`
	thresholds := `
threshold "p95" {
  metric = metric.response_time.p95
  target = "< 1s"
}
threshold "windows" {
  metric = metric.response_time.p95
  target = "< 1s"
  window = "10s"
}`
	for _, c := range []struct{ name, wait, stage string }{
		{"closed=64", "", "users = 64"},
		{"open", "", "rate = \"20000000/s\""},
		{"waiting=50000", `wait = between("2ms", "10ms")`, "users = 50000"},
	} {
		b.Run(c.name, func(b *testing.B) {
			text := "user_class \"u\" {\n" + c.wait + class + "}\n" + thresholds + `
scenario "s" {
  user_classes  = [user_class.u]
  graceful_stop = "100ms"
  stage "x" {
    ` + c.stage + `
    iterations = ` + fmt.Sprint(max(b.N, 50000)) + `
    duration = "1h"
  }
}`
			benchmarkPlan(b, text)
		})
	}
}

// benchmarkPlan runs a plan in one loop against nothing.
func benchmarkPlan(b *testing.B, text string) {
	b.Helper()
	b.ReportAllocs()
	g := compile(b, text)
	r := &record.Record{}
	Prepare(g, r)
	hosts := make([]*wire.Host, len(g.Hosts))
	for i, h := range g.Hosts {
		hosts[i] = &wire.Host{URL: h.Plan.BaseURL}
	}
	b.ResetTimer()
	err := runLoops(context.Background(), g, r, Options{
		Hosts: hosts, Data: make([]*expr.Dataset, len(g.Data)), Epoch: time.Now(), Transport: newNullTransport,
	}, 1)
	if err != nil {
		b.Fatal(err)
	}
	if n := r.Totals().Total(); n < int64(b.N) {
		b.Fatalf("%d requests were made, %d were wanted", n, b.N)
	}
}

// BenchmarkUsers is what a user costs that has just been spawned and waits: its
// time, and its memory without the connection's.
func BenchmarkUsers(b *testing.B) {
	for _, class := range []string{
		`request "a" { path = "/a" }`,
		`request "a" {
    path = "/a/${vars.id}"
    capture "id" { value = response.json.id }
  }`,
	} {
		b.Run(fmt.Sprintf("captures=%t", len(class) > 40), func(b *testing.B) {
			g := compile(b, `
user_class "u" {
  host = host.api
  wait = constant("1h")
  `+class+`
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 10000
    duration = "1h"
  }
}`)
			var before, after runtime.MemStats
			loops := make([]*loop, b.N)
			runtime.GC()
			runtime.ReadMemStats(&before)
			b.ResetTimer()
			for i := range loops {
				l, s := still(g)
				enter(l, s, 0, 0, time.Second)
				loops[i] = l
			}
			b.StopTimer()
			runtime.GC()
			runtime.ReadMemStats(&after)
			users := float64(10000 * b.N)
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/users, "B/user")
			b.ReportMetric(float64(b.Elapsed())/users, "ns/user")
			runtime.KeepAlive(loops)
		})
	}
}

// BenchmarkSchedule is one tick of an open scenario's stream: its moment, and what
// is sent then.
func BenchmarkSchedule(b *testing.B) {
	for _, c := range []struct{ name, stage string }{
		{"even", "arrivals = \"even\""},
		{"poisson", "arrivals = \"poisson\""},
		{"poisson-ramp", "arrivals = \"poisson\"\nramp = \"100h\""},
	} {
		b.Run(c.name, func(b *testing.B) {
			g := compile(b, openPlan(c.stage+"\nrate = \"100000/s\"\nduration = \"200h\""))
			l, s := still(g)
			s.stage = 0
			s.enterOpen(0, 0)
			e := s.open.stream
			l.timers = timers{}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if !e.advance() {
					b.Fatal("the stage is over")
				}
				e.choice()
			}
		})
	}
}

// BenchmarkRecord is one request written into an interval, with as many thresholds
// that have windows.
func BenchmarkRecord(b *testing.B) {
	for windows := range 3 {
		b.Run(fmt.Sprintf("windows=%d", windows), func(b *testing.B) {
			text := closedPlan("", "stage \"x\" {\nusers = 1\nduration = \"1h\"\n}") + "\n"
			for i := range windows {
				text += fmt.Sprintf("threshold \"t%d\" {\nmetric = metric.response_time.p95\ntarget = \"< 1s\"\nwindow = \"%ds\"\n}\n", i, 5*i+5)
			}
			l, s := still(compile(b, text))
			l.origins.begin(l.interval.windows, s.graph, 0, 0)
			u := s.newUser(s.graph.Classes[0])
			u.flow = u.class.Choices[0]
			o := &wire.Outcome{Connect: -1, TLS: -1, Status: 200, BytesSent: 100, BytesReceived: 300}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				// 10,000 a second, each of 3 to 4 ms.
				u.due = time.Duration(i) * 100 * time.Microsecond
				o.Begun, o.Sent = u.due+20*time.Microsecond, u.due+30*time.Microsecond
				o.Done = u.due + 3*time.Millisecond + time.Duration(i%1000)*time.Microsecond
				o.FirstByte = o.Done - 10*time.Microsecond
				l.interval.sample(u, o, &verdict{})
				if i%10_000 == 0 {
					l.interval.reset()
				}
			}
		})
	}
}

// BenchmarkCollect is a second of a plan with 100 requests, each with 100 answers
// in it, as the collector takes it from one loop; the loop does not wait for that.
func BenchmarkCollect(b *testing.B) {
	text := "user_class \"u\" {\nhost = host.api\n"
	for i := range 100 {
		text += fmt.Sprintf("request \"r%d\" { path = \"/%d\" }\n", i, i)
	}
	text += "}\nscenario \"s\" {\nuser_classes = [user_class.u]\nstage \"x\" {\nusers = 1\nduration = \"1h\"\n}\n}\n"
	g := compile(b, text)
	r := &record.Record{}
	Prepare(g, r)
	l, s := still(g)
	c := newCollector(g, r, []*loop{l}, Options{Epoch: l.epoch})
	u := s.newUser(g.Classes[0])
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		for i := range 10_000 {
			u.flow = u.class.Choices[i%100]
			done := time.Duration(1000+i*37%20_000) * time.Microsecond
			l.interval.sample(u, &wire.Outcome{FirstByte: done, Done: done, Connect: -1, TLS: -1, Status: 200}, &verdict{})
		}
		b.StartTimer()
		c.begin()
		c.take(l, l.interval)
		c.finish()
	}
}
