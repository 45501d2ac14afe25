package plan

import (
	"net/netip"
	"strings"
)

// Matches reports whether the guard applies to a target of this name or at one
// of these addresses. A name that is an address is taken for both. Case, a dot
// at the end of a name, and IPv4 written as IPv6 make no difference; 0.0.0.0 and
// :: are the machine itself.
func (g *Guard) Matches(name string, addresses ...netip.Addr) bool {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if a, err := netip.ParseAddr(name); err == nil {
		addresses = append([]netip.Addr{a}, addresses...)
	}
	for _, pattern := range g.Hosts {
		pattern = strings.ToLower(strings.TrimSuffix(pattern, "."))
		if wild(pattern, name) {
			return true
		}
		for _, a := range addresses {
			if matchesAddress(pattern, a.Unmap().WithZone("")) || a.Unmap().IsUnspecified() && matchesAddress(pattern, loopback(a)) {
				return true
			}
		}
	}
	return false
}

// loopback is where a connection to the address 0.0.0.0 or :: really goes.
func loopback(unspecified netip.Addr) netip.Addr {
	if unspecified.Unmap().Is4() {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return netip.IPv6Loopback()
}

// matchesAddress reports whether an address is in a prefix, is the address that
// a pattern says, or reads like it.
func matchesAddress(pattern string, a netip.Addr) bool {
	if prefix, err := netip.ParsePrefix(pattern); err == nil {
		if low := prefix.Addr(); low.Is4In6() && prefix.Bits() >= 96 {
			prefix = netip.PrefixFrom(low.Unmap(), prefix.Bits()-96)
		}
		return prefix.Contains(a)
	}
	if same, err := netip.ParseAddr(pattern); err == nil {
		return same.Unmap().WithZone("") == a
	}
	return wild(pattern, a.String())
}

// wild reports whether a pattern with * for any run of characters matches all
// of a text. Only the last star is ever gone back to, so it takes no more than
// len(pattern) × len(text) steps.
func wild(pattern, text string) bool {
	p, t, star, from := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, t
			p++
		case p < len(pattern) && pattern[p] == text[t]:
			p++
			t++
		case star >= 0:
			from++
			p, t = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// GuardsOf are the guards that apply to a host by its name alone. Its resolved
// addresses and the targets of its redirects may bring more.
func (p *Plan) GuardsOf(h *Host) []*Guard {
	var list []*Guard
	if h == nil || h.BaseURL == nil {
		return nil
	}
	for _, g := range p.Guards {
		if g.Matches(h.BaseURL.Hostname()) {
			list = append(list, g)
		}
	}
	return list
}
