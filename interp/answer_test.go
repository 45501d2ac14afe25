package interp_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"bossplan/interp"
	"bossplan/interp/record"
)

// answers runs one user once against a handler, with a flow that checks, captures
// and then uses what was captured.
func answers(t *testing.T, checks string, h http.HandlerFunc) (*record.Record, *visits) {
	t.Helper()
	seen := &visits{}
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen.add(r)
		if r.URL.Path == "/first" {
			h(w, r)
		}
	})
	r, _ := run(t, `
user_class "u" {
  host = host.api
  flow "f" {
    on_failure = "continue"
    request "first" {
      path = "/first"
      `+checks+`
    }
    request "second" {
      path    = "/second/${vars.id}"
      query   = { id = vars.id }
      headers = { X-Id = vars.id }
    }
  }
}`+iterations(1, 1), url, interp.Options{})
	return r, seen
}

const captureID = `capture "id" { value = response.json.id }`

// TestHostileAnswers: whatever a server gives, the request that takes it fails
// with a reason, and nothing wrong goes out after it.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
	for name, c := range map[string]struct {
		body   string
		kind   string // of the first request's failure
		second string // what the server saw of the second, empty: nothing
	}{
		"a number":       {`{"id": 12345678901234567890}`, "", "GET /second/12345678901234567890?id=12345678901234567890"},
		"no such field":  {`{"ID": 1}`, "capture", ""},
		"null":           {`{"id": null}`, "capture", ""},
		"not JSON":       {`<html>`, "capture", ""},
		"cut off":        {`{"id": "a`, "capture", ""},
		"empty":          {``, "capture", ""},
		"deep":           {deep, "capture", ""},
		"too long":       {`{"id": "` + strings.Repeat("x", 1<<17) + `"}`, "capture", ""},
		"an object":      {`{"id": {"a": 1}}`, "", ""},
		"a line break":   {`{"id": "a\r\nX-Evil: 1"}`, "", ""},
		"what URLs mean": {`{"id": "../a?b#c d%2f&e=1"}`, "", ""},
		"large":          {`{"junk": "` + strings.Repeat("y", 4<<20) + `", "id": "ok"}`, "", "GET /second/ok?id=ok"},
	} {
		r, seen := answers(t, captureID, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, c.body) })
		kind := ""
		for _, e := range r.Errors {
			if e.Request == 0 {
				kind = e.Kind
				if !strings.HasPrefix(e.Message, "capture id: ") || len(e.Message) > 300 {
					t.Errorf("%s: the message is %q", name, e.Message)
				}
			}
		}
		if kind != c.kind {
			t.Errorf("%s: the first request failed with kind %q, want %q: %+v", name, kind, c.kind, r.Errors)
		}
		second := strings.Join(seen.list[1:], ", ")
		if c.second != "" && second != c.second || c.second == "" && c.kind != "" && second != "" {
			t.Errorf("%s: then the server saw %q, want %q", name, second, c.second)
		}
		for _, s := range seen.list {
			if strings.ContainsAny(s, "\r\n") || strings.Contains(s, "Evil") && !strings.Contains(s, "%0D%0A") {
				t.Errorf("%s: sent %q", name, s)
			}
		}
		if r.Totals().Total() != 2 {
			t.Errorf("%s: %d requests recorded, want 2", name, r.Totals().Total())
		}
	}
}

func TestChecks(t *testing.T) {
	t.Parallel()
	const checks = `
      check "first" { condition = response.json.ok }
      check "second" { condition = response.status < 500 }
      check "broken" { condition = response.json.missing > 1 }
      ` + captureID
	for name, c := range map[string]struct {
		status  int
		kind    string
		message string
		met     [3]int64
	}{
		"all that can be": {200, "check", "check broken: ", [3]int64{1, 1, 0}},
		"and the status":  {503, "status", "503", [3]int64{1, 0, 0}},
	} {
		r, seen := answers(t, checks, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			fmt.Fprint(w, `{"ok": true, "id": 5}`)
		})
		e := r.Errors[0]
		if e.Kind != c.kind || !strings.HasPrefix(e.Message, c.message) || e.Count != 1 {
			t.Errorf("%s: error %+v", name, e)
		}
		var met [3]int64
		for i, check := range r.Checks {
			met[i] = check.Met
			if check.Made != 1 {
				t.Errorf("%s: check %+v, want one made", name, check)
			}
		}
		if all := r.Totals(); met != c.met || all.Checks != 3 || all.ChecksMet != met[0]+met[1]+met[2] {
			t.Errorf("%s: met %v of %d, want %v", name, met, all.Checks, c.met)
		}
		if len(seen.list) != 1 {
			t.Errorf("%s: the server saw %v: what failed must not be captured", name, seen.list)
		}
	}
}

// TestHeadersAreReadWithoutTheBody: one that is too large to be kept is no
// failure where nobody reads it.
func TestHeadersAreReadWithoutTheBody(t *testing.T) {
	t.Parallel()
	r, seen := answers(t, `
      check "typed" { condition = response.headers["content-type"] == "text/plain" }
      capture "id" { value = response.headers["x-id"] }`, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("X-Id", "h1")
		_, _ = w.Write(make([]byte, 17<<20))
	})
	if r.Totals().Errors() > 0 || seen.count("GET /second/h1?id=h1") != 1 {
		t.Errorf("errors %+v, the server saw %v", r.Errors, seen.list)
	}
}

// TestBodies holds what goes out against what a server reads.
func TestBodies(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			got <- err.Error()
			return
		}
		part := r.MultipartForm.File["logo"][0]
		f, err := part.Open()
		if err != nil {
			got <- err.Error()
			return
		}
		content := make([]byte, part.Size)
		_, _ = f.Read(content)
		got <- fmt.Sprintf("%s|%q|%s|%s|%d", r.FormValue("name"), r.FormValue("odd%22name"), part.Filename, part.Header.Get("Content-Type"), len(content))
	})
	r, _ := run(t, `
user_class "u" {
  host = host.api
  request "r" {
    method    = "POST"
    path      = "/"
    multipart = {
      name         = "user ${user.index}"
      "odd\"name"  = "a\r\n--bossplan-x--\r\nb"
      logo         = { file = "./case.hcl", filename = "logo \"1\".png", content_type = "image/png" }
    }
  }
}`+iterations(1, 1), url, interp.Options{})
	if r.Totals().Errors() > 0 {
		t.Fatalf("%+v", r.Errors)
	}
	want := `user 0|"a\r\n--bossplan-x--\r\nb"|logo %221%22.png|image/png|`
	if text := <-got; !strings.HasPrefix(text, want) {
		t.Errorf("the server read %s, want %s…", text, want)
	}
}
