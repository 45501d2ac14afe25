package main

import (
	"errors"
	"fmt"
	"net"
	"os"

	"bossplan/cmd/bossplan/internal/planview"
	"bossplan/interp/wire"
	"bossplan/plan"
)

// makeSure looks before the first request whether the machine has room for the
// connections of all jobs. What fails whatever answers come keeps the run from
// beginning, unless the checks before the start are left out; what may fail is
// said.
func (a *app) makeSure(jobs []*job, o applyFlags) int {
	refused := false
	say := func(j *job, certain bool, format string, args ...any) {
		verb := "may lack room here"
		if certain && !o.noPreflight {
			verb, refused = "cannot be run here", true
		}
		fmt.Fprintf(a.stderr, "bossplan: %s %s: %s.\n", j.plan.File, verb, fmt.Sprintf(format, args...))
	}
	for _, j := range jobs {
		j.carriers = a.machine.carriers(j.plan, o.transport)
		a.tellOthers(j, o.transport)
		for _, h := range j.plan.Hosts {
			if fault := localFault(h); fault != "" {
				say(j, true, "%s", fault)
			}
		}
		for _, l := range a.machine.lacks(j.plan, j.carriers) {
			say(j, l.Certain(), "%s; %s", l.Lack, l.Mend)
		}
		if o.demo {
			for _, l := range a.lacksOfDemo(j.plan) {
				say(j, l.Certain(), "the sample service, which --demo starts, runs here too: %s", l)
			}
		}
	}
	if refused {
		return exitUsage
	}
	return exitPass
}

// tellOthers says which hosts are not carried as was asked for.
func (a *app) tellOthers(j *job, wanted string) {
	for _, h := range j.plan.Hosts {
		if got := j.carriers[h]; wanted != wire.Auto && got.Transport != wanted {
			fmt.Fprintf(a.stderr, "bossplan: %s: %s is carried by %s and not by %s: %s.\n", j.plan.File, h.Address(), got.Transport, wanted, got.Why)
		}
	}
}

// lacks are what the machine lacks for a plan whose hosts are carried so.
func (m machine) lacks(p *plan.Plan, c carriers) []planview.Lack {
	var list []planview.Lack
	for _, l := range p.Lacks(m.Machine, c.takesFiles) {
		list = append(list, planview.Lack{Lack: l, Mend: l.Mend() + m.byRing(l, c)})
	}
	return list
}

// byRing is one more way to mend a lack of open files, where there is one.
func (m machine) byRing(l plan.Lack, c carriers) string {
	if l.Ports || m.refusal(wire.IOUring) != nil {
		return ""
	}
	for _, h := range l.Hosts {
		if c.takesFiles(h) && m.choose(h, wire.IOUring).Transport == wire.IOUring {
			return "; or take --transport io_uring, whose connections are no open files"
		}
	}
	return ""
}

// lacksOfDemo are what the sample service lacks, for which every connection is
// an open file. Its limit is ours.
func (a *app) lacksOfDemo(p *plan.Plan) []plan.Lack {
	var list []plan.Lack
	for _, l := range p.Lacks(a.machine.Machine, func(*plan.Host) bool { return true }) {
		if !l.Ports {
			list = append(list, l)
		}
	}
	return list
}

// localFault says which of a host's local addresses is not one of this machine,
// or nothing.
func localFault(h *plan.Host) string {
	for _, addr := range h.LocalAddresses {
		socket, err := net.ListenPacket("udp", net.JoinHostPort(addr.String(), "0"))
		if err != nil {
			var call *os.SyscallError
			if errors.As(err, &call) {
				err = call.Err
			}
			return fmt.Sprintf("%s has %s in its local_addresses, from which no connection can be made here: %v", h.Address(), addr, err)
		}
		socket.Close()
	}
	return ""
}
