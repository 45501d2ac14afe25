package plan

import "fmt"

// ports finds hosts that get more connections than the machine has local ports
// for one target. How many files may be open is no matter of the plan's.
func (l *linter) ports() {
	none := func(*Host) bool { return false }
	for _, lack := range l.plan.Lacks(Machine{Ports: l.machine.Ports}, none) {
		h := lack.Hosts[0]
		l.warn("too-few-ports", h.Address(), h.DeclRange, "Fewer local ports than connections",
			fmt.Sprintf("%s: %s.", lack, lack.Mend()))
	}
}
