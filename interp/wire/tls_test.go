package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bossplan/plan"
)

// secure starts a server with TLS; h2 says whether it offers HTTP/2.
func secure(t *testing.T, h2 bool, handler http.Handler) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.EnableHTTP2 = h2
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return s, pool
}

func protocolOf(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %s %q", r.Proto, r.Method, r.RequestURI, body)
}

func TestStdProtocols(t *testing.T) {
	both, bothPool := secure(t, true, http.HandlerFunc(protocolOf))
	old, oldPool := secure(t, false, http.HandlerFunc(protocolOf))
	plain := httptest.NewUnstartedServer(http.HandlerFunc(protocolOf))
	plain.Config.Protocols = new(http.Protocols)
	plain.Config.Protocols.SetHTTP1(true)
	plain.Config.Protocols.SetUnencryptedHTTP2(true)
	plain.Start()
	defer plain.Close()
	const rest = ` POST //a/%2F?x=y "body"`
	for name, c := range map[string]struct {
		server  *httptest.Server
		pool    *x509.CertPool
		version string
		want    string
	}{
		"1.1 over TLS, h2 offered":   {both, bothPool, "1.1", "OK HTTP/1.1" + rest},
		"unset over TLS, h2 offered": {both, bothPool, "", "OK HTTP/1.1" + rest},
		"auto over TLS, h2 offered":  {both, bothPool, "auto", "OK HTTP/2.0" + rest},
		"auto over TLS":              {old, oldPool, "auto", "OK HTTP/1.1" + rest},
		"2 over TLS, h2 offered":     {both, bothPool, "2", "OK HTTP/2.0" + rest},
		"2 over TLS, not offered":    {old, oldPool, "2", "tls: refused by the server: no application protocol"},
		"auto without TLS":           {plain, nil, "auto", "OK HTTP/1.1" + rest},
		"2 without TLS":              {plain, nil, "2", "OK HTTP/2.0" + rest},
	} {
		t.Run(name, func(t *testing.T) {
			tr := NewStd(time.Now())
			defer tr.Close()
			h := hostOf(t, c.server.URL)
			h.HTTP = c.version
			if c.pool != nil {
				h.TLS = &tls.Config{RootCAs: c.pool}
			}
			conn := tr.Open(h)
			for i := range 4 {
				fresh := i == 0 || i == 3
				if i == 3 {
					c.server.CloseClientConnections()
					time.Sleep(30 * time.Millisecond)
				}
				x := do(t, tr, conn, &Exchange{Method: "POST", Target: "//a/%2F?x=y", Body: []byte("body"), Timeout: 5 * time.Second, KeepBody: true})
				if result(x) != c.want {
					t.Fatalf("got %q, want %q", result(x), c.want)
				}
				if x.Err != nil {
					return
				}
				if fresh != (x.Connect >= 0) || (fresh && c.pool != nil) != (x.TLS >= 0) || fresh && c.pool != nil && x.BytesReceived < 800 {
					t.Errorf("request %d: connect %v, tls %v, %d bytes received", i, x.Connect, x.TLS, x.BytesReceived)
				}
				if x.Sent < 0 || x.FirstByte < x.Sent || x.Done < x.FirstByte || x.BytesSent < 20 || x.BytesReceived < 20 {
					t.Errorf("request %d: %+v", i, x.Outcome)
				}
			}
		})
	}
}

func TestStdHTTP2Faults(t *testing.T) {
	s, pool := secure(t, true, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/abort":
			panic(http.ErrAbortHandler)
		case "/half":
			w.Header().Set("Content-Length", "10")
			_, _ = io.WriteString(w, "hello")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		case "/slow":
			<-r.Context().Done()
		case "/header":
			for i := range 300 {
				w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", 4<<10))
			}
		}
	}))
	tr := NewStd(time.Now())
	defer tr.Close()
	h := hostOf(t, s.URL)
	h.HTTP, h.TLS = "2", &tls.Config{RootCAs: pool}
	conn := tr.Open(h)
	for target, want := range map[string]string{
		"/":       "OK",
		"/abort":  "reset: the request was reset by the server: HTTP/2 INTERNAL_ERROR",
		"/half":   "reset: the request was reset by the server: HTTP/2 INTERNAL_ERROR",
		"/slow":   "timeout: timed out waiting for the first byte",
		"/header": "protocol:", // what of its limits it breaks first depends on the server
	} {
		timeout := 10 * time.Second
		if target == "/slow" {
			timeout = 300 * time.Millisecond
		}
		x := do(t, tr, conn, &Exchange{Method: "GET", Target: target, Timeout: timeout})
		if got := result(x); got != want && !(target == "/header" && strings.HasPrefix(got, want)) {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
	s.CloseClientConnections()
	time.Sleep(50 * time.Millisecond)
	if x := do(t, tr, conn, &Exchange{Method: "POST", Target: "/", Timeout: 5 * time.Second}); result(x) != "OK" {
		t.Errorf("after the connection was closed: %s", result(x))
	}
	x := &Exchange{Method: "GET", Target: "/slow"}
	tr.Start(conn, x)
	time.Sleep(30 * time.Millisecond)
	conn.Close()
	if done := wait(tr, time.Hour); done[0].Err == nil || done[0].Err.Kind != "reset" {
		t.Errorf("closed while waiting: %s", result(x))
	}
	raw := serve(t, answers("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", false))
	raw.host.HTTP = "2"
	if x := do(t, tr, tr.Open(raw.host), &Exchange{Method: "GET", Target: "/", Timeout: 5 * time.Second}); x.Err == nil {
		t.Error("HTTP/1.1 was taken for HTTP/2")
	}
}

func TestConnectFaults(t *testing.T) {
	s, pool := secure(t, false, http.HandlerFunc(protocolOf))
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	silent := serve(t, func(p *peer) { p.stall() })
	hangsUp := serve(t, func(p *peer) { _, _ = p.read.ReadByte(); p.reset() })
	talksHTTP := serve(t, func(p *peer) { _, _ = p.read.ReadByte(); p.send("HTTP/1.1 400 Bad Request\r\n\r\n") })
	https := func(s *script) *url.URL { return &url.URL{Scheme: "https", Host: s.host.URL.Host} }
	at := func(u string) *url.URL { return hostOf(t, u).URL }
	for name, c := range map[string]struct {
		host Host
		want string
	}{
		"refused":       {Host{URL: at("http://" + closed.Addr().String())}, "connect: connection refused"},
		"no such host":  {Host{URL: at("http://nothing.invalid/")}, "dns:"},
		"unknown CA":    {Host{URL: at(s.URL)}, "tls: certificate signed by unknown authority"},
		"wrong name":    {Host{URL: at(s.URL), TLS: &tls.Config{RootCAs: pool, ServerName: "other.test"}}, "tls: certificate name mismatch"},
		"expired":       {Host{URL: at(s.URL), TLS: &tls.Config{RootCAs: pool, Time: func() time.Time { return time.Unix(1<<40, 0) }}}, "tls: certificate expired or not yet valid"},
		"no TLS":        {Host{URL: https(talksHTTP)}, "tls: the server does not speak TLS"},
		"hangs up":      {Host{URL: https(hangsUp)}, "tls: connection reset in the TLS handshake"},
		"silent":        {Host{URL: https(silent), ConnectTimeout: 100 * time.Millisecond}, "timeout: timed out in the TLS handshake"},
		"insecure":      {Host{URL: at(s.URL), TLS: &tls.Config{InsecureSkipVerify: true}}, ""},
		"known CA":      {Host{URL: at(s.URL), TLS: &tls.Config{RootCAs: pool}}, ""},
		"plain, silent": {Host{URL: silent.host.URL}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if err := Preflight(t.Context(), &c.host); err != nil {
				got = err.Error()
			}
			if got != c.want && !(c.want == "dns:" && strings.HasPrefix(got, c.want)) {
				t.Errorf("preflight: got %q, want %q", got, c.want)
			}
			if c.want == "" {
				return
			}
			tr := NewStd(time.Now())
			defer tr.Close()
			x := do(t, tr, tr.Open(&c.host), &Exchange{Method: "GET", Target: "/", Timeout: 2 * time.Second})
			if result(x) != got || x.Sent >= 0 || x.FirstByte >= 0 || x.Connect < 0 {
				t.Errorf("exchange: got %q, %+v", result(x), x.Outcome)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Preflight(ctx, &Host{URL: at(s.URL)}); err == nil {
		t.Error("preflight takes no notice of its context")
	}
}

func TestNewHost(t *testing.T) {
	s, _ := secure(t, false, http.HandlerFunc(protocolOf))
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ca := write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
	bad := write("bad.pem", "nothing")
	host := func(c plan.TLS) *plan.Host {
		return &plan.Host{Name: "api", BaseURL: hostOf(t, s.URL).URL, TLS: c, HTTP: "1.1"}
	}
	h, err := NewHost(host(plan.TLS{CAFile: ca}))
	if err != nil {
		t.Fatal(err)
	}
	if err := Preflight(t.Context(), h); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		tls  plan.TLS
		want string
	}{
		"missing CA":       {plan.TLS{CAFile: filepath.Join(dir, "none.pem")}, "none.pem"},
		"bad CA":           {plan.TLS{CAFile: bad}, "bad.pem"},
		"cert without key": {plan.TLS{CertFile: ca}, "needs a key_file"},
		"key without cert": {plan.TLS{KeyFile: bad}, "needs a cert_file"},
		"bad key":          {plan.TLS{CertFile: ca, KeyFile: bad}, "bad.pem"},
	} {
		if _, err := NewHost(host(c.tls)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want a message with %q", name, err, c.want)
		}
	}
}
