package plan

import (
	"net/netip"
	"testing"
)

func TestGuardMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, name, address string
		want                   bool
	}{
		{"api.example.org", "api.example.org", "", true},
		{"api.example.org", "API.Example.ORG.", "", true},
		{"api.example.org", "xapi.example.org", "", false},
		{"*.example.org", "api.example.org", "", true},
		{"*.example.org", "a.b.example.org", "", true},
		{"*.example.org", "example.org", "", false},
		{"*.example.org", "api.example.org.evil.test", "", false},
		{"*prod*", "db-prod-1", "", true},
		{"*", "anything", "", true},
		{"a*b*c", "abbbc", "", true},
		{"a*b*c", "abbbd", "", false},
		{"", "x", "", false},
		{"10.0.0.0/8", "10.1.2.3", "", true},
		{"10.0.0.0/8", "api.test", "10.1.2.3", true},
		{"10.0.0.0/8", "api.test", "::ffff:10.1.2.3", true},
		{"::ffff:10.0.0.0/104", "api.test", "10.1.2.3", true},
		{"10.0.0.0/8", "api.test", "11.1.2.3", false},
		{"10.0.0.0/8", "10.evil.test", "", false},
		{"::1", "localhost", "::1", true},
		{"fe80::/10", "x", "fe80::1%eth0", true},
		{"127.0.0.0/8", "0.0.0.0", "", true},
		{"127.0.0.0/8", "x", "0.0.0.0", true},
		{"::1", "::", "", true},
		{"10.0.0.0/8", "0.0.0.0", "", false},
		{"10.0.*", "x", "10.0.7.7", true},
	} {
		g := &Guard{Hosts: []string{c.pattern}}
		var addresses []netip.Addr
		if c.address != "" {
			addresses = append(addresses, netip.MustParseAddr(c.address))
		}
		if got := g.Matches(c.name, addresses...); got != c.want {
			t.Errorf("%q matches %s at %q: %v, want %v", c.pattern, c.name, c.address, got, c.want)
		}
	}
}
