package plan

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// TestJSONSchemaFile holds docs/plan-language.schema.json against the language.
func TestJSONSchemaFile(t *testing.T) {
	path := filepath.Join("..", "docs", "plan-language.schema.json")
	var want bytes.Buffer
	if err := WriteJSONSchema(&want); err != nil {
		t.Fatal(err)
	}
	if *updateDocs {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	has, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), strings.ReplaceAll(string(has), "\r\n", "\n")); diff != "" {
		t.Errorf("%s is not what the language is (-language +file), run with -update:\n%s", path, diff)
	}
}

// compileSchema is the schema, itself checked against draft-07.
func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	var b bytes.Buffer
	if err := WriteJSONSchema(&b); err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("plan.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("plan.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// yamlValue is what an editor makes of a document.
func yamlValue(t *testing.T, src []byte) any {
	t.Helper()
	var value any
	if err := yaml.Unmarshal(src, &value); err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	return value
}

// TestJSONSchemaFixtures validates every plan in YAML and JSON that loads, and
// of those that do not, no good word is asked: schema or loader refuses them.
func TestJSONSchemaFixtures(t *testing.T) {
	schema := compileSchema(t)
	checked := 0
	for _, dir := range []string{filepath.Join("testdata", "valid"), filepath.Join("..", "plans")} {
		err := filepath.WalkDir(dir, func(name string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !slices.Contains([]string{spellYAML, spellJSON}, spelling(name)) {
				return err
			}
			src := mustRead(t, name)
			if filepath.Base(filepath.Dir(name)) == "data" || !bytes.Contains(src, []byte("scenario")) {
				return nil // rows, not a plan
			}
			checked++
			if err := schema.Validate(yamlValue(t, src)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d plans", checked)
}

// wholePlan uses every block and most kinds of attributes.
const wholePlan = `
$schema: ./plan-language.schema.json
bossplan: { required_version: ">= 0.1.0" }
import:
  - source: ./lib/a.yaml
    variables: { users: 3 }
  - { source: ./lib/b.hcl }
variable:
  users: { type: number, default: 10, env: USERS, validation: { condition: "${var.users > 0}", error_message: none } }
  token:
locals: { a: 1, b: [1, 2], c: "${var.users}" }
host:
  api:
    base_url: ${var.url}
    timeout: 1h30m
    connect_timeout: 5
    http: 1.1
    connections: per_user
    headers: { A: b, C: null, D: 1 }
    max_rate: 1000/min
    tls: { insecure_skip_verify: true }
    auth: { basic: { username: u, password: "${var.token}" } }
data:
  rows: { csv: ./rows.csv, order: shuffle, on_end: stop_user }
  asked: { host: host.api, path: /ids, values: "${response.json[*].id}" }
user_class:
  member:
    host: host.api
    weight: "1.5"
    wait: between("1s", "3s")
    on_start: { request: { login: { path: /login, method: POST, form: { a: "${row.rows.name}" } } } }
    on_stop:
    flow:
      buy:
        weight: 2
        on_failure: continue
        request:
          one: { path: /1, when: "${iteration > 1}", repeat: "${var.users}", wait: '${constant("1s")}' }
    request:
      list:
        for_each: { a: 1 }
        path: /${each.key}
        json: { any: [thing] }
        expect_status: [200, 300-399, "${var.users}"]
        check: { ok: { condition: "${response.status == 200}" } }
        capture: { id: { value: "${response.json.id}" } }
        multipart: { a: b, c: { file: ./x.png, content_type: image/png } }
scenario:
  main:
    user_classes: [user_class.member]
    stage:
      a: { users: 10, spawn_rate: 5, duration: 1m, warmup: true }
      b: { users: "${var.users}", ramp: 30s, duration: "${local.c}", iterations: 5 }
threshold:
  p95: { metric: metric.response_time.p95, target: "< 500ms", per: request, stages: [scenario.main.b], abort: { for: 10s } }
probe:
  pool: { host: host.api, path: /pool, gauge: { used: { value: "${response.json.used}" } } }
guard:
  prod:
    hosts: ["*.example.org", 10.0.0.0/8]
    window: 02:00-05:00 UTC
    acknowledge: [I know]
    abort: { metric: metric.errors.rate, bound: "> 20%", for: 10s }
report: { html: { path: a.html }, csv: [{ path: a }, { path: b }] }
`

func TestJSONSchema(t *testing.T) {
	schema := compileSchema(t)
	if err := schema.Validate(yamlValue(t, []byte(wholePlan))); err != nil {
		t.Errorf("a good plan: %v", err)
	}
	for _, bad := range []string{
		"nonsense: 1",
		"host: { api: { base_url: x, base_ulr: y } }",
		"host: { api: {} }",
		"host: { api: }",
		"host: { 1a: { base_url: x } }",
		"host: [ { base_url: x } ]",
		"host: { api: { base_url: x, timeout: 15min } }",
		"host: { api: { base_url: x, timeout: -1 } }",
		"host: { api: { base_url: x, http: '3' } }",
		"host: { api: { base_url: x, cookies: maybe } }",
		"host: { api: { base_url: x, connections: 0 } }",
		"host: { api: { base_url: x, max_rate: 5 } }",
		"host: { api: { base_url: x, max_rate: 5/d } }",
		"host: { api: { base_url: x, follow_redirects: 1.5 } }",
		"host: { api: { base_url: x, follow_redirects: 101 } }",
		"host: { api: { base_url: x, headers: [a] } }",
		"host: { api: { base_url: x, tls: [] } }",
		"host: { api: { base_url: [x] } }",
		"user_class: { m: { host: api } }",
		"user_class: { m: { host: host.api, wait: sleep(1) } }",
		"user_class: { m: { host: host.api, request: { a: { path: /, wait: constant(1) } } } }",
		"user_class: { m: { host: host.api, flow: { f: { request: { a: { path: /, weight: 1 } } } } } }",
		"user_class: { m: { host: host.api, request: { a: { path: /, expect_status: 200 } } } }",
		"user_class: { m: { host: host.api, request: { a: { path: /, expect_status: [2xx] } } } }",
		"user_class: { m: { host: host.api, request: { a: { path: /, multipart: { f: { fiel: x } } } } } }",
		"user_class: { m: { host: host.api, request: { a: { path: /, for_each: [a] } } } }",
		"scenario: { s: { user_classes: user_class.m } }",
		"scenario: { s: { user_classes: [m] } }",
		"scenario: { s: { user_classes: [user_class.m], stage: { a: { users: many, duration: 1m } } } }",
		"scenario: { s: { user_classes: [user_class.m], stage: { a: { users: -1, duration: 1m } } } }",
		"scenario: { s: { user_classes: [user_class.m], stage: { a: { users: 1 } } } }",
		"threshold: { t: { metric: response_time.p95, target: < 1s } }",
		"threshold: { t: { metric: metric.response_time.p95, target: 1s } }",
		"threshold: { t: { metric: metric.response_time.p95, target: < 1s, outcome: good } }",
		"threshold: { t: { metric: metric.response_time.p95, target: < 1s, abort: {} } }",
		"variable: { v: { for_each: {} } }",
		"guard: { g: { hosts: x } }",
		"guard: { g: { hosts: [x], window: at night } }",
		"report: { pdf: {} }",
		"import: { from: x }",
		"- host",
	} {
		if err := schema.Validate(yamlValue(t, []byte(bad))); err == nil {
			t.Errorf("the schema has nothing against %s", bad)
		}
	}
}

// TestJSONSchemaKinds is about kinds that are added later: each needs a shape.
func TestJSONSchemaKinds(t *testing.T) {
	for _, k := range usedKinds(Schema()) {
		anything := k == KindAny || k == KindJSON
		if got := shapesOf(&Attribute{Kind: k}); (len(got) == 0) != anything {
			t.Errorf("kind %q has no shape in the JSON Schema", k)
		}
	}
}
