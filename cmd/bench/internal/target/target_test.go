package target

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"bossplan/cmd/bench/internal/arrival"
)

// A driven is a server with the ends of its pipes.
type driven struct {
	t     *testing.T
	in    *os.File
	lines *bufio.Scanner
	first Count
}

func start(t *testing.T, o Options) *driven {
	t.Helper()
	if runtime.GOOS != "linux" && !o.TLS && !o.HTTP2 {
		t.Skip("needs Linux")
	}
	commands, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, answers := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := Serve(o, commands, answers)
		answers.CloseWithError(io.ErrClosedPipe)
		ended <- err
	}()
	t.Cleanup(func() {
		in.Close()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with: %v", err)
		}
		commands.Close()
	})
	d := &driven{t: t, in: in, lines: bufio.NewScanner(out)}
	d.first = d.answer()
	return d
}

func (d *driven) ask(command string) Count {
	d.t.Helper()
	if _, err := io.WriteString(d.in, command+"\n"); err != nil {
		d.t.Fatal(err)
	}
	return d.answer()
}

func (d *driven) answer() (c Count) {
	d.t.Helper()
	if !d.lines.Scan() {
		d.t.Fatalf("the server says no more: %v", d.lines.Err())
	}
	if err := json.Unmarshal(d.lines.Bytes(), &c); err != nil {
		d.t.Fatal(err)
	}
	return c
}

func (d *driven) dial() (net.Conn, *bufio.Reader) {
	d.t.Helper()
	c, err := net.Dial("tcp", d.first.Address)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { c.Close() })
	return c, bufio.NewReader(c)
}

// take reads one answer.
func take(t *testing.T, r *bufio.Reader) {
	t.Helper()
	answer, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !json.Valid(body) || len(body) != 128 {
		t.Errorf("%d, %q, %v", answer.StatusCode, body, err)
	}
}

const request = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"

func TestRaw(t *testing.T) {
	if len(answer()) != 200 {
		t.Errorf("an answer of %d bytes", len(answer()))
	}
	d := start(t, Options{})
	c, r := d.dial()
	// At every place that a request may be cut, several at once, and more than
	// one write answers.
	for i := range len(request) + 1 {
		io.WriteString(c, request[:i])
		time.Sleep(time.Millisecond)
		io.WriteString(c, request[i:])
		take(t, r)
	}
	io.WriteString(c, strings.Repeat(request, 40))
	for range 40 {
		take(t, r)
	}
	io.WriteString(c, "GET / HTTP/1.1\r\nA: \r\r\n\r\n")
	take(t, r)
	if got := d.ask("count"); got.Requests != int64(len(request)+42) || got.Open != 1 || got.Accepted != 1 {
		t.Errorf("counted %+v", got)
	}
	c.Close()
	for end := time.Now().Add(5 * time.Second); d.ask("count").Open != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a connection that was closed counts as open")
		}
	}
	if got := d.ask("reset"); got.Requests != 0 {
		t.Errorf("after a reset: %+v", got)
	}
	if got := d.ask("nonsense"); !strings.Contains(got.Error, "nonsense") {
		t.Errorf("an unknown command: %+v", got)
	}
	if got := d.ask("log x"); got.Error != errNoLog.Error() {
		t.Errorf("a log that is not kept: %+v", got)
	}
}

// TestStall has a request before a stall and some while it lasts. Nothing is
// said about how long anything takes but that it takes no less.
func TestStall(t *testing.T) {
	d := start(t, Options{Delay: 2 * time.Millisecond, StallAt: 20 * time.Millisecond, StallFor: 50 * time.Millisecond, Log: 4})
	d.ask("reset")
	c, r := d.dial()
	io.WriteString(c, request)
	take(t, r)
	time.Sleep(25 * time.Millisecond)
	for range 2 {
		c, r := d.dial()
		io.WriteString(c, request)
		take(t, r)
	}
	gone, _ := d.dial()
	io.WriteString(gone, request)
	gone.Close()
	io.WriteString(c, request)
	take(t, r)
	for end := time.Now().Add(5 * time.Second); d.ask("count").Requests < 5; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a request was not counted")
		}
	}
	path := filepath.Join(t.TempDir(), "log")
	count := d.ask("log " + path)
	if count.Unlogged != 1 || count.Stall[1]-count.Stall[0] != int64(50*time.Millisecond) {
		t.Errorf("counted %+v", count)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	list, err := arrival.Read(file)
	if err != nil || len(list) != 4 {
		t.Fatalf("%d logged, %v", len(list), err)
	}
	for _, q := range list {
		if q.Answered == 0 {
			continue // the client went
		}
		if q.Answered-q.Arrived < int64(2*time.Millisecond) || q.Answered >= count.Stall[0]+int64(time.Millisecond) && q.Answered < count.Stall[1] {
			t.Errorf("%+v was answered too early; stall %v", q, count.Stall)
		}
	}
}

func TestHTTP2(t *testing.T) {
	d := start(t, Options{HTTP2: true})
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	client := http.Client{Transport: &http.Transport{Protocols: &protocols}}
	defer client.CloseIdleConnections()
	answer, err := client.Get("http://" + d.first.Address + "/x")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.ProtoMajor != 2 || answer.StatusCode != http.StatusOK {
		t.Errorf("%s %s", answer.Proto, answer.Status)
	}
	if got := d.ask("count"); got.Requests != 1 || got.Accepted != 1 {
		t.Errorf("counted %+v", got)
	}
	if got := d.ask("reset"); got.Requests != 0 {
		t.Errorf("after a reset: %+v", got)
	}
	if err := Serve(Options{HTTP2: true, Log: 1}, nil, io.Discard); err == nil {
		t.Error("a log of net/http's is no error")
	}
}
