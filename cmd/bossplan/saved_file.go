package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bossplan/plan"
	"bossplan/plan/diag"
)

const (
	savedBeginning = `{"bossplan_saved_plan":` // but for spaces
	savedExtension = ".bossplan"
	maxSaved       = 64 << 20 // bytes
)

// checkSavedName says why a plan cannot be saved under a name: it would take the
// place of something else.
func checkSavedName(name string) string {
	switch {
	case name == "":
		return "name a file."
	case slices.Contains([]string{".hcl", ".yaml", ".yml"}, strings.ToLower(filepath.Ext(name))):
		return fmt.Sprintf("%s would be taken for a plan; call it %s.", name, strings.TrimSuffix(name, filepath.Ext(name))+savedExtension)
	}
	if dir, err := os.Stat(filepath.Dir(name)); err != nil || !dir.IsDir() {
		return "there is no directory " + filepath.Dir(name) + "."
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
