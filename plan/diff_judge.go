package plan

import (
	"fmt"
	"net"
	"slices"
	"strings"
)

// What a change means follows from the plan alone: a bound that more values
// meet is loosened, a guard that lets more through is a danger. Where a value is
// missing, so that the two cannot be compared, a change is just a change.

// judge says what it means that a block was added, removed or changed, besides
// what its settings say.
func (c *comparer) judge(change *Change) Severity {
	switch {
	case change.Kind == "threshold" && change.Action == ActionRemoved:
		change.Notes = append(change.Notes, "nothing asserts this any more")
		return Loosened
	case change.Kind == "threshold" && change.Action == ActionAdded:
		return Tightened
	case change.Kind == "check" && change.Action == ActionRemoved:
		change.Notes = append(change.Notes, "answers are not held to this any more")
		return Loosened
	case change.Kind == "check" && change.Action == ActionAdded:
		return Tightened
	case change.Kind == "guard" && change.Action == ActionRemoved:
		change.Notes = append(change.Notes, c.unguarded(change.Address))
		return Danger
	case change.Kind == "guard" && change.Action == ActionAdded:
		return Tightened
	case change.Kind == "stage" && change.Action == ActionAdded:
		return c.newStage(change)
	case change.Kind == "request" && change.Action != ActionRemoved:
		return c.writing(change)
	}
	return least(change.Action)
}

// least is the severity of a change that nothing else is known of: of a block
// that is still there each setting has its own.
func least(a Action) Severity {
	if a == ActionChanged {
		return Tightened
	}
	return Changed
}

// unguarded says what a guard protected that is still a target.
func (c *comparer) unguarded(address string) string {
	guard := c.base.guards[address]
	var open []string
	for _, h := range byAddress(c.head.plan.Hosts) {
		if h.BaseURL != nil && guard.Matches(h.BaseURL.Hostname()) && len(c.head.plan.GuardsOf(h)) == 0 {
			open = append(open, h.Address())
		}
	}
	if len(open) > 0 {
		return "no guard applies to " + list(open) + " any more"
	}
	return "it protected " + list(guard.Hosts)
}

// newStage is loosened where it is one more warm-up of a scenario that was
// there: what happens in it is not judged.
func (c *comparer) newStage(change *Change) Severity {
	if c.head.stages[change.Address].Warmup {
		change.Notes = append(change.Notes, "what happens in it is not judged")
		return Loosened
	}
	return Changed
}

// writing looks for requests that change something on a guarded host and did
// not before.
func (c *comparer) writing(change *Change) Severity {
	r, before := c.head.requests[change.Address], c.base.requests[change.Address]
	guards := c.head.plan.GuardsOf(r.Class.Host)
	if !mutates(r.Method) || len(guards) == 0 || before != nil && mutates(before.Method) && !moved(before, r) {
		return least(change.Action)
	}
	change.Notes = append(change.Notes, fmt.Sprintf("a new write against %s, which %s protects", r.Class.Host.Address(), guards[0].Address()))
	return Danger
}

// moved reports whether a request goes to another host than before.
func moved(before, after *Request) bool {
	return before.Class.Host == nil || target(before.Class.Host) != target(after.Class.Host)
}

// mutates reports whether a method is one that changes something on a server.
func mutates(method string) bool {
	return slices.Contains([]string{"POST", "PUT", "PATCH", "DELETE"}, method)
}

// target is where a host points: its name and port.
func target(h *Host) string {
	if h.BaseURL == nil {
		return ""
	}
	port := h.BaseURL.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[h.BaseURL.Scheme]
	}
	return net.JoinHostPort(strings.ToLower(h.BaseURL.Hostname()), port)
}

// judgeNew judges a setting of a block that was added.
func (c *comparer) judgeNew(kind string, is Setting) (Severity, string) {
	if kind != "host" {
		return Tightened, "" // the least: the block says what it means
	}
	return c.judgeHost(Setting{}, is)
}

// judgeSetting judges a setting of a block that was there before and after.
func (c *comparer) judgeSetting(kind, address string, was, is Setting) (Severity, string) {
	switch kind {
	case "host":
		return c.judgeHost(was, is)
	case "user_class":
		return c.judgeClass(was, is)
	case "threshold":
		return c.judgeThreshold(address, was, is)
	case "guard":
		return c.judgeGuard(address, was, is)
	case "stage":
		return c.judgeStage(address, was, is)
	case "request":
		return c.judgeRequest(address, was, is)
	case "variable":
		if is.Name == "sensitive" && is.Value == "false" {
			return Danger, "its value may be shown now"
		}
	}
	return Changed, ""
}

// judgeHost looks for a target that the base did not have, and for certificates
// that are not checked any more.
func (c *comparer) judgeHost(was, is Setting) (Severity, string) {
	switch {
	case is.Name == "base_url" && c.base.plan.File != "" && !c.base.points(is.Value):
		return Danger, "the plan points at another host"
	case is.Name == "base_url" && strings.HasPrefix(was.Value, "https:") && strings.HasPrefix(is.Value, "http:"):
		return Danger, "nothing is encrypted any more"
	case is.Name == "tls.insecure_skip_verify" && is.Value == "true":
		return Danger, "any certificate is accepted"
	case is.Name == "tls.insecure_skip_verify" && was.Value == "true":
		return Tightened, "certificates are checked"
	}
	return Changed, ""
}

// points reports whether a plan has a host with the target of an address; what
// is not known is as it was.
func (s *side) points(baseURL string) bool {
	u, err := parseBaseURL(baseURL)
	return err == nil && s.targets[target(&Host{BaseURL: u})]
}

// judgeClass looks for a class that goes somewhere else.
func (c *comparer) judgeClass(was, is Setting) (Severity, string) {
	from, to := c.base.hosts[was.Value], c.head.hosts[is.Value]
	if is.Name == "host" && from != nil && to != nil && target(from) != target(to) {
		if !c.base.targets[target(to)] {
			return Danger, "its users go to another host"
		}
		return Changed, "its users go to another host"
	}
	return Changed, ""
}

func (c *comparer) judgeStage(address string, was, is Setting) (Severity, string) {
	from, to := c.base.stages[address], c.head.stages[address]
	switch {
	case is.Name == "warmup" && is.Value == "true":
		return Loosened, "what happens in it is not judged any more"
	case is.Name == "warmup" && was.Value == "true":
		return Tightened, "it is judged now"
	case is.Name == "duration" && from.Warmup && to.Warmup && to.Duration > from.Duration:
		return Loosened, "a longer warm-up: less is judged"
	}
	return Changed, ""
}

// judgeRequest looks at what counts as a failure.
func (c *comparer) judgeRequest(address string, was, is Setting) (Severity, string) {
	if is.Name != "expect_status" {
		return Changed, ""
	}
	from, to := c.base.requests[address].ExpectStatus, c.head.requests[address].ExpectStatus
	fewer, more := false, false
	for code := 100; code <= 599; code++ {
		fewer = fewer || from.Contains(code) && !to.Contains(code)
		more = more || to.Contains(code) && !from.Contains(code)
	}
	switch {
	case more && fewer:
		return Loosened, "other answers are no failure"
	case more:
		return Loosened, "more answers are no failure"
	case fewer:
		return Tightened, "fewer answers are no failure"
	}
	return Changed, ""
}
