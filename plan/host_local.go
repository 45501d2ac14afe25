package plan

import (
	"errors"
	"net/netip"
	"slices"
)

// localAddresses reads the addresses that a host's connections are made from.
// They are of one family, which is that of the target where the plan tells it:
// no connection leads from one family to the other.
func (b *block) localAddresses(name string, h *Host) []netip.Addr {
	var list []netip.Addr
	for _, g := range b.lines(name) {
		addr, err := localAddress(g.AsString())
		switch target, known := h.literal(); {
		case err != nil:
			b.refuse(g, "Invalid local address", "%s: %s %s.", b.what(name), g.show(), err)
		case slices.Contains(list, addr):
			b.refuse(g, "Local address given twice", "%s has %s twice.", b.what(name), g.show())
		case known && target.Is4() != addr.Is4():
			b.refuse(g, "Local address of another family", "%s: %s is %s, but the address in base_url is %s, so no connection leads there.", b.what(name), g.show(), family(addr), family(target))
		case len(list) > 0 && list[0].Is4() != addr.Is4():
			b.refuse(g, "Local address of another family", "%s: %s is %s, but %s is %s. Give addresses of one family, that of the host.", b.what(name), g.show(), family(addr), list[0], family(list[0]))
		default:
			list = append(list, addr)
		}
	}
	return list
}

// localAddress reads one address. The error goes on from the text.
func localAddress(text string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(text)
	addr = addr.Unmap()
	switch {
	case err != nil:
		return addr, errors.New("is no IP address such as 10.0.0.1")
	case addr.Zone() != "":
		return addr, errors.New("has a zone, which is known to one machine only; leave it out")
	case addr.IsUnspecified():
		return addr, errors.New("stands for any address; leave local_addresses out for that")
	case addr.IsMulticast() || addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return addr, errors.New("is an address of many machines, from which no connection is made")
	case addr.Is6() && addr.IsLinkLocalUnicast():
		return addr, errors.New("holds on one link only and cannot be used without its zone; give one that holds everywhere")
	}
	return addr, nil
}

// literal is the address in the host's base_url, where that has one and no name.
func (h *Host) literal() (addr netip.Addr, known bool) {
	if h.BaseURL == nil {
		return netip.Addr{}, false
	}
	addr, err := netip.ParseAddr(h.BaseURL.Hostname())
	return addr.Unmap(), err == nil
}

func family(addr netip.Addr) string {
	if addr.Is4() {
		return "IPv4"
	}
	return "IPv6"
}

// localTexts are the host's local addresses in an order that makes no
// difference.
func (h *Host) localTexts() []string {
	var list []string
	for _, addr := range h.LocalAddresses {
		list = append(list, addr.String())
	}
	slices.Sort(list)
	return list
}
