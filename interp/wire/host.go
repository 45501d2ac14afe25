package wire

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"bossplan/plan"
)

// NewHost makes a plan's host ready for exchanges: it reads the files of its
// tls block. The error says which file is at fault.
func NewHost(h *plan.Host) (*Host, error) {
	cfg, err := tlsConfig(h.TLS)
	if err != nil {
		return nil, fmt.Errorf("host %q: %w", h.Name, err)
	}
	return &Host{
		URL:             h.BaseURL,
		ConnectTimeout:  h.ConnectTimeout,
		TLS:             cfg,
		Resumption:      h.TLS.Resumption,
		HTTP:            h.HTTP,
		FollowRedirects: h.FollowRedirects,
		Cookies:         h.Cookies,
		Local:           h.LocalAddresses,
	}, nil
}

// tlsConfig is nil where the plan asks for nothing but the defaults.
func tlsConfig(t plan.TLS) (*tls.Config, error) {
	if t.Resumption = ""; t == (plan.TLS{}) {
		return nil, nil
	}
	cfg := &tls.Config{ServerName: t.ServerName, InsecureSkipVerify: t.InsecureSkipVerify}
	if t.CAFile != "" {
		pem, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, fmt.Errorf("ca_file: %w", err)
		}
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("ca_file: %s holds no certificate in PEM form", t.CAFile)
		}
	}
	if t.CertFile == "" && t.KeyFile == "" {
		return cfg, nil
	}
	cert, err := keyPair(t.CertFile, t.KeyFile)
	if err != nil {
		return nil, err
	}
	cfg.Certificates = []tls.Certificate{cert}
	return cfg, nil
}

func keyPair(certFile, keyFile string) (tls.Certificate, error) {
	switch {
	case certFile == "":
		return tls.Certificate{}, fmt.Errorf("key_file %s needs a cert_file beside it", keyFile)
	case keyFile == "":
		return tls.Certificate{}, fmt.Errorf("cert_file %s needs a key_file beside it", certFile)
	}
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("cert_file: %w", err)
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("key_file: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("cert_file %s and key_file %s: %w", certFile, keyFile, err)
	}
	return pair, nil
}

// protocols are the names that a handshake with h offers, best first.
func (h *Host) protocols() []string {
	switch h.HTTP {
	case "2":
		return []string{"h2"}
	case "auto":
		return []string{"h2", "http/1.1"}
	}
	return []string{"http/1.1"}
}

// elsewhere is the host that a redirect from h to u leads to. What the plan
// says of h is not said of that one: it sees no certificate of ours and is
// called by its own name. HTTP/2 is no longer taken for granted.
func (h *Host) elsewhere(u *url.URL) *Host {
	o := *h
	o.Local = nil
	o.URL = &url.URL{Scheme: u.Scheme, Host: u.Host}
	if h.HTTP == "2" {
		o.HTTP = "auto"
	}
	if h.TLS != nil {
		o.TLS = &tls.Config{RootCAs: h.TLS.RootCAs, InsecureSkipVerify: h.TLS.InsecureSkipVerify}
	}
	return &o
}

// address is what h's connections are dialled to.
func (h *Host) address() string { return address(h.URL) }

func address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
		if u.Scheme == "https" {
			port = "443"
		}
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// authority is the value of h's Host header: without the zone of an IPv6
// address, which means something on this machine only, and without an empty
// port.
func (h *Host) authority() string {
	host := strings.TrimSuffix(h.URL.Host, ":")
	if zone := strings.IndexByte(host, '%'); zone >= 0 && strings.HasPrefix(host, "[") {
		if end := strings.LastIndexByte(host, ']'); end > zone {
			host = host[:zone] + host[end:]
		}
	}
	return host
}

// origin tells hosts apart: scheme, name and port.
func origin(u *url.URL) string {
	return strings.ToLower(u.Scheme + "://" + address(u))
}
