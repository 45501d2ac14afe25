package h1

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const ok = "HTTP/1.1 200 OK\r\n"

// TestEveryCut reads each of the fuzzer's seeds cut at every byte, and byte by
// byte.
func TestEveryCut(t *testing.T) {
	for _, text := range seeds {
		for _, head := range []bool{false, true} {
			w := Wants{Head: head, Header: true, Body: true, MaxBody: testMaxBody}
			want := byNetHTTP([]byte(text), w)
			var p Parser
			for cut := range len(text) {
				if cut > 255 {
					break
				}
				if diff := cmp.Diff(want, byParser(&p, []byte(text), w, []byte{byte(cut), 255})); diff != "" {
					t.Errorf("%q cut after %d: (-net/http +parser)\n%s", text, cut+1, diff)
				}
			}
			if diff := cmp.Diff(want, byParser(&p, []byte(text), w, []byte{0})); diff != "" {
				t.Errorf("%q byte by byte: (-net/http +parser)\n%s", text, diff)
			}
		}
	}
}

// TestLeftover: what follows an answer is not taken.
func TestLeftover(t *testing.T) {
	for _, whole := range []string{
		ok + "Content-Length: 2\r\n\r\nhi",
		ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
		ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 0\r\n\r\n",
		"HTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\n\r\n",
	} {
		for cut := range len(whole) {
			var p Parser
			p.Begin(Wants{})
			n, done, err := p.Feed([]byte(whole[:cut]))
			if n != cut || done || err != nil {
				t.Fatalf("%q: took %d, done %v, %v", whole[:cut], n, done, err)
			}
			n, done, err = p.Feed([]byte(whole[cut:] + ok + "\r\n"))
			if n != len(whole)-cut || !done || err != nil {
				t.Errorf("%q after %d bytes: took %d, done %v, %v", whole, cut, n, done, err)
			}
		}
	}
}

// feed gives p pieces of one text over and over until it fails, and says how
// many bytes that took.
func feed(t *testing.T, p *Parser, text string, limit int) (int, error) {
	t.Helper()
	piece := []byte(text)
	for total := 0; total < limit; total += len(piece) {
		if _, done, err := p.Feed(piece); err != nil {
			return total, err
		} else if done {
			t.Fatalf("whole after %d bytes", total)
		}
	}
	t.Fatalf("no error in %d bytes", limit)
	return 0, nil
}

// TestEndlessHeads: a head of MaxHead bytes is refused, whatever it is made of,
// in a time that does not grow with the square of it.
func TestEndlessHeads(t *testing.T) {
	for name, c := range map[string]struct{ begin, piece string }{
		"line":          {"", "x"},
		"reason":        {"HTTP/1.1 200 ", "x"},
		"name":          {ok, "x"},
		"value":         {ok + "X: ", "x"},
		"fields":        {ok, "X: y\r\n"},
		"fold":          {ok + "X: y", "\n z"},
		"blanks":        {ok + "X: y", "\n "},
		"interim":       {"", "HTTP/1.1 102 Processing\r\n\r\n"},
		"many at once":  {ok, strings.Repeat("X: y\r\n", 3000)},
		"long at once":  {ok, "X: " + strings.Repeat("y", 70000) + "\r\n"},
		"folds at once": {ok + "X: y", strings.Repeat("\r\n z", 10000)},
	} {
		t.Run(name, func(t *testing.T) {
			var p Parser
			p.Begin(Wants{Header: true, Body: true})
			if _, _, err := p.Feed([]byte(c.begin)); err != nil {
				t.Fatal(err)
			}
			total, err := feed(t, &p, c.piece, 2*MaxHead)
			if !errors.Is(err, ErrHeadTooLarge) {
				t.Error(err)
			}
			if total += len(c.begin) + len(c.piece); total < MaxHead || total-len(c.piece) > MaxHead {
				t.Errorf("refused after %d bytes", total)
			}
			p.Begin(Wants{})
			if cap(p.buf) > roomy || cap(p.fold) > roomy {
				t.Errorf("%d and %d bytes are kept for the next answer", cap(p.buf), cap(p.fold))
			}
		})
	}
}

func TestLargestHead(t *testing.T) {
	const begin, end = ok + "Content-Length: 0\r\nX: ", "\r\n\r\n"
	for extra, want := range map[int]error{0: nil, 1: ErrHeadTooLarge} {
		text := begin + strings.Repeat("y", MaxHead-len(begin)-len(end)+extra) + end
		for _, size := range []int{len(text), 4096, 1000} {
			var p Parser
			p.Begin(Wants{})
			var done bool
			var err error
			for rest := []byte(text); len(rest) > 0 && err == nil; {
				n := min(len(rest), size)
				_, done, err = p.Feed(rest[:n])
				rest = rest[n:]
			}
			if !errors.Is(err, want) || done != (want == nil) {
				t.Errorf("%d bytes by %d: done %v, %v", len(text), size, done, err)
			}
		}
	}
}

// TestEndlessChunkLines: so are 4 KiB before a chunk or after the last one.
func TestEndlessChunkLines(t *testing.T) {
	const chunked = ok + "Transfer-Encoding: chunked\r\n\r\n"
	for name, c := range map[string]struct{ begin, piece, want string }{
		"extension": {chunked + "1;", "x", "header line too long"},
		"trailer":   {chunked + "0\r\nX: ", "x", "suspiciously long trailer after chunked body"},
		"fields":    {chunked + "0\r\n", "X: y\r\n", "suspiciously long trailer after chunked body"},
		"overhead":  {chunked, "1;" + strings.Repeat("x", 100) + "\r\nx\r\n", "chunked encoding contains too much non-data"},
	} {
		t.Run(name, func(t *testing.T) {
			var p Parser
			p.Begin(Wants{})
			if _, _, err := p.Feed([]byte(c.begin)); err != nil {
				t.Fatal(err)
			}
			if _, err := feed(t, &p, c.piece, 64<<10); reason(err) != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// TestKeptBodies: a body that is kept takes the memory of what has come of it,
// not of what was promised.
func TestKeptBodies(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, head := range []string{"Content-Length: 9223372036854775807\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"} {
		var p Parser
		p.Begin(Wants{Body: true, MaxBody: 1 << 40})
		if _, _, err := p.Feed([]byte(ok + head + "hello")); err != nil {
			t.Fatal(err)
		}
		if string(p.Body()) != "hello" || !errors.Is(p.End(), io.ErrUnexpectedEOF) {
			t.Errorf("%q, %v", p.Body(), p.End())
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
		t.Errorf("%d bytes for two bodies of five", grown)
	}
}

// TestLargeBodies: one that is not kept takes none.
func TestLargeBodies(t *testing.T) {
	piece := bytes.Repeat([]byte("x"), 64<<10)
	for _, head := range []string{"\r\n", "Content-Length: 104857600\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n6400000\r\n"} {
		var p Parser
		p.Begin(Wants{})
		if _, _, err := p.Feed([]byte(ok + head)); err != nil {
			t.Fatal(err)
		}
		allocs := testing.AllocsPerRun(1000, func() {
			if _, _, err := p.Feed(piece); err != nil {
				t.Fatal(err)
			}
		})
		if allocs > 0 {
			t.Errorf("%q: %v allocations a piece", head, allocs)
		}
	}
}

// TestHeaderIsTheCallers: neither the pieces nor the next answer reach into it.
func TestHeaderIsTheCallers(t *testing.T) {
	text := []byte(ok + "X: one\r\nx: two\r\nContent-Length: 2\r\n\r\nhi")
	var p Parser
	p.Begin(Wants{Header: true, Body: true, MaxBody: 10})
	_, _, _ = p.Feed(text)
	header, body := p.Header(), p.Body()
	header.Add("X", "three")
	for i := range text {
		text[i] = '!'
	}
	p.Begin(Wants{Header: true, Body: true, MaxBody: 10})
	_, _, _ = p.Feed([]byte(ok + "X: four\r\nContent-Length: 2\r\n\r\nho"))
	want := http.Header{"X": {"one", "two", "three"}, "Content-Length": {"2"}}
	if diff := cmp.Diff(want, header); diff != "" || string(body) != "hi" {
		t.Errorf("body %q, header\n%s", body, diff)
	}
}

// common are answers of the kinds that come by the million.
func common() map[string][]string {
	body := strings.Repeat("x", 200)
	date := "Date: Wed, 25 Nov 2026 07:00:00 GMT\r\n"
	json := ok + "Content-Type: application/json\r\n" + date
	large := json + "Content-Length: 4096\r\n\r\n" + strings.Repeat("x", 4096)
	return map[string][]string{
		"json":    {json + "Content-Length: 200\r\n\r\n" + body},
		"chunked": {json + "Transfer-Encoding: chunked\r\n\r\nc8\r\n" + body + "\r\n0\r\n\r\n"},
		"empty":   {"HTTP/1.1 204 No Content\r\n" + date + "\r\n"},
		"close":   {json + "Connection: close\r\nContent-Length: 200\r\n\r\n" + body},
		"pieces":  {large[:50], large[50:1500], large[1500:3000], large[3000:]},
	}
}

func read(tb testing.TB, p *Parser, w Wants, pieces [][]byte) {
	p.Begin(w)
	for i, b := range pieces {
		n, done, err := p.Feed(b)
		if n != len(b) || done != (i == len(pieces)-1) || err != nil {
			tb.Fatal(n, done, err)
		}
	}
}

func pieces(texts []string) (all [][]byte) {
	for _, text := range texts {
		all = append(all, []byte(text))
	}
	return all
}

// TestAllocations: where nothing is kept nothing is allocated.
func TestAllocations(t *testing.T) {
	for name, texts := range common() {
		var p Parser
		all := pieces(texts)
		if n := testing.AllocsPerRun(100, func() { read(t, &p, Wants{Steering: true}, all) }); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkParser(b *testing.B) {
	for _, name := range []string{"json", "chunked", "empty", "pieces"} {
		all := pieces(common()[name])
		b.Run(name, func(b *testing.B) { bench(b, Wants{}, all) })
	}
	all := pieces(common()["json"])
	b.Run("kept", func(b *testing.B) { bench(b, Wants{Header: true, Body: true, MaxBody: 1 << 20}, all) })
}

func bench(b *testing.B, w Wants, all [][]byte) {
	var p Parser
	b.ReportAllocs()
	for b.Loop() {
		read(b, &p, w, all)
	}
}
