package wire

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bossplan/plan"
)

// An authority issues certificates.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, pool: x509.NewCertPool()}
	made := a.issue(func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	})
	a.cert, a.key = made.Leaf, made.PrivateKey.(*ecdsa.PrivateKey)
	a.pool.AddCert(a.cert)
	return a
}

// issue makes a certificate for 127.0.0.1 and api.test, good for either side
// unless change says otherwise. The first one signs itself.
func (a *authority) issue(change func(*x509.Certificate)) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"api.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if change != nil {
		change(c)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), signer)
	if err != nil {
		a.t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// securely starts a server with cfg that says how it was reached.
func securely(t *testing.T, cfg *tls.Config) *httptest.Server {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s resumed=%t certificates=%d", r.Proto, r.TLS.DidResume, len(r.TLS.PeerCertificates))
	}))
	s.TLS, s.EnableHTTP2 = cfg, true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// TestResumption: which handshakes go on with an earlier session, as both sides
// see it.
func TestResumption(t *testing.T) {
	a := newAuthority(t)
	cert, mine := a.issue(nil), a.issue(nil)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, protocol := range []string{"1.1", "2"} {
			for resumption, want := range map[plan.Resumption]string{ // of: first, first again, second, second again
				"":                    "false true false true",
				plan.ResumptionUser:   "false true false true",
				plan.ResumptionShared: "false true true true",
				plan.ResumptionOff:    "false false false false",
			} {
				t.Run(fmt.Sprintf("%s/%s/%s", tls.VersionName(version), protocol, resumption), func(t *testing.T) {
					s := securely(t, &tls.Config{
						Certificates: []tls.Certificate{cert}, MaxVersion: version, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.pool,
					})
					tr := NewStd(time.Now())
					defer tr.Close()
					h := hostOf(t, s.URL)
					h.HTTP, h.Resumption = protocol, resumption
					h.TLS = &tls.Config{RootCAs: a.pool, Certificates: []tls.Certificate{mine}}
					var got []string
					for range 2 {
						c := tr.Open(h)
						for range 2 {
							x := do(t, tr, c, &Exchange{Method: "GET", Target: "/", Timeout: patience, KeepBody: true})
							if !strings.HasSuffix(result(x), fmt.Sprintf("resumed=%t certificates=1", x.Resumed)) || x.TLS < 0 {
								t.Fatalf("%s, but resumed %t, handshake %v", result(x), x.Resumed, x.TLS)
							}
							got = append(got, fmt.Sprint(x.Resumed))
							x = do(t, tr, c, &Exchange{Method: "GET", Target: "/", Timeout: patience})
							if x.TLS >= 0 || x.Resumed {
								t.Errorf("a handshake %v on a connection that was there", x.TLS)
							}
							s.CloseClientConnections()
							time.Sleep(10 * time.Millisecond)
						}
					}
					if got := strings.Join(got, " "); got != want {
						t.Errorf("resumed: %s, want %s", got, want)
					}
				})
			}
		}
	}
}

// TestResumptionElsewhere: a host that a redirect leads to is told nothing of
// the session, and of the certificate, of the one that it came from.
func TestResumptionElsewhere(t *testing.T) {
	a := newAuthority(t)
	cert, mine := a.issue(nil), a.issue(nil)
	cfg := &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequestClientCert}
	cfg.SetSessionTicketKeys([][32]byte{{1}}) // both servers would take the other's tickets
	away := securely(t, cfg.Clone())
	home := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, away.URL, http.StatusFound)
	}))
	home.TLS = cfg
	home.StartTLS()
	defer home.Close()
	for _, resumption := range []plan.Resumption{plan.ResumptionUser, plan.ResumptionShared} {
		tr := NewStd(time.Now())
		h := hostOf(t, home.URL)
		h.FollowRedirects, h.Resumption = 2, resumption
		h.TLS = &tls.Config{RootCAs: a.pool, Certificates: []tls.Certificate{mine}, ServerName: "api.test"}
		c := tr.Open(h)
		for range 2 {
			x := do(t, tr, c, &Exchange{Method: "GET", Target: "/", Timeout: patience, KeepBody: true})
			if !strings.HasSuffix(result(x), "resumed=false certificates=0") {
				t.Errorf("%s: %s", resumption, result(x))
			}
		}
		tr.Close()
	}
}

// TestCertificates: what is wrong with a certificate of either side is named, in
// words that are the same for all connections.
func TestCertificates(t *testing.T) {
	a, other := newAuthority(t), newAuthority(t)
	good := a.issue(nil)
	server := func(cert tls.Certificate) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{cert}} }
	wanting := func(version uint16) *tls.Config {
		return &tls.Config{
			Certificates: []tls.Certificate{good}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.pool, MaxVersion: version,
		}
	}
	showing := func(cert tls.Certificate) *tls.Config {
		return &tls.Config{RootCAs: a.pool, Certificates: []tls.Certificate{cert}}
	}
	past := func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }
	future := func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) }
	forClients := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }
	elsewhere := func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"elsewhere.test"} }
	trusting := &tls.Config{RootCAs: a.pool}
	const fine = "OK HTTP/1.1 resumed=false certificates="
	for name, c := range map[string]struct {
		server, client *tls.Config
		want           string
	}{
		"good":                 {server(good), trusting, fine + "0"},
		"by its other name":    {server(good), &tls.Config{RootCAs: a.pool, ServerName: "api.test"}, fine + "0"},
		"expired":              {server(a.issue(past)), trusting, "tls: certificate expired or not yet valid"},
		"not yet valid":        {server(a.issue(future)), trusting, "tls: certificate expired or not yet valid"},
		"of another host":      {server(a.issue(elsewhere)), trusting, "tls: certificate name mismatch"},
		"of another authority": {server(other.issue(nil)), trusting, "tls: certificate signed by unknown authority"},
		"for another use":      {server(a.issue(forClients)), trusting, "tls: certificate not valid for this use"},
		"whatever it is":       {server(other.issue(past)), &tls.Config{InsecureSkipVerify: true}, fine + "0"},
		"too old a version": {&tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS11}, trusting,
			"tls: refused by the server: protocol version not supported"},
		"shown":            {wanting(0), showing(a.issue(nil)), fine + "1"},
		"shown, 1.2":       {wanting(tls.VersionTLS12), showing(a.issue(nil)), fine + "1"},
		"not shown":        {wanting(0), trusting, "tls: refused by the server: certificate required"},
		"not shown, 1.2":   {wanting(tls.VersionTLS12), trusting, "tls: refused by the server: handshake failure"},
		"wrong one shown":  {wanting(0), showing(other.issue(nil)), "tls: refused by the server: unknown certificate authority"},
		"expired shown":    {wanting(0), showing(a.issue(past)), "tls: refused by the server: expired certificate"},
		"another protocol": {&tls.Config{Certificates: []tls.Certificate{good}, NextProtos: []string{"spdy/3"}}, trusting, "tls: refused by the server: no application protocol"},
	} {
		t.Run(name, func(t *testing.T) {
			s := securely(t, c.server)
			h := hostOf(t, s.URL)
			h.TLS, h.HTTP = c.client, "1.1"
			tr := NewStd(time.Now())
			defer tr.Close()
			conn := tr.Open(h)
			for range 2 {
				x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: patience, KeepBody: true})
				if result(x) != c.want {
					t.Errorf("got %q, want %q", result(x), c.want)
				}
			}
		})
	}
}

// BenchmarkHandshake is a connection, a request and the end, per operation, the
// server's part included.
func BenchmarkHandshake(b *testing.B) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
	}))
	s.StartTLS()
	defer s.Close()
	for _, resumption := range []plan.Resumption{plan.ResumptionUser, plan.ResumptionOff} {
		b.Run(string(resumption), func(b *testing.B) {
			tr := NewStd(time.Now())
			defer tr.Close()
			h := hostOf(b, s.URL)
			h.TLS, h.Resumption = &tls.Config{RootCAs: x509.NewCertPool()}, resumption
			h.TLS.RootCAs.AddCert(s.Certificate())
			c := tr.Open(h)
			var done []*Exchange
			for b.Loop() {
				x := &Exchange{Method: "GET", Target: "/", Timeout: patience}
				tr.Start(c, x)
				if done = tr.Wait(done[:0], time.Hour); x.Err != nil {
					b.Fatal(x.Err)
				}
			}
		})
	}
}
