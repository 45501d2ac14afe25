package plan

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
)

// A generator writes plans in HCL by the table of the language, with values that
// mostly fit and now and then do not.
type generator struct {
	*rand.Rand
	out strings.Builder
}

// generate is the plan of a seed: of odd ones a plan that is right.
func generate(seed uint64) string {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 1))}
	if seed%2 == 1 {
		g.sound()
	} else {
		g.body(Schema(), "", 0)
	}
	return g.out.String()
}

// sound writes a plan that is right: what it must have, and some of what it may.
func (g *generator) sound() {
	g.line("", "variable \"a\" {\n default = 5\n}\nlocals {\n  a = "+g.pick(values(KindLines))+"\n}")
	g.nest("host \"a\"", `base_url = "http://localhost:8000"`,
		`timeout = "1m"`, `headers = { X-A = "it's ${user.id}: \"#\"", X-B = null, "x-c" = 1 }`, `http = "1.1"`, `connections = var.a`,
		`follow_redirects = 3`, `cookies = false`, `max_rate = "${var.a}/s"`, "auth {\n bearer = \"x\\ty\"\n}", "tls {\n server_name = \"x\"\n}")
	request := []string{`method = "post"`, `query = { a = "b c", (upper("d")) = one_of("e", "f") }`, `timeout = 5`, `name = "1. {id}: x"`, `tags = { a = "b" }`,
		`expect_status = [200, "300-399"]`, "headers = {\n A = \"x\" # why\n B = \"y\"\n}", `json = { t = "x ${uuid()}", l = [1, null, true, { n = -1.5 }], e = {} }`,
		"check \"ok\" {\n condition = response.status == 200 && response.json.a == \"it's\"\n}", "capture \"id\" {\n value = response.json.id\n}"}
	g.line("", "user_class \"a\" {\n host = host.a")
	g.some(`wait = between("1s", "${var.a}s")`, `mix = "random"`, `weight = 2.5`, `tags = { team = "a: b" }`, `headers = { A = "<<", B = "~" }`)
	g.nest("request \"a\"", `path = "/a/${user.index + 1}/it's"`, request...)
	g.nest("request \"b\"", "path = \"/${\n random_int(1, 9)}\"", request...)
	g.line("", "flow \"f\" {")
	g.some(`weight = 3`, `on_failure = "continue"`)
	g.nest("request \"a\"", `path = "/%{ if iteration > 1 }x%{ else }y%{ endif }"`, append(request, `wait = constant("1s")`, `when = iteration < 5`, `repeat = 3`)...)
	g.line("", "}\n}")
	g.nest("scenario \"a\"", "user_classes = [user_class.a]\n stage \"s\" {\n users = var.a * 2\n duration = \"1m\"\n}",
		`start_delay = "1s"`, `graceful_stop = "5s"`, "stage \"t\" {\n users = 1\n ramp = \"5s\"\n duration = \"1m\"\n warmup = true\n}")
	g.nest("threshold \"a\"", "metric = metric.response_time[\"p99.5\"]\n target = \"< 500ms\"",
		`critical = "< 1s"`, `of = user_class.a`, `stages = [scenario.a.s]`, `min_samples = 5`, `window = "10s"`, "abort {\n for = \"30s\"\n}")
	g.nest("threshold \"b\"", "metric = metric.errors.rate\n target = \"== 0%\"", `critical = "<= 1%"`)
	g.nest("probe \"p\"", "host = host.a\n path = \"/\"\n gauge \"g\" {\n value = response.json.a / max(response.json.b, 1)\n}", `interval = "1s"`, `method = "GET"`)
	g.nest("report \"html\"", `path = "a_${var.a}.html"`)
	g.nest("report \"html\"", `path = "b.html"`)
}

// nest writes a block with what it must have and some of what it may.
func (g *generator) nest(head, must string, may ...string) {
	g.line("", head+" {\n"+must)
	g.some(may...)
	g.line("", "}")
}

func (g *generator) some(may ...string) {
	for _, text := range may {
		if g.IntN(2) == 0 {
			g.line("", text)
		}
	}
}

func (g *generator) body(b *Block, indent string, depth int) {
	if len(b.Attributes) == 0 && len(b.Blocks) == 0 { // locals
		g.line(indent, "a = "+g.pick(values(KindAny)))
	}
	for _, a := range b.Attributes {
		if a.Required && g.IntN(12) > 0 || !a.Required && g.IntN(6) == 0 {
			g.line(indent, a.Name+" = "+g.value(a))
		}
	}
	if g.IntN(30) == 0 {
		g.line(indent, `mistake = "x"`)
	}
	for _, n := range b.Blocks {
		times := g.IntN(3)
		if depth > 0 && g.IntN(2) == 0 {
			times = min(times, 1)
		}
		for range times {
			g.block(n, indent, depth)
		}
	}
}

func (g *generator) block(b *Block, indent string, depth int) {
	head := b.Name
	if b.Label != "" {
		label := g.pick([]string{"a", "b", "c"})
		if len(b.Labels) > 0 {
			label = g.pick(b.Labels)
		}
		head += fmt.Sprintf(" %q", label)
	}
	g.line(indent, head+" {")
	g.body(b, indent+"  ", depth+1)
	g.line(indent, "}")
}

func (g *generator) line(indent, text string) { g.out.WriteString(indent + text + "\n") }

func (g *generator) pick(list []string) string { return list[g.IntN(len(list))] }

func (g *generator) value(a Attribute) string {
	kind := a.Kind
	if g.IntN(12) == 0 {
		kind = KindAny
	}
	if len(a.Values) > 0 && g.IntN(5) > 0 {
		return fmt.Sprintf("%q", g.pick(a.Values))
	}
	if list := valuesOf(a.Name); list != nil && g.IntN(8) > 0 {
		return g.pick(list)
	}
	return g.pick(values(kind))
}

// valuesOf are values of attributes whose kind does not say enough.
func valuesOf(name string) []string {
	switch name {
	case "base_url":
		return []string{`"http://localhost:8000"`, `"https://127.0.0.1/x"`}
	case "path":
		return []string{`"/"`, `"/api/${user.index}?a=b"`, "\"/it's\"", `"report.html"`}
	case "host":
		return []string{"host.a"}
	case "user_classes":
		return []string{"[user_class.a]", "[user_class.a, user_class.b]", "[\n user_class.a, # one\n ]"}
	case "required_version":
		return []string{`">= 0.1.0"`, `"0.1"`}
	case "source":
		return []string{`"absent.hcl"`, `"./lib.hcl"`}
	case "hosts":
		return []string{`["*.example.com"]`, `["localhost", "10.0.0.0/8"]`}
	}
	return nil
}

// values are some values of a kind.
func values(kind Kind) []string {
	switch kind {
	case KindBool:
		return []string{"true", "false", "var.a"}
	case KindNumber, KindInteger, KindSharing, KindTimes:
		return []string{"1", "10", "2.5", "-1", "1e2", "var.a", "var.a + 1", `"3"`, "local.a"}
	case KindDuration:
		return []string{`"30s"`, `"1m"`, `"1h30m"`, "5", `"${var.a}s"`}
	case KindRate, KindSpeed:
		return []string{`"20/s"`, `"1000/min"`, "10"}
	case KindBound:
		return []string{`"< 500ms"`, `"<= 1%"`, `">= 1000/min"`, `"== 0"`, `"> 5"`}
	case KindTexts, KindFields, KindParts:
		return []string{`{ a = "x" }`, `{ "b c" = 1, d = "${user.id}" }`, "{\n a = \"y: z\" # why\n b = null\n }", `{ (var.a) = "x" }`, `{}`}
	case KindStatuses:
		return []string{"[200]", `[200, "300-399"]`, "[]"}
	case KindWait:
		return []string{`constant("1s")`, `between("1s", "3s")`, `pacing("8s", "12s")`, `throughput("0.5/s")`, `exponential(var.a)`}
	case KindMetric:
		return []string{"metric.response_time.p95", `metric.response_time["p99.5"]`, "metric.errors.rate", "probe.a.b.max", "metric.requests.rate"}
	case KindReference:
		return []string{"host.a", "user_class.a", "scenario.a", "user_class.a.request.b"}
	case KindReferences:
		return []string{"[scenario.a]", "[scenario.a.b]", "[]", "[host.a]"}
	case KindType:
		return []string{"string", "number", "list(string)", "object({ a = string, b = optional(number) })", "any", "map(any)"}
	case KindEach:
		return []string{`{ x = 1, y = "z" }`, `toset(["a", "b"])`, "var.a"}
	case KindLines:
		return []string{`["a", "b"]`, `["${var.a}"]`}
	case KindJSON:
		return []string{`{ a = [1, true, null, "x${uuid()}"], b = { c = user.index } }`, `[for i in [1, 2] : { n = i }]`, `"text"`}
	case KindCondition, KindVerdict:
		return []string{"true", "response.status == 200", "var.a > 1", `response.json.a == "b"`, "iteration < 5"}
	case KindCapture, KindReading, KindRows:
		return []string{"response.json.id", `response.headers["x-a"]`, "response.json.a[*].b", "max(response.json.n, 0)"}
	case KindWindow:
		return []string{`"02:00-05:00 UTC"`}
	case KindValues:
		return []string{"{ a = 1 }"}
	}
	return []string{
		`"x"`, `"a: b # c"`, `"it's \"q\" \\ \n\té😀"`, `"${var.a}-${local.a}"`, "5", "1.10", "null", "var.a", "local.a", `"$${x} %%{y}"`,
		`upper("x")`, "<<EOT\none\n  two ${var.a}\nEOT\n", `"%{ if true }y%{ endif }"`, "[1, [2]]", `{ a = { b = "c" } }`, "user.index", "uuid()",
		"(\n 1 +\n 2\n )", `var.a == 1 ? "x" : "y: z"`, "-3", `"> 70%"`, `"yes"`, `"1.10"`, `"~"`, `""`, `" x "`, `"'"`,
	}
}

// FuzzSpelling writes a plan in HCL, transcribes it to YAML, and demands that
// both are the same plan, or wrong in the same way.
func FuzzSpelling(f *testing.F) {
	for seed := range uint64(120) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		src := generate(seed)
		text, err := transcribe([]byte(src))
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		inHCL, said := load(Inputs{}, map[string]string{"plans/main.hcl": src, "plans/lib.hcl": "locals {\n  lib = 1\n}\n"})
		inYAML, saidOfYAML := loadAs("plans/main.yaml", map[string]string{"plans/main.yaml": text, "plans/lib.hcl": "locals {\n  lib = 1\n}\n"})
		if diff := cmp.Diff(summaries(said), summaries(saidOfYAML)); diff != "" {
			t.Fatalf("HCL (-) and YAML (+) are wrong in other ways:\n%s\n%s\n%s\n%s\n%s", diff, messages(said), messages(saidOfYAML), src, text)
		}
		if said.HasErrors() {
			return
		}
		if diff := cmp.Diff(inHCL.Resolve().String(), inYAML.Resolve().String()); diff != "" {
			t.Fatalf("HCL (-) and YAML (+) differ:\n%s\n%s\n%s", diff, src, text)
		}
		if inHCL.Resolve().Digest() != inYAML.Resolve().Digest() {
			t.Fatalf("HCL and YAML differ beyond what is shown:\n%s\n%s", src, text)
		}
	})
}

// loadAs loads a plan of any spelling from texts.
func loadAs(name string, files map[string]string) (*Plan, hcl.Diagnostics) {
	return Load(name, Inputs{ReadFile: func(path string) ([]byte, error) {
		if text, ok := files[filepath.ToSlash(path)]; ok {
			return []byte(text), nil
		}
		return nil, os.ErrNotExist
	}})
}

// summaries are what diagnostics say, without places.
func summaries(diags hcl.Diagnostics) []string {
	var list []string
	for _, d := range diags {
		list = append(list, d.Summary)
	}
	slices.Sort(list)
	return list
}

// FuzzLoad loads anything in every spelling. Whatever it is, there is an answer,
// soon, and its diagnostics lie in the text.
func FuzzLoad(f *testing.F) {
	for seed := range uint64(20) {
		src := generate(seed)
		f.Add([]byte(src))
		if text, err := transcribe([]byte(src)); err == nil {
			f.Add([]byte(text))
		}
	}
	f.Add([]byte(`{"host": {"a": {"base_url": "http://localhost"}}, "scenario": {"a": {"user_classes": ["user_class.a"]}}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<16 {
			return
		}
		for _, name := range []string{"main.hcl", "main.yaml", "main.json"} {
			start := time.Now()
			p, diags := loadAs(name, map[string]string{name: string(src)})
			for _, d := range diags {
				if d.Subject != nil && (d.Subject.Start.Byte > d.Subject.End.Byte || d.Subject.End.Byte > len(src)) {
					t.Errorf("%s: %v is not in the file", name, d)
				}
			}
			if !diags.HasErrors() {
				p.Resolve()
				Lint(p, Machine{})
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("%s: %d bytes took %s", name, len(src), took)
			}
		}
	})
}
