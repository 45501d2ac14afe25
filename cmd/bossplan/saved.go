package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	ctyjson "github.com/zclconf/go-cty/cty/json"

	"bossplan/plan"
	"bossplan/plan/diag"
)

// A saved plan is what plan --out writes: not the plan again, but all that
// tells it from any other, so that apply can refuse to run something else. The
// plan's own files are read from where they were, and must be as they were. A
// sensitive value is not in it: it is given again, and must be the same.
//
// The checksum tells damage and careless edits. It is no signature: whoever may
// change the file may change the plan too.
type savedPlan struct {
	Format          string          `json:"bossplan_saved_plan"`
	BossplanVersion string          `json:"bossplan_version"`
	Plan            string          `json:"plan"`
	Sources         []savedSource   `json:"sources"`
	Salt            string          `json:"salt"` // of the digests of sensitive values
	Variables       []savedVariable `json:"variables"`
	Hosts           []savedHost     `json:"hosts"`
	Checksum        string          `json:"checksum"` // over all else
}

type savedSource struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

// A savedVariable has its value or, where that is sensitive, a digest of it.
type savedVariable struct {
	Name   string          `json:"name"`
	Source string          `json:"source"`
	Value  json.RawMessage `json:"value,omitempty"`
	Digest string          `json:"digest,omitempty"`
}

// A savedHost is a host with the addresses that its name had.
type savedHost struct {
	Address   string   `json:"address"`
	BaseURL   string   `json:"base_url"`
	Addresses []string `json:"addresses"` // sorted
}

const (
	savedFormat    = "1.0"
	savedBeginning = `{"bossplan_saved_plan":` // but for spaces
	savedExtension = ".bossplan"
	maxSaved       = 64 << 20 // bytes
)

// save writes a plan that was just shown.
func (a *app) save(name string, p *plan.Plan) int {
	hosts, err := resolveHosts(p)
	if err != nil {
		fmt.Fprintf(a.stderr, "bossplan: the plan was not saved: %v\n", err)
		return exitUnreachable
	}
	s, err := newSaved(p, hosts)
	if err == nil {
		err = writeSaved(name, s)
	}
	if err != nil {
		fmt.Fprintf(a.stderr, "bossplan: the plan was not saved: %v\n", err)
		return exitInternal
	}
	fmt.Fprintf(a.stderr, "Saved. Run exactly this with: bossplan apply %s\n", name)
	return exitPass
}

func newSaved(p *plan.Plan, hosts []savedHost) (*savedPlan, error) {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	s := &savedPlan{
		Format: savedFormat, BossplanVersion: plan.Version, Plan: filepath.ToSlash(p.File),
		Sources: sourcesOf(p), Salt: hex.EncodeToString(salt), Variables: []savedVariable{}, Hosts: hosts,
	}
	for _, v := range p.Variables {
		x := savedVariable{Name: v.Name, Source: v.Source}
		value, err := valueOf(v)
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", v.Name, err)
		}
		if x.Value = value; v.Sensitive {
			x.Value, x.Digest = nil, digest(value, salt)
		}
		s.Variables = append(s.Variables, x)
	}
	s.Checksum = s.sum()
	return s, nil
}

// sourcesOf are the files that a plan was read from, sorted.
func sourcesOf(p *plan.Plan) []savedSource {
	list := []savedSource{}
	for _, s := range p.Sources {
		sum := sha256.Sum256(s.Bytes)
		list = append(list, savedSource{filepath.ToSlash(s.Name), hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(list, func(a, b savedSource) int { return strings.Compare(a.File, b.File) })
	return list
}

// valueOf is a variable's value as JSON, of which equal values have one.
func valueOf(v *plan.Variable) (json.RawMessage, error) {
	if v.Value.IsNull() {
		return json.RawMessage("null"), nil
	}
	return ctyjson.Marshal(v.Value, v.Value.Type())
}

// sum is the checksum over all but itself.
func (s *savedPlan) sum() string {
	c := *s
	c.Checksum = ""
	content, err := json.Marshal(c)
	if err != nil {
		return "" // a value that is no JSON, which reading has refused
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// checkSavedName says why a plan cannot be saved under a name: it would take the
// place of something else.
func checkSavedName(name string) string {
	switch {
	case name == "":
		return "name a file."
	case slices.Contains([]string{".hcl", ".yaml", ".yml"}, strings.ToLower(filepath.Ext(name))):
		return fmt.Sprintf("%s would be taken for a plan; call it %s.", name, strings.TrimSuffix(name, filepath.Ext(name))+savedExtension)
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return ""
	case !info.Mode().IsRegular():
		return name + " is not a regular file."
	case !beginsAsSaved(name):
		return name + " exists and is no saved plan; choose another name, or remove it."
	}
	return ""
}

// writeSaved writes the file whole or not at all. Only its owner may read it:
// it has values of variables in it.
func writeSaved(name string, s *savedPlan) error {
	content, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if len(content) >= maxSaved {
		return fmt.Errorf("it would be larger than %d MiB", maxSaved>>20)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".bossplan-*") // with 0600
	if err != nil {
		return err
	}
	_, err = f.Write(append(content, '\n'))
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// isSaved reports whether a file is meant to be a saved plan: by its name, or by
// how it begins.
func isSaved(name string) bool {
	return strings.EqualFold(filepath.Ext(name), savedExtension) || beginsAsSaved(name)
}

func beginsAsSaved(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return false
	}
	start := make([]byte, 256)
	n, _ := io.ReadFull(f, start)
	squeezed := bytes.Join(bytes.Fields(start[:n]), nil)
	return bytes.HasPrefix(squeezed, []byte(savedBeginning))
}

// readSaved reads a saved plan. The error says what is wrong with the file.
func readSaved(name string) (*savedPlan, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	}
	content, err := io.ReadAll(io.LimitReader(f, maxSaved+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) > maxSaved:
		return nil, fmt.Errorf("it is larger than %d MiB, which no saved plan is", maxSaved>>20)
	case len(bytes.TrimSpace(content)) == 0:
		return nil, errors.New("it is empty")
	}
	return parseSaved(content)
}

func parseSaved(content []byte) (*savedPlan, error) {
	var head struct {
		Format string `json:"bossplan_saved_plan"`
	}
	if err := json.Unmarshal(content, &head); err != nil {
		return nil, fmt.Errorf("it is damaged, or no saved plan at all: %s", jsonMistake(err))
	}
	switch head.Format {
	case savedFormat:
	case "":
		return nil, errors.New("it is no saved plan")
	default:
		return nil, fmt.Errorf("it has format %q, but this is bossplan %s, which reads format %s", head.Format, plan.Version, savedFormat)
	}
	s := &savedPlan{}
	dec := json.NewDecoder(bytes.NewReader(content))
	dec.DisallowUnknownFields()
	if err := dec.Decode(s); err != nil {
		return nil, fmt.Errorf("it is damaged: %s", jsonMistake(err))
	}
	for _, v := range s.Variables {
		if err := checkKept(v.Value); err != nil {
			return nil, fmt.Errorf("it is damaged: variable %s: %w", diag.Clean(v.Name), err)
		}
	}
	return s, nil
}

// What the value of one variable may have at most. Values of a plan have less,
// see its limits; more would take hours to compare.
const (
	maxKeptParts = 1 << 18
	maxKeptList  = 1 << 13
	maxKeptDigit = 400
)

// checkKept refuses what no variable's value can be.
func checkKept(value json.RawMessage) error {
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.UseNumber()
	var lengths []int // of the lists and objects that are open
	for parts := 0; ; parts++ {
		t, err := dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil || parts > maxKeptParts {
			return errors.New("its value is too large")
		}
		if d, ok := t.(json.Delim); ok && (d == ']' || d == '}') {
			lengths = lengths[:len(lengths)-1]
			continue
		}
		if last := len(lengths) - 1; last >= 0 {
			if lengths[last]++; lengths[last] > 2*maxKeptList {
				return errors.New("its value is too large")
			}
		}
		switch t := t.(type) {
		case json.Delim:
			lengths = append(lengths, 0)
		case json.Number:
			if _, err := t.Float64(); err != nil || len(t) > maxKeptDigit {
				return errors.New("a number of its value is out of range")
			}
		}
	}
}

// jsonMistake is an error of encoding/json without its prefix.
func jsonMistake(err error) string {
	return strings.TrimPrefix(err.Error(), "json: ")
}
