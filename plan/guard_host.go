package plan

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// hostPatterns reads what the targets of a guard are told by.
func (b *block) hostPatterns(name string) []string {
	var list []string
	for _, g := range b.lines(name) {
		pattern, err := hostPattern(g.AsString())
		switch {
		case err != nil:
			b.refuse(g, "Invalid pattern of hosts", "%s: %s %s.", b.what(name), g.show(), err)
		case slices.Contains(list, pattern):
			b.refuse(g, "Pattern given twice", "%s has %s twice.", b.what(name), g.show())
		default:
			list = append(list, pattern)
		}
	}
	return list
}

// hostPattern reads a name with *, an address or a prefix of addresses, and
// writes it the one way that it is compared in. The error goes on from the text.
func hostPattern(text string) (string, error) {
	text = strings.ToLower(text)
	switch {
	case strings.Contains(text, "://"):
		return "", errors.New("is a whole address; write only the name of the host")
	case strings.HasPrefix(text, "["):
		return "", errors.New("has brackets around it; write the address alone")
	case strings.Contains(text, "/"):
		return prefixPattern(text)
	}
	if addr, err := netip.ParseAddr(text); err == nil {
		if addr.Zone() != "" {
			return "", errors.New("has a zone, which is known to one machine only; leave it out")
		}
		return addr.Unmap().String(), nil
	}
	if strings.Contains(text, ":") {
		return "", errors.New("has a port, or is no address; a guard is for all ports of a host")
	}
	return text, hostName(text)
}

func prefixPattern(text string) (string, error) {
	prefix, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return "", errors.New("is not a prefix of addresses such as 10.0.0.0/8")
	case prefix.Addr().Is4In6():
		return "", errors.New("is a prefix of IPv4 addresses in IPv6; write it as one of IPv4")
	case prefix.Masked() != prefix:
		return "", fmt.Errorf("has bits behind its prefix; write %s", prefix.Masked())
	}
	return prefix.String(), nil
}

// hostName checks a name in which * stands for any part of it.
func hostName(text string) error {
	switch {
	case text == "":
		return errors.New("is empty")
	case strings.HasSuffix(text, "."), strings.HasPrefix(text, "."), strings.Contains(text, ".."):
		return errors.New("has an empty part between its dots")
	case strings.Trim(text, "0123456789.") == "":
		return errors.New("is no whole address; write a prefix such as 10.0.0.0/8")
	}
	for _, r := range text {
		switch {
		case r > 127:
			return errors.New("has letters that are not ASCII; write the name as it is asked for, with xn--")
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', strings.ContainsRune("-_.*", r):
		default:
			return fmt.Errorf("has %q in it, which no name of a host has", r)
		}
	}
	return nil
}
