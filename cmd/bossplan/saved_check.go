package main

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"bossplan/interp/judge"
	"bossplan/plan"
	"bossplan/plan/diag"
)

// digestRounds make guessing a weak secret from its digest slow.
const digestRounds = 200_000

// digest is a salted digest of a sensitive value.
func digest(value, salt []byte) string {
	key, err := pbkdf2.Key(sha256.New, string(value), salt, digestRounds, sha256.Size)
	if err != nil {
		return "" // a salt that is too short for FIPS 140; it matches nothing
	}
	return hex.EncodeToString(key)
}

// loadSaved loads the plan that a file was saved from, from its own files, and
// holds it against what was saved. The code is not zero where it must not run;
// why has been said then.
func (a *app) loadSaved(name string, o applyFlags) (*plan.Plan, hcl.Diagnostics, int) {
	s, err := readSaved(name)
	if err != nil {
		message := fmt.Sprintf("%s cannot be applied: %v. Save it again with bossplan plan --out.", name, err)
		return nil, nil, a.rejectSaved(message, exitInvalid, o.json)
	}
	if differences := s.unfit(); len(differences) > 0 {
		return nil, nil, a.refuseSaved(name, differences, o.json)
	}
	path := filepath.FromSlash(s.Plan)
	in := a.inputs(inputFlags{assignments: append(s.assignments(), o.inputs.assignments...)})
	in.AllowMissing = true // what is missing is a difference
	p, diags := plan.Load(path, in)
	differences := s.compare(p)
	if len(differences) == 0 && !diags.HasErrors() {
		diags = append(diags, examine(p, diags, plan.Machine{})...)
		differences = s.compareHosts(p)
	}
	if len(differences) > 0 {
		return nil, nil, a.refuseSaved(name, differences, o.json)
	}
	diags = slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return d.Severity != hcl.DiagError })
	a.printDiagnostics(a.stderr, a.errColor, diags, p.Sources)
	if diags.HasErrors() {
		return p, diags, exitInvalid
	}
	return p, nil, exitPass
}

// refuseSaved says all that differs in one message.
func (a *app) refuseSaved(name string, differences []string, asJSON bool) int {
	var b strings.Builder
	fmt.Fprintf(&b, "%s is not run, because it no longer fits:\n", name)
	for _, d := range differences {
		fmt.Fprintf(&b, "  - %s\n", diag.Clean(d))
	}
	b.WriteString("Look at the plan again, and save it with bossplan plan --out.")
	return a.rejectSaved(b.String(), judge.ExitRefused, asJSON)
}

// rejectSaved says why a saved plan is not run, and as JSON where a document is
// wanted.
func (a *app) rejectSaved(message string, code int, asJSON bool) int {
	fmt.Fprintf(a.stderr, "bossplan: %s\n", message)
	if !asJSON {
		return code
	}
	list := diag.New(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Saved plan is not run", Detail: message}}, nil)
	if err := a.writeReport(a.stdout, false, list, "json"); err != nil {
		return a.internalError(err)
	}
	return code
}

// unfit says why a saved plan cannot be compared at all.
func (s *savedPlan) unfit() []string {
	if s.Checksum != s.sum() {
		return []string{"the file was changed after it was saved: its checksum is another"}
	}
	var list []string
	if s.BossplanVersion != plan.Version {
		list = append(list, fmt.Sprintf("it was saved by bossplan %s, but this is bossplan %s", s.BossplanVersion, plan.Version))
	}
	if s.Plan == "" {
		list = append(list, "it does not say which plan it is")
	}
	if _, err := hex.DecodeString(s.Salt); err != nil {
		list = append(list, "its salt is damaged")
	}
	return list
}

// assignments give the variables that were set by --var or --var-file their
// values again. Those of sensitive ones are not saved.
func (s *savedPlan) assignments() []plan.Assignment {
	var list []plan.Assignment
	for _, v := range s.Variables {
		if !v.given() || v.Digest != "" {
			continue
		}
		ty, err := ctyjson.ImpliedType(v.Value)
		if err != nil {
			continue // what is missing then is a difference
		}
		if value, err := ctyjson.Unmarshal(v.Value, ty); err == nil {
			list = append(list, plan.Assignment{Name: v.Name, Kept: &plan.Kept{Value: value, Source: v.Source}})
		}
	}
	return list
}

// given reports whether the variable was set on the command line.
func (v savedVariable) given() bool { return strings.HasPrefix(v.Source, "--var") }

// compare lists how a plan differs from the saved one. A name or a value that is
// no text of one line is made one where it is printed.
func (s *savedPlan) compare(p *plan.Plan) []string {
	list := s.compareSources(p)
	now := map[string]*plan.Variable{}
	for _, v := range p.Variables {
		now[v.Name] = v
	}
	salt, _ := hex.DecodeString(s.Salt)
	for _, was := range s.Variables {
		v := now[was.Name]
		delete(now, was.Name)
		if d := was.compare(v, salt); d != "" {
			list = append(list, d)
		}
	}
	for _, v := range p.Variables {
		if now[v.Name] != nil {
			list = append(list, fmt.Sprintf("variable %s is new", v.Name))
		}
	}
	return list
}

func (s *savedPlan) compareSources(p *plan.Plan) []string {
	var list []string
	now := map[string]string{}
	for _, src := range sourcesOf(p) {
		now[src.File] = src.SHA256
	}
	if len(now) == 0 {
		return []string{fmt.Sprintf("file %s cannot be read; run apply in the directory that the plan was saved from", s.Plan)}
	}
	for _, was := range s.Sources {
		sum, ok := now[was.File]
		delete(now, was.File)
		switch {
		case !ok:
			list = append(list, fmt.Sprintf("file %s is no longer part of the plan", was.File))
		case sum != was.SHA256:
			list = append(list, fmt.Sprintf("file %s was changed", was.File))
		}
	}
	for _, src := range sourcesOf(p) {
		if _, added := now[src.File]; added {
			list = append(list, fmt.Sprintf("file %s is new", src.File))
		}
	}
	return list
}

// compare says how a variable differs from what was saved; nothing: not at all.
func (was savedVariable) compare(v *plan.Variable, salt []byte) string {
	if v == nil {
		return fmt.Sprintf("variable %s is gone", was.Name)
	}
	if !v.Value.IsWhollyKnown() {
		return fmt.Sprintf("variable %s has no value now; it came from: %s%s", was.Name, was.Source, was.again())
	}
	value, err := valueOf(v)
	switch {
	case err != nil:
		return fmt.Sprintf("variable %s has a value that cannot be compared", was.Name)
	case was.Digest != "" && subtle.ConstantTimeCompare([]byte(digest(value, salt)), []byte(was.Digest)) == 1:
		return ""
	case was.Digest != "":
		return fmt.Sprintf("variable %s, which is sensitive, has another value; it came from: %s, and comes now from: %s%s", was.Name, was.Source, v.Source, was.again())
	case v.Sensitive:
		return fmt.Sprintf("variable %s has become sensitive", was.Name)
	case string(value) != string(compact(was.Value)):
		return fmt.Sprintf("variable %s was %s (%s) and is now %s (%s)", was.Name, cut(string(was.Value)), was.Source, cut(string(value)), v.Source)
	}
	return ""
}

// again says how a sensitive value is given, which is not saved.
func (was savedVariable) again() string {
	if was.Digest == "" || !was.given() {
		return ""
	}
	return "; sensitive values are not saved, so give it to apply as you gave it to plan"
}

// cut shortens a value for a message.
func cut(text string) string {
	const longest = 60
	if len(text) > longest {
		return strings.ToValidUTF8(text[:longest], "") + "…"
	}
	return text
}

// compareHosts lists the hosts that are elsewhere than when the plan was saved.
func (s *savedPlan) compareHosts(p *plan.Plan) []string {
	var list []string
	was := map[string]savedHost{}
	for _, h := range s.Hosts {
		was[h.Address] = h
	}
	for _, h := range p.Hosts {
		saved, ok := was[h.Address()]
		delete(was, h.Address())
		if !ok {
			list = append(list, fmt.Sprintf("%s is new", h.Address()))
			continue
		}
		if now := h.BaseURL.String(); now != saved.BaseURL {
			list = append(list, fmt.Sprintf("%s was at %s and is now at %s", h.Address(), saved.BaseURL, now))
			continue
		}
		now, err := resolveHost(h)
		switch {
		case err != nil:
			list = append(list, fmt.Sprintf("%v; it was at %s", err, strings.Join(saved.Addresses, ", ")))
		case !slices.Equal(now, saved.Addresses):
			list = append(list, fmt.Sprintf("%s (%s) was at %s and is now at %s", h.Address(), h.BaseURL.Hostname(), strings.Join(saved.Addresses, ", "), strings.Join(now, ", ")))
		}
	}
	for _, h := range s.Hosts {
		if _, gone := was[h.Address]; gone {
			list = append(list, fmt.Sprintf("%s is gone", h.Address))
		}
	}
	return list
}
