package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Resolved is a plan as a list of settings: what it comes to once imports,
// variables, locals, defaults and for_each are worked out. Plans that do the
// same resolve to the same, whatever their spelling, layout, comments, files
// and names of locals.
//
// Entries are in the order of their kinds and addresses; only where order means
// something (the stages of a scenario, the steps of a flow) it is a setting of
// its own. Secrets are shown as "(sensitive)" and compared by what they are.
type Resolved struct {
	Entries []Entry
}

// An Entry is one block by its address.
type Entry struct {
	Address  string
	Kind     string    // what a block of it is called: "stage"
	Settings []Setting // in a fixed order
}

// A Setting is one attribute of a block, in its canonical form.
type Setting struct {
	Name      string
	Value     string   // as it may be shown, cut where it is long
	Number    *float64 // what Value says, of a setting that is a number: seconds, rates a second, weights
	Sensitive bool     // all or part of Value is hidden
	Sequence  []string // of a setting that is an order: the names, in that order

	inherited bool     // follows from another setting, which is the one that was changed
	digest    [32]byte // of all of the value, secrets too
}

// Same reports whether two settings have the same value and hide as much of it.
func (s Setting) Same(t Setting) bool {
	return s.digest == t.digest && s.Sensitive == t.Sensitive || s.inherited && t.inherited
}

// Setting finds a setting by name; it is the zero Setting where there is none,
// and of no entry.
func (e *Entry) Setting(name string) Setting {
	if e == nil {
		return Setting{}
	}
	if i := slices.IndexFunc(e.Settings, func(s Setting) bool { return s.Name == name }); i >= 0 {
		return e.Settings[i]
	}
	return Setting{}
}

// Entry finds a block by address, nil where there is none.
func (r *Resolved) Entry(address string) *Entry {
	if i := slices.IndexFunc(r.Entries, func(e Entry) bool { return e.Address == address }); i >= 0 {
		return &r.Entries[i]
	}
	return nil
}

// Digest is a hex digest over all settings, secrets too: equal digests are
// plans that do the same. It says nothing of one secret by itself, but where
// all else is known a weak secret could be guessed from it: keep it where the
// plan's own secrets may be kept.
func (r *Resolved) Digest() string {
	h := sha256.New()
	for _, e := range r.Entries {
		fmt.Fprintf(h, "%q\n", e.Address)
		for _, s := range e.Settings {
			fmt.Fprintf(h, "%q %x %t\n", s.Name, s.digest, s.Sensitive)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// WriteText writes one line a setting, "ADDRESS NAME = VALUE", and a line for a
// block without any.
func (r *Resolved) WriteText(w io.Writer) error {
	_, err := io.WriteString(w, r.String())
	return err
}

// String is what WriteText writes.
func (r *Resolved) String() string {
	var b strings.Builder
	for _, e := range r.Entries {
		if len(e.Settings) == 0 {
			fmt.Fprintln(&b, e.Address)
		}
		for _, s := range e.Settings {
			fmt.Fprintf(&b, "%s %s = %s\n", e.Address, s.Name, s.Value)
		}
	}
	return b.String()
}

// Resolve lists the settings of a plan. Of a plan with errors it lists what was
// decoded.
func (p *Plan) Resolve() *Resolved {
	r := &resolver{
		plan:  p,
		shown: &printer{locals: p.locals, written: map[string]string{}},
		exact: &printer{locals: p.locals, written: map[string]string{}, reveal: true},
	}
	r.variables()
	r.hosts()
	r.data()
	r.classes()
	r.scenarios()
	r.thresholds()
	r.probes()
	r.guards()
	r.reports()
	return &Resolved{Entries: r.entries}
}

// remember keeps an expression whose value a plan does not hold as it is:
// because it is secret, or because it was made of a variable without a value.
// What names an attribute as messages do: "stage users".
func (p *Plan) remember(address, what string, g given) {
	if !g.secret && g.IsWhollyKnown() || g.from == nil {
		return
	}
	if p.veiled == nil {
		p.veiled = map[string]Expression{}
	}
	p.veiled[veiledKey(address, what)] = Expression{Expression: g.from, Scope: g.ctx}
}

func veiledKey(address, what string) string { return address + "\n" + what }

// A resolver makes the entries.
type resolver struct {
	plan         *Plan
	shown, exact *printer
	entries      []Entry
	block        string // what messages call the block whose settings are added: "stage"
	prefix       string // of names: "tls."
}

// begin adds an entry. Settings that follow are its own.
func (r *resolver) begin(address, block string) {
	r.entries = append(r.entries, Entry{Address: address, Kind: block})
	r.block = block
}

// longestValue is how much of a value is shown, in bytes.
const longestValue = 1 << 10

// add adds a setting to the last entry.
func (r *resolver) add(s Setting, exact string) {
	s.digest = sha256.Sum256([]byte(exact))
	if len(s.Value) > longestValue {
		size := len(s.Value)
		s.Value = fmt.Sprintf("%s… (%d bytes, sha256 %x)", strings.ToValidUTF8(s.Value[:longestValue], ""), size, sha256.Sum256([]byte(s.Value)))
	}
	e := &r.entries[len(r.entries)-1]
	e.Settings = append(e.Settings, s)
}

// set adds a setting that was decoded before the run. It is shown as it is
// unless it was made of something secret or missing.
func (r *resolver) set(name, value string, number *float64) {
	s := Setting{Name: r.prefix + name, Value: value, Number: number}
	if from, veiled := r.veiled(name); veiled {
		s.Number = nil
		if v, diags := from.Value(from.Scope); diags.HasErrors() || !v.IsWhollyKnown() {
			r.expression(name, from, (*printer).any)
			return
		}
		s.Value, s.Sensitive = hidden, true
	}
	r.add(s, value)
}

// optional is set for an attribute that has no setting where it is not given.
func (r *resolver) optional(name, value string, number *float64, given bool) {
	if _, veiled := r.veiled(name); given || veiled {
		r.set(name, value, number)
	}
}

// veiled is the expression of an attribute whose value is secret or missing.
// Of tags.team the attribute is tags.
func (r *resolver) veiled(name string) (Expression, bool) {
	if end := strings.IndexAny(name, ".["); end > 0 {
		name = name[:end]
	}
	e, ok := r.plan.veiled[veiledKey(r.entries[len(r.entries)-1].Address, r.block+" "+name)]
	return e, ok
}

// inside adds the settings of a block that stands inside the last one, at most
// once.
func (r *resolver) inside(block string, add func()) {
	outer := r.block
	r.block, r.prefix = block, block+"."
	add()
	r.block, r.prefix = outer, ""
}

// expression adds what is evaluated while users run, as a text or as any value;
// nothing where it is not set.
func (r *resolver) expression(name string, e Expression, write func(*printer, Expression) string) {
	if !e.IsSet() {
		return
	}
	shown, exact := write(r.shown, e), write(r.exact, e)
	r.add(Setting{Name: r.prefix + name, Value: shown, Sensitive: shown != exact}, exact)
}

// fields adds named texts, by name: maps have no order.
func (r *resolver) fields(name string, list []Field, fold func(string) string) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Field) int { return cmp.Compare(fold(a.Name), fold(b.Name)) })
	for _, f := range list {
		r.expression(name+memberName(fold(f.Name)), f.Value, (*printer).text)
	}
}

// memberName is a name behind that of a map: .status, or ["a b"].
func memberName(name string) string {
	plain := strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
	if name != "" && plain {
		return "." + name
	}
	return "[" + quotedText(name) + "]"
}
