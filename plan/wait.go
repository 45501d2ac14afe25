package plan

import (
	"math"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"bossplan/plan/quantity"
)

// waitNames are the functions that describe a pause.
func waitNames() []string {
	return []string{"constant", "between", "exponential", "pacing", "throughput"}
}

// wait reads a pause: one call of a function that describes it. It is read as
// syntax, so that what is wrong is told at the argument.
func (b *block) wait(name string) Wait {
	attr := b.attrs[name]
	if attr == nil {
		return Wait{}
	}
	call, diags := hcl.ExprCall(attr.Expr)
	if diags.HasErrors() {
		b.fail(b.at(name), "Invalid wait", `%s is one of constant("1s"), between("1s", "3s"), exponential("2s"), pacing("10s") and throughput("0.5/s").`, b.what(name))
		return Wait{}
	}
	args := call.Arguments
	least, most := 1, 1
	switch call.Name {
	case "constant", "exponential", "throughput":
	case "between":
		least, most = 2, 2
	case "pacing":
		most = 2
	default:
		b.fail(&call.NameRange, "Unknown wait", "There is no wait %s(); there are %s.%s", call.Name, strings.Join(waitNames(), ", "), b.hint(call.Name, waitNames()))
		return Wait{}
	}
	if len(args) < least || len(args) > most {
		b.fail(&call.NameRange, "Wrong number of arguments", "%s() takes %s, not %d.", call.Name, map[[2]int]string{{1, 1}: "1 argument", {2, 2}: "2 arguments", {1, 2}: "1 or 2 arguments"}[[2]int{least, most}], len(args))
		return Wait{}
	}
	if call.Name == "throughput" {
		return b.throughput(args[0])
	}
	return b.pause(WaitKind(call.Name), args)
}

// pause reads a wait whose arguments are durations.
func (b *block) pause(kind WaitKind, args []hcl.Expression) Wait {
	w := Wait{Kind: kind}
	ok := true
	for i, arg := range args {
		length, read := b.waitTime(kind, arg)
		if i == 0 {
			w.Min = length
		}
		w.Max = length
		ok = ok && read
	}
	if ok && w.Min > w.Max {
		rng := args[1].Range()
		b.fail(&rng, "Invalid wait", "%s() has its longer time first: the second must be at least %s.", kind, quantity.FormatDuration(w.Min))
	}
	return w
}

// waitTime reads one time of a wait. A pause of between may begin at zero.
func (b *block) waitTime(kind WaitKind, arg hcl.Expression) (time.Duration, bool) {
	what := string(kind) + "()"
	g, ok := b.argument(arg, what, `a duration such as "1s"`)
	if !ok {
		return 0, false
	}
	length, err := quantity.Duration(g.AsString())
	if err != nil {
		b.refuse(g, "Invalid duration", "%s: %s.", what, err)
		return 0, false
	}
	if length == 0 && kind != WaitBetween {
		b.refuse(g, "Invalid duration", "%s needs a time longer than zero. Leave wait out for users that do not wait.", what)
		return 0, false
	}
	return length, true
}

// throughput reads a rate for each user: pacing of its reciprocal.
func (b *block) throughput(arg hcl.Expression) Wait {
	g, ok := b.argument(arg, "throughput()", `a rate such as "0.5/s"`)
	if !ok {
		return Wait{Kind: WaitPacing}
	}
	rate, err := quantity.Rate(g.AsString())
	if err != nil {
		b.refuse(g, "Invalid rate", "throughput(): %s.", err)
		return Wait{}
	}
	interval := math.Round(float64(time.Second) / rate)
	if !(interval >= 1 && interval < math.MaxInt64) {
		b.refuse(g, "Invalid rate", "throughput() needs a rate greater than zero, such as \"0.5/s\".")
		return Wait{}
	}
	return Wait{Kind: WaitPacing, Min: time.Duration(interval), Max: time.Duration(interval)}
}

// argument evaluates an argument of a wait; it is false where that failed or
// where the value is not known yet.
func (b *block) argument(arg hcl.Expression, what, kind string) (given, bool) {
	g, ok := b.evaluate(arg, spot{what: what, static: true})
	if !ok {
		return given{}, false
	}
	if g.IsNull() {
		b.fail(&g.at, "Missing value", "%s needs %s, not null.", what, kind)
		return given{}, false
	}
	if g, ok = b.as(g, cty.String, what, kind); !ok || !g.IsKnown() {
		return given{}, false
	}
	return g, true
}

// stepWait reads the pause before a step of a flow. What paces iterations from
// start to start has no meaning there.
func (b *block) stepWait(name string) Wait {
	w := b.wait(name)
	if w.Kind == WaitPacing {
		b.fail(b.at(name), "Invalid wait", "%s is the pause before one request of a flow: pacing() and throughput() are about whole iterations. Use constant(), between() or exponential(), or pace the user_class.", b.what(name))
		return Wait{}
	}
	return w
}
