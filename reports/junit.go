package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"bossplan/interp/record"
)

type junitSuites struct {
	XMLName xml.Name   `xml:"testsuites"`
	Suite   junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Time      string      `xml:"time,attr"`
	Timestamp string      `xml:"timestamp,attr,omitempty"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	ClassName string        `xml:"classname,attr"`
	Name      string        `xml:"name,attr"`
	Time      string        `xml:"time,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitOutcome `xml:"failure"`
	Error     *junitOutcome `xml:"error"`
	SystemOut string        `xml:"system-out,omitempty"`
}

type junitOutcome struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes one test case a threshold. A verdict that no threshold
// explains, such as that of a run without requests, is a case of its own: a
// reader of this file alone must not see green.
func writeJUnit(w io.Writer, r *record.Record, v *record.Verdict) error {
	s := junitSuite{Name: clean(planName(r)), Time: seconds(r)}
	if !r.Run.Started.IsZero() {
		s.Timestamp = r.Run.Started.UTC().Format("2006-01-02T15:04:05")
	}
	for i := range v.Thresholds {
		s.add(thresholdCase(&v.Thresholds[i]), s.Name)
	}
	unexplained := v.Status == record.Fail && s.Failures == 0 ||
		v.Status == record.Inconclusive && s.Failures+s.Errors == 0
	if unexplained {
		c := junitCase{Name: "run"}
		c.settle(v.Status, reason(v), strings.Join(each(v.Reasons, clean), "\n"))
		s.add(c, s.Name)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suite: s}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(c junitCase, class string) {
	c.ClassName, c.Time = class, "0"
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Error != nil {
		s.Errors++
	}
}

func thresholdCase(t *record.ThresholdResult) junitCase {
	c := junitCase{Name: clean(t.Address), File: clean(t.Range.File), Line: t.Range.Line}
	lines := append([]string{Judgement(t), "scope: " + clean(t.Scope), fmt.Sprintf("samples: %d", t.Samples)}, notes(t)...)
	if p := position(t.Range); p != "" {
		lines = append(lines, clean(p))
	}
	c.settle(t.Status, Judgement(t), strings.Join(lines, "\n"))
	return c
}

// settle says how the case came out.
func (c *junitCase) settle(status record.Status, message, text string) {
	o := &junitOutcome{Message: message, Type: string(status), Text: text}
	switch status {
	case record.Fail:
		c.Failure = o
	case record.NoData, record.Inconclusive:
		c.Error = o
	case record.Warn:
		c.SystemOut = "WARN: " + text
	}
}

// Judgement is a threshold in one line: "response_time.p95 is 1.24s, target
// < 500ms, critical < 1s".
func Judgement(t *record.ThresholdResult) string {
	value := actual(t)
	if t.Actual == nil {
		value = "not measured"
	}
	s := fmt.Sprintf("%s is %s, target %s", clean(t.Metric), value, clean(t.Target))
	if t.Critical != "" {
		s += ", critical " + clean(t.Critical)
	}
	return s
}

// seconds is how long the run took.
func seconds(r *record.Record) string {
	if r.Run.Ended.Before(r.Run.Started) {
		return "0"
	}
	return fmt.Sprintf("%.3f", r.Run.Ended.Sub(r.Run.Started).Seconds())
}
