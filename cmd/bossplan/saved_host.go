package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"bossplan/plan"
)

// lookupTimeout bounds how long one name is looked up.
const lookupTimeout = 10 * time.Second

// resolveHosts finds the addresses of all hosts of a plan.
func resolveHosts(p *plan.Plan) ([]savedHost, error) {
	list := []savedHost{}
	for _, h := range p.Hosts {
		addresses, err := resolveHost(h)
		if err != nil {
			return nil, err
		}
		list = append(list, savedHost{Address: h.Address(), BaseURL: h.BaseURL.String(), Addresses: addresses})
	}
	return list, nil
}

// resolveHost are the addresses of a host's name, sorted. An address is its own,
// and localhost is this machine without anyone being asked.
func resolveHost(h *plan.Host) ([]string, error) {
	name := h.BaseURL.Hostname()
	if a, err := netip.ParseAddr(name); err == nil {
		return []string{a.String()}, nil
	}
	if strings.EqualFold(strings.TrimSuffix(name, "."), "localhost") {
		return []string{"127.0.0.1", "::1"}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookupTimeout)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	if err != nil {
		why := err.Error()
		var lookup *net.DNSError
		if errors.As(err, &lookup) {
			why = lookup.Err
		}
		return nil, fmt.Errorf("the name of %s (%s) cannot be looked up: %s", h.Address(), name, why)
	}
	var list []string
	for _, a := range found {
		list = append(list, a.Unmap().String())
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// compact is JSON without its spaces: how it was written makes no difference.
func compact(value json.RawMessage) []byte {
	var b bytes.Buffer
	if err := json.Compact(&b, value); err != nil {
		return value
	}
	return b.Bytes()
}
