package plan

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Stage is a level and how long it is held.
type Stage struct {
	Scenario *Scenario
	Name     string
	Open     bool

	Users     int     // closed: the level to reach
	SpawnRate float64 // closed: users a second on the way there; 0: Ramp says how
	Rate      float64 // open: iterations a second to reach
	Arrivals  Arrivals

	Ramp       time.Duration // to reach the level from the stage before; 0 (and no SpawnRate): at once
	Duration   time.Duration // of the whole stage, ramp included; the limit where Iterations is set
	Iterations int64         // the stage ends after so many; 0: by Duration
	Warmup     bool          // kept out of all that is judged and of every table
	DeclRange  hcl.Range
	LevelRange hcl.Range // of users or rate
}

// Address is the stage's name as references write it.
func (s *Stage) Address() string { return s.Scenario.Address() + "." + s.Name }

// Arrivals says how an open stage spaces its iterations.
type Arrivals string

const (
	ArrivalsPoisson Arrivals = "poisson"
	ArrivalsEven    Arrivals = "even"
)

// stages decodes a scenario's stages and checks that they are of one model.
func (b *block) stages(s *Scenario) {
	schema := b.schema.block("stage")
	var closed, open *Stage // the first of each
	certain := true
	for _, hb := range b.of(schema.Name) {
		certain = b.instances(hb, s.Address()+".", func(name string, _ bool) {
			st := &Stage{Scenario: s, Name: name, DeclRange: hb.DefRange}
			b.within(st.Address(), func() {
				inner := b.open(hb, schema)
				inner.stage(st)
				switch has := inner.has("rate"); {
				case has && open == nil:
					open = st
				case !has && inner.has("users") && closed == nil:
					closed = st
				}
			})
			s.Stages = append(s.Stages, st)
		}) && certain
	}
	switch {
	case len(s.Stages) == 0 && (!certain || b.meant(schema.Name)):
	case len(s.Stages) == 0:
		b.fail(&b.head, "No stages", "scenario %s has no stage blocks, so nothing would run.", s.Name)
	case open != nil && closed != nil:
		later := closed
		if open.DeclRange.Start.Byte > closed.DeclRange.Start.Byte {
			later = open
		}
		b.within(later.Address(), func() {
			b.fail(&later.LevelRange, "Users and rate mixed", "%s says a rate and %s says users. The stages of a scenario are all of one kind; make two scenarios.", open.Address(), closed.Address())
		})
	case closed != nil:
		for _, name := range []string{"max_in_flight", "on_late"} {
			if b.has(name) {
				b.fail(b.at(name), "Only for an open scenario", "scenario %s is about stages that say a rate; users that wait for their answers are never late.", name)
			}
		}
	}
}

func (b *block) stage(st *Stage) {
	st.Open = b.has("rate")
	st.LevelRange = b.head
	// Each is read even where it may not stand, for the mistakes of its own.
	users, _ := b.integer("users")
	st.Users = int(users)
	st.Rate, _ = b.rate("rate", false)
	switch {
	case b.has("rate") && b.has("users"):
		b.fail(b.at("rate"), "Users and rate", "stage says either users (each waits for its answers) or a rate (which does not wait), not both.")
		st.LevelRange = *b.at("rate")
	case b.has("rate"):
		st.LevelRange = *b.at("rate")
	case b.has("users"):
		st.LevelRange = *b.at("users")
	case !b.meant("users", "rate"):
		b.fail(&b.head, "No level", "stage needs users (a number of users) or a rate (such as \"1000/min\").")
	}
	b.stageRamp(st)
	arrivals, _ := b.text("arrivals")
	if st.Open {
		st.Arrivals = Arrivals(arrivals)
	} else if b.has("arrivals") && b.has("users") {
		b.fail(b.at("arrivals"), "Only for an open stage", "stage arrivals is about stages that say a rate.")
	}
	st.Duration, _ = b.span("duration")
	st.Iterations, _ = b.integer("iterations")
	st.Warmup, _ = b.flag("warmup")
}

// stageRamp reads how the level is reached.
func (b *block) stageRamp(st *Stage) {
	speed, ok := b.rate("spawn_rate", true)
	if ok && speed == 0 {
		b.fail(b.at("spawn_rate"), "Invalid rate", "stage spawn_rate must be greater than zero; leave it out to set the level at once.")
	}
	st.Ramp, _ = b.duration("ramp")
	switch {
	case !b.has("spawn_rate"):
	case b.has("ramp"):
		b.fail(b.at("spawn_rate"), "Two ramps", "stage says either spawn_rate (users a second) or ramp (a duration), not both.")
	case st.Open:
		b.fail(b.at("spawn_rate"), "Only for a closed stage", "stage spawn_rate is about users; give a stage with a rate a ramp such as \"30s\".")
	default:
		st.SpawnRate = speed
	}
}
