package expr

import (
	"net/http"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"bossplan/interp/expr/jsonwalk"
)

// An Answer is what response.… reads: one answer of a server. It is looked at
// lazily, so Header and Body must not change before Reset. It belongs to one
// goroutine; the zero Answer is one without anything in it.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Time   time.Duration // response.time, there in milliseconds

	text    string // of the body, in cty's normal form
	hasText bool
	json    jsonwalk.Document // the body
	hasJSON bool
}

// Reset empties the answer for the next one. Memory is used again.
func (a *Answer) Reset() {
	*a = Answer{json: a.json}
	a.json.Reset(nil)
}

// milliseconds is response.time.
func (a *Answer) milliseconds() float64 { return float64(a.Time) / float64(time.Millisecond) }

// body is response.body: UTF-8, whatever the server sent.
func (a *Answer) body() string {
	if !a.hasText {
		a.text, a.hasText = normalText(share(a.Body)), true
	}
	return a.text
}

func normalText(s string) string {
	if isASCII(view(s)) {
		return s
	}
	return cty.NormalizeString(strings.ToValidUTF8(s, "\uFFFD"))
}

// find is what a path leads to in response.json, which is null where the body
// is not JSON.
func (a *Answer) find(p *path) (value, error) {
	if !a.hasJSON {
		a.json.Reset(a.Body)
		a.hasJSON = true
	}
	raw, failed, err := a.json.Find(p.steps)
	switch {
	case err == nil:
		return fromJSON(raw)
	case err != jsonwalk.ErrInvalid:
		return value{}, p.failure(failed, err)
	case len(p.steps) == 0:
		return value{}, nil
	}
	return value{}, &Error{Range: p.rng, Message: errNotJSON.Error()}
}

// header is a header field by its canonical name. Several of one name are
// joined by commas.
func (a *Answer) header(name string) (_ string, ok bool) {
	values := a.Header[name]
	switch len(values) {
	case 0:
		return "", false
	case 1:
		return normalText(values[0]), true
	}
	return normalText(strings.Join(values, ", ")), true
}

// cookie is the value of a cookie that the answer sets. Of several the last one
// counts.
func (a *Answer) cookie(name string) (_ string, ok bool) {
	lines := a.Header["Set-Cookie"]
	for i := len(lines) - 1; i >= 0; i-- {
		if c, err := http.ParseSetCookie(lines[i]); err == nil && c.Name == name {
			return normalText(c.Value), true
		}
	}
	return "", false
}

// The whole of an answer, for HCL.

func (a *Answer) cty() (cty.Value, error) {
	json, err := a.find(&path{})
	if err != nil {
		return cty.NilVal, err
	}
	document, err := json.cty()
	if err != nil {
		return cty.NilVal, err
	}
	status, _ := integer(int64(a.Status)).cty()
	return cty.ObjectVal(map[string]cty.Value{
		"status":  status,
		"headers": a.headersCty(),
		"cookies": a.cookiesCty(),
		"body":    cty.StringVal(a.body()),
		"json":    document,
		"time":    cty.NumberFloatVal(a.milliseconds()),
	}), nil
}

func (a *Answer) headersCty() cty.Value {
	all := map[string]cty.Value{}
	for name := range a.Header {
		if text, ok := a.header(name); ok {
			all[strings.ToLower(name)] = cty.StringVal(text)
		}
	}
	return textMap(all)
}

func (a *Answer) cookiesCty() cty.Value {
	all := map[string]cty.Value{}
	for _, line := range a.Header["Set-Cookie"] {
		if c, err := http.ParseSetCookie(line); err == nil {
			all[c.Name] = cty.StringVal(normalText(c.Value))
		}
	}
	return textMap(all)
}

func textMap(all map[string]cty.Value) cty.Value {
	if len(all) == 0 {
		return cty.MapValEmpty(cty.String)
	}
	return cty.MapVal(all)
}
