package plan

import (
	"cmp"
	"slices"
	"strings"
)

// A Severity says what a change means for those who rely on the plan.
type Severity string

// From the worst. The first two are what a review must not miss.
const (
	Danger    Severity = "danger"    // a protection is gone, or load may go where it must not
	Loosened  Severity = "loosened"  // what failed before may pass now
	Changed   Severity = "changed"   // something else, neither of the others
	Tightened Severity = "tightened" // what passed before may fail now, or a protection is new
)

// Severities are all there are, from the worst.
func Severities() []Severity { return []Severity{Danger, Loosened, Changed, Tightened} }

func (s Severity) rank() int { return slices.Index(Severities(), s) }

// worse is the worse of two severities.
func worse(a, b Severity) Severity {
	if b.rank() < a.rank() {
		return b
	}
	return a
}

// An Action says what became of a block.
type Action string

const (
	ActionAdded   Action = "added"
	ActionRemoved Action = "removed"
	ActionChanged Action = "changed"
)

// A Difference is what changed from one plan to another, by what they do: see
// [Resolved]. Both may be of one file at two times or of two files.
type Difference struct {
	Base, Head *Plan // nil: there was, or is, no such plan
	Changes    []Change
	Load       []Figure      // what the load comes to; those that changed and those that did not
	Shares     []ShareChange // of the requests whose share moved
	NotLoaded  []string      // variables without a value, which leave Load and Shares empty
}

// A Change is one block that is not as it was. The worst come first, then they
// are in the order of the plan's blocks.
type Change struct {
	Address  string
	Kind     string // of the block: "threshold", "stage"
	Action   Action
	Severity Severity
	Notes    []string // what it means, each a sentence without its stop
	Settings []SettingChange
	Within   []string // addresses of blocks that were added or removed with it
}

// A SettingChange is one attribute. Of a block that was added or removed all of
// them are given.
type SettingChange struct {
	Name     string
	From, To string // as they may be shown; empty: none
	Percent  *float64
	Severity Severity
	Note     string // what it means, where that does not show
}

// Diff compares two plans, either of which may be nil.
func Diff(base, head *Plan) *Difference {
	d := &Difference{Base: base, Head: head}
	if head == nil {
		if base != nil {
			d.Changes = []Change{{Address: "plan", Kind: "plan", Action: ActionRemoved, Severity: Loosened, Notes: []string{"nothing of it is run or judged any more"}}}
		}
		return d
	}
	c := newComparer(base, head)
	for _, address := range c.addresses() {
		if change, differs := c.compare(address); differs {
			d.Changes = append(d.Changes, change)
		}
	}
	slices.SortStableFunc(d.Changes, func(a, b Change) int { return cmp.Compare(a.Severity.rank(), b.Severity.rank()) })
	d.weigh()
	return d
}

// Empty reports whether the plans do the same.
func (d *Difference) Empty() bool { return len(d.Changes) == 0 }

// Count is how many changes there are of a severity.
func (d *Difference) Count(s Severity) int {
	n := 0
	for _, c := range d.Changes {
		if c.Severity == s {
			n++
		}
	}
	return n
}

// A side is one of the two plans with its blocks by address.
type side struct {
	plan       *Plan
	entries    map[string]*Entry
	order      []string
	at         map[string]int // in order
	hosts      map[string]*Host
	requests   map[string]*Request
	stages     map[string]*Stage
	thresholds map[string]*Threshold
	guards     map[string]*Guard
	targets    map[string]bool // where its hosts point
	secrets    []string        // texts of its sensitive variables
}

func newSide(p *Plan) *side {
	if p == nil {
		p = &Plan{}
	}
	s := &side{
		plan: p, entries: map[string]*Entry{}, at: map[string]int{}, hosts: map[string]*Host{}, requests: map[string]*Request{},
		stages: map[string]*Stage{}, thresholds: map[string]*Threshold{}, guards: map[string]*Guard{}, targets: map[string]bool{},
		secrets: p.secretTexts(),
	}
	r := p.Resolve()
	for i := range r.Entries {
		s.entries[r.Entries[i].Address] = &r.Entries[i]
		s.at[r.Entries[i].Address] = i
		s.order = append(s.order, r.Entries[i].Address)
	}
	for _, h := range p.Hosts {
		s.hosts[h.Address()] = h
		s.targets[target(h)] = true
	}
	for _, c := range p.UserClasses {
		for _, r := range c.everyRequest() {
			s.requests[r.Address()] = r
		}
	}
	for _, sc := range p.Scenarios {
		for _, st := range sc.Stages {
			s.stages[st.Address()] = st
		}
	}
	for _, t := range p.Thresholds {
		s.thresholds[t.Address()] = t
	}
	for _, g := range p.Guards {
		s.guards[g.Address()] = g
	}
	return s
}

// everyRequest are the class's requests with those of on_start and on_stop.
func (c *UserClass) everyRequest() []*Request {
	list := slices.Clone(c.Requests)
	for _, f := range []*Flow{c.OnStart, c.OnStop} {
		if f != nil {
			list = append(list, f.Requests...)
		}
	}
	return list
}

// A comparer is two plans side by side.
type comparer struct {
	base, head *side
}

func newComparer(base, head *Plan) *comparer {
	return &comparer{newSide(base), newSide(head)}
}

// addresses are those of both plans: in the order of the head's, each that is
// only in the base after the one that it came after there.
func (c *comparer) addresses() []string {
	order := slices.Clone(c.head.order)
	after := -1
	inserted := map[int][]string{}
	for _, address := range c.base.order {
		if i, has := c.head.at[address]; has {
			after = i
			continue
		}
		inserted[after] = append(inserted[after], address)
	}
	all := slices.Clone(inserted[-1])
	for i, address := range order {
		all = append(append(all, address), inserted[i]...)
	}
	return all
}

// compare compares one block. One that came or went with the block around it is
// part of that change, unless it is dangerous by itself.
func (c *comparer) compare(address string) (change Change, differs bool) {
	from, to := c.base.entries[address], c.head.entries[address]
	switch {
	case to == nil:
		change = Change{Address: address, Kind: from.Kind, Action: ActionRemoved, Within: c.base.within(address)}
		differs = c.head.around(address) || !c.base.around(address)
	case from == nil:
		change = Change{Address: address, Kind: to.Kind, Action: ActionAdded, Within: c.head.within(address)}
		differs = c.base.around(address) || !c.head.around(address)
	default:
		change = Change{Address: address, Kind: to.Kind, Action: ActionChanged}
	}
	change.Settings = c.settings(address, from, to)
	change.Severity = c.judge(&change)
	for _, s := range change.Settings {
		change.Severity = worse(change.Severity, s.Severity)
	}
	switch change.Action {
	case ActionChanged:
		differs = len(change.Settings) > 0
	case ActionAdded:
		differs = differs || change.Severity == Danger
	}
	return change, differs
}

// within are the addresses of the blocks inside a block, which follow it.
func (s *side) within(address string) []string {
	first := s.at[address] + 1
	end := first
	for end < len(s.order) && strings.HasPrefix(s.order[end], address+".") {
		end++
	}
	return slices.Clone(s.order[first:end])
}

// around reports whether the block around an address is there.
func (s *side) around(address string) bool {
	for i := range address {
		if address[i] == '.' && s.entries[address[:i]] != nil {
			return true
		}
	}
	return false
}

// settings compares the attributes of a block: the head's in their order, then
// those that only the base has.
func (c *comparer) settings(address string, from, to *Entry) []SettingChange {
	var list []SettingChange
	if to != nil {
		for _, s := range to.Settings {
			list = c.setting(list, address, from, to, s.Name)
		}
	}
	if from != nil {
		for _, s := range from.Settings {
			if to == nil || to.Setting(s.Name).Name == "" {
				list = c.setting(list, address, from, to, s.Name)
			}
		}
	}
	return list
}

// setting compares one attribute and appends it where it differs.
func (c *comparer) setting(list []SettingChange, address string, from, to *Entry, name string) []SettingChange {
	was, is := from.Setting(name), to.Setting(name)
	if from != nil && to != nil && was.Same(is) || was.Sequence != nil && is.Sequence != nil && !reordered(was.Sequence, is.Sequence) {
		return list
	}
	change := SettingChange{Name: name, From: was.Value, To: is.Value, Severity: Changed}
	if was.Number != nil && is.Number != nil && *was.Number > 0 && *is.Number >= 0 {
		percent := (*is.Number - *was.Number) / *was.Number * 100
		change.Percent = &percent
	}
	kind := cmp.Or(to, from).Kind
	if from != nil && to != nil {
		change.Severity, change.Note = c.judgeSetting(kind, address, was, is)
	} else if from == nil {
		change.Severity, change.Note = c.judgeNew(kind, is)
	}
	c.hide(&change, was, is)
	return append(list, change)
}

// reordered reports whether names that are in both lists are in another order.
func reordered(a, b []string) bool {
	in := func(list []string) func(string) bool {
		return func(name string) bool { return !slices.Contains(list, name) }
	}
	return !slices.Equal(slices.DeleteFunc(slices.Clone(a), in(b)), slices.DeleteFunc(slices.Clone(b), in(a)))
}
