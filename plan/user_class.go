package plan

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A UserClass is a kind of user: where it goes, what it does in which shares,
// and how long it waits in between.
type UserClass struct {
	Name       string
	Host       *Host
	Weight     float64 // share among the classes of a scenario; 1 where a scenario has one class and none is given
	FixedCount int     // so many users of this class, whatever the level; 0: by Weight
	Wait       Wait
	Headers    []Field
	Tags       map[string]string
	Mix        Mix
	Choices    []*Flow    // what an iteration may be, each with its weight
	Requests   []*Request // of the choices, in order; those of on_start and on_stop are not among them
	OnStart    *Flow      // nil: nothing
	OnStop     *Flow
	DeclRange  hcl.Range
}

// Address is the class's name as references write it.
func (c *UserClass) Address() string { return "user_class." + c.Name }

// Mix says how a user chooses its next request.
type Mix string

const (
	MixExact  Mix = "exact"  // deterministic interleave: shares hold to within one request a user
	MixRandom Mix = "random" // independent draws
)

// WaitKind says what a user does between two iterations.
type WaitKind string

const (
	WaitNone        WaitKind = ""            // start the next at once
	WaitConstant    WaitKind = "constant"    // Min after the end of the last
	WaitBetween     WaitKind = "between"     // uniform in [Min, Max] after the end of the last
	WaitExponential WaitKind = "exponential" // exponential with mean Min after the end of the last
	WaitPacing      WaitKind = "pacing"      // uniform in [Min, Max] from due start to due start
)

// Wait is the pause between a user's iterations. throughput("0.5/s") is read
// as pacing of its reciprocal.
type Wait struct {
	Kind     WaitKind
	Min, Max time.Duration // Max equals Min where the kind has one argument
}

// Mean is the expected pause: between iterations or, for pacing, between
// their due starts.
func (w Wait) Mean() time.Duration { return (w.Min + w.Max) / 2 }

// decodeUserClasses decodes all user_class blocks.
func (d *decoder) decodeUserClasses(blocks hcl.Blocks) {
	schema := d.schema.block("user_class")
	each(blocks, schema.Name, func(hb *hcl.Block) {
		d.instances(hb, "user_class.", func(name string, free bool) {
			c := &UserClass{Name: name, DeclRange: hb.DefRange}
			if free {
				d.classes[name] = c
			}
			d.plan.UserClasses = append(d.plan.UserClasses, c)
			wanted := d.wanting(func() {
				d.within(c.Address(), func() { d.open(hb, schema).userClass(c) })
			})
			d.checkWants(c, wanted)
		})
	})
	for _, h := range d.hostWants {
		d.checkHostWants(h.host, h.wanted)
	}
}

func (b *block) userClass(c *UserClass) {
	if attr := b.attrs["host"]; attr != nil {
		c.Host = b.hostReference(attr.Expr, "user_class host")
	}
	b.share(c)
	c.Wait = b.wait("wait")
	c.Headers = b.fields("headers", headerFields, requestSpot())
	c.Tags = b.texts("tags")
	mix, _ := b.text("mix")
	c.Mix = Mix(mix)
	b.choices(c)
	c.OnStart = b.hook(c, HookStart)
	c.OnStop = b.hook(c, HookStop)
}

// share reads how many users are of the class. What a scenario with several
// classes demands is checked there.
func (b *block) share(c *UserClass) {
	weight, weighted := b.number("weight")
	fixed, _ := b.integer("fixed_count")
	c.FixedCount = int(fixed)
	switch {
	case b.has("weight") && b.has("fixed_count"):
		b.fail(b.at("fixed_count"), "Weight and fixed_count", "user_class has either a weight or a fixed_count: the users of a fixed count have no share in the rest.")
	case weighted:
		c.Weight = weight
	case !b.has("fixed_count"):
		c.Weight = 1
		if !b.has("weight") && !b.meant("weight", "fixed_count") {
			b.unweighted[c] = true
		}
	}
}
