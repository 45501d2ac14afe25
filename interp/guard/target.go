package guard

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"bossplan/plan"
)

// A Target is a host that a plan goes to, and where it is.
type Target struct {
	Name      string       // as it is dialled: lower case, without a dot at its end
	Hosts     []*plan.Host // of that name
	Addresses []netip.Addr // what the name stands for; none where that is not known
}

// A Resolver finds the addresses of a name. *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Resolve finds the targets of a plan: the hosts that users load, that probes
// ask and that give data, in the plan's order, each name once. A name that
// cannot be resolved has no addresses: nothing can be sent to it either, and
// should that change, the gate looks at the address that is dialled.
func Resolve(ctx context.Context, p *plan.Plan, r Resolver) []Target {
	var list []Target
	for _, h := range hostsOf(p) {
		name := nameOf(h)
		i := slices.IndexFunc(list, func(t Target) bool { return t.Name == name })
		if i < 0 {
			i = len(list)
			list = append(list, Target{Name: name})
		}
		list[i].Hosts = append(list[i].Hosts, h)
	}
	var all sync.WaitGroup
	for i := range list {
		all.Go(func() { list[i].Addresses = addresses(ctx, list[i].Name, r) })
	}
	all.Wait()
	return list
}

// addresses are what a name stands for, sorted.
func addresses(ctx context.Context, name string, r Resolver) []netip.Addr {
	if a, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{a.Unmap()}
	}
	found, err := r.LookupNetIP(ctx, "ip", name)
	if err != nil {
		return nil
	}
	for i, a := range found {
		found[i] = a.Unmap()
	}
	slices.SortFunc(found, netip.Addr.Compare)
	return slices.Compact(found)
}

// hostsOf are the hosts that a run of the plan connects to, in the plan's order.
func hostsOf(p *plan.Plan) []*plan.Host {
	used := map[*plan.Host]bool{}
	for _, s := range p.Scenarios {
		for _, class := range s.UserClasses {
			used[class.Host] = true
		}
	}
	for _, probe := range p.Probes {
		used[probe.Host] = true
	}
	for _, d := range p.Data {
		if d.Fetch != nil {
			used[d.Fetch.Host] = true
		}
	}
	var list []*plan.Host
	for _, h := range p.Hosts {
		if used[h] {
			list = append(list, h)
		}
	}
	return list
}

// nameOf is the name by which a host is dialled.
func nameOf(h *plan.Host) string { return canonical(h.BaseURL.Hostname()) }

// canonical is a name as names are compared: an address has one spelling.
func canonical(name string) string {
	if a, err := netip.ParseAddr(name); err == nil {
		return a.Unmap().String()
	}
	return strings.ToLower(strings.TrimSuffix(name, "."))
}
