package expr

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// A benchmark is one of the forms that a plan is full of, as
// testdata/benchmarks.json has them; docs/benchmarks.md has the results.
type benchmark struct {
	Name, Title, Source string
	Encoding            string  // "answer": the value is wanted, of a check or a capture
	Allocations         float64 // at most
}

func benchmarks(tb testing.TB) (list []benchmark) {
	tb.Helper()
	text, err := os.ReadFile("testdata/benchmarks.json")
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return list
}

func (b benchmark) ofAnswer() bool { return b.Encoding == "answer" }

func (b benchmark) encoding() Encoding {
	for enc, name := range encodings {
		if name == b.Encoding {
			return enc
		}
	}
	return Plain
}

// benchBody is an answer of 250 bytes.
const benchBody = `{"id":184467,"title":"Prepare the quarterly report","status":"open","priority":3,"tags":["load","quarter"],"owner":{"id":42,"name":"Ada Lovelace","email":"ada@example.com"},"created_at":"2026-11-25T09:30:00Z","done":false,"comments":[],"score":12.75}`

func benchFrame() *Frame {
	f := testFrame(1)
	f.Answer = &Answer{Status: 200, Body: []byte(benchBody), Time: 12 * time.Millisecond}
	return f
}

// compiled evaluates n times, as the engine does it.
func (b benchmark) compiled(tb testing.TB) func(n int) {
	f := benchFrame()
	answer := *f.Answer
	if b.ofAnswer() {
		ev := evaluator(tb, b.Source)
		return func(n int) {
			for range n {
				f.Answer.Reset()
				f.Answer.Status, f.Answer.Header, f.Answer.Body, f.Answer.Time = answer.Status, answer.Header, answer.Body, answer.Time
				ev.Value(f)
			}
		}
	}
	p, dst := compile(tb, b.Source, b.encoding()), make([]byte, 0, 1024)
	return func(n int) {
		for range n {
			p.Append(dst, f)
		}
	}
}

// interpreted has HCL evaluate n times. What is the same in all requests is
// made before; an answer is decoded each time.
func (b benchmark) interpreted(tb testing.TB) func(n int) {
	e, f := parse(tb, b.Source), benchFrame()
	ctx := e.Scope.NewChild()
	ctx.Variables, ctx.Functions = variables(testNames, f), functions(f)
	if !b.ofAnswer() {
		return func(n int) {
			for range n {
				e.Value(ctx)
			}
		}
	}
	response := ctx.Variables["response"].AsValueMap()
	return func(n int) {
		for range n {
			t, _ := ctyjson.ImpliedType(f.Answer.Body)
			response["json"], _ = ctyjson.Unmarshal(f.Answer.Body, t)
			ctx.Variables["response"] = cty.ObjectVal(response)
			e.Value(ctx)
		}
	}
}

func BenchmarkExpressions(b *testing.B) {
	for _, bench := range benchmarks(b) {
		b.Run(bench.Name+"/compiled", measure(bench.compiled))
		b.Run(bench.Name+"/hcl", measure(bench.interpreted))
	}
}

func measure(prepare func(testing.TB) func(n int)) func(*testing.B) {
	return func(b *testing.B) {
		run := prepare(b)
		b.ReportAllocs()
		b.ResetTimer()
		run(b.N)
	}
}

func TestAllocations(t *testing.T) {
	for _, bench := range benchmarks(t) {
		run := bench.compiled(t)
		if n := testing.AllocsPerRun(100, func() { run(1) }); n > bench.Allocations {
			t.Errorf("%s: %v allocations", bench.Source, n)
		}
	}
}
