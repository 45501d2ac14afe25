package probe

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"bossplan/interp/wire"
	"bossplan/plan"
)

// errNotStatic is of an expression that has no value before the run: it uses a
// name that only a user has.
var errNotStatic = errors.New("its value is not known before the run")

// render is the text of a static expression; known is false if it is null.
// Values never appear in its errors: they may be secrets.
func render(e plan.Expression) (text string, known bool, err error) {
	v, diags := e.Value(e.Scope)
	if diags.HasErrors() {
		return "", false, errNotStatic
	}
	v, _ = v.UnmarkDeep()
	v, err = convert.Convert(v, cty.String)
	switch {
	case err != nil:
		return "", false, errors.New("its value is not a text")
	case !v.IsKnown():
		return "", false, errNotStatic
	case v.IsNull():
		return "", false, nil
	}
	return v.AsString(), true, nil
}

// headers are those of a probe's host that are known before the run, and the
// probe's own; the probe's win, without regard to case, and null removes one.
func headers(p *plan.Probe) ([]wire.Header, error) {
	var list []wire.Header
	set := func(name, value string, known bool) {
		var kept []wire.Header
		for _, h := range list {
			if !strings.EqualFold(h.Name, name) {
				kept = append(kept, h)
			}
		}
		if list = kept; known {
			list = append(list, wire.Header{Name: name, Value: value})
		}
	}
	if value, ok := authorization(p.Host.Auth); ok {
		set("Authorization", value, true)
	}
	for _, f := range p.Host.Headers {
		// One that varies from user to user is no probe's.
		if value, known, err := render(f.Value); err == nil {
			set(f.Name, value, known)
		}
	}
	for _, f := range p.Headers {
		value, known, err := render(f.Value)
		if err != nil {
			return nil, fmt.Errorf("header %q: %w", f.Name, err)
		}
		set(f.Name, value, known)
	}
	return list, nil
}

// authorization is what a host's auth block asks for, where that is known
// before the run.
func authorization(a plan.Auth) (string, bool) {
	if a.Bearer.IsSet() {
		token, known, err := render(a.Bearer)
		return "Bearer " + token, known && err == nil
	}
	if !a.Username.IsSet() {
		return "", false
	}
	name, known, err := render(a.Username)
	if !known || err != nil {
		return "", false
	}
	password := ""
	if a.Password.IsSet() {
		if password, _, err = render(a.Password); err != nil {
			return "", false
		}
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password)), true
}

// target is the path of the host's base URL and the probe's own, with bytes
// that no URL may hold percent-encoded.
func target(p *plan.Probe) string {
	path := p.Path
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	var b strings.Builder
	b.WriteString(strings.TrimRight(p.Host.BaseURL.EscapedPath(), "/"))
	for _, c := range []byte(path) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"#<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
