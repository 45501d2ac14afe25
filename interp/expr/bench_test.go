package expr

import "testing"

// benchmarks are the forms that a plan is full of.
var benchmarks = []struct {
	name, source string
	enc          Encoding
}{
	{"path", `"/api/tasks/${user.id}"`, Path},
	{"path_number", `"/api/tasks/${user.index}"`, Path},
	{"query", `"/api/tasks?status=${user.class}&page=${iteration}"`, Path},
	{"uuid", `"/api/tasks/${uuid()}"`, Path},
	{"conditional", `"/api/tasks${iteration > 1 ? "?page=${iteration}" : ""}"`, Path},
	{"json", `{id = uuid(), title = "Task ${iteration} of ${user.id}", priority = random_int(1, 5), tags = ["load", user.class], owner = {id = user.id, index = user.index}, done = false}`, JSON},
}

func BenchmarkCompiled(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			p, f, dst := compile(b, bench.source, bench.enc), testFrame(1), make([]byte, 0, 1024)
			b.ReportAllocs()
			for b.Loop() {
				dst, _ = p.Append(dst[:0], f)
			}
		})
	}
}

func BenchmarkInterpreted(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			e, f := parse(b, bench.source), testFrame(1)
			ctx := e.Scope.NewChild()
			ctx.Variables, ctx.Functions = variables(testNames, f), functions(f)
			b.ReportAllocs()
			for b.Loop() {
				e.Value(ctx)
			}
		})
	}
}
