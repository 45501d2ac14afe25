package plan

import (
	"math"
	"slices"
)

// judgeThreshold judges one attribute of a threshold.
func (c *comparer) judgeThreshold(address string, was, is Setting) (Severity, string) {
	from, to := c.base.thresholds[address], c.head.thresholds[address]
	name := is.Name
	if name == "" {
		name = was.Name
	}
	switch name {
	case "metric":
		return judgeMetric(from, to)
	case "target":
		return judgeBounds(&from.Target, &to.Target, from.Metric.Unit == to.Metric.Unit)
	case "critical":
		return judgeBounds(from.Critical, to.Critical, from.Metric.Unit == to.Metric.Unit)
	case "window", "per": // the bound must hold in each of them, or only for the whole
		return judgeParts(was, is, from, to)
	case "of":
		return judgeScope(to, from.Of.covers(to.Of), to.Of.covers(from.Of))
	case "stages":
		return judgeScope(to, coverStages(from.Stages, to.Stages), coverStages(to.Stages, from.Stages))
	case "outcome":
		if from.Outcome == OutcomeOK && to.Outcome == OutcomeAny {
			return Changed, "changed scope"
		}
		return Loosened, "it looks at other requests"
	case "min_samples":
		if to.MinSamples < from.MinSamples {
			return Loosened, "fewer samples are enough"
		}
	case "abort.for", "abort.window":
		return judgeAbort(was, is, Loosened)
	}
	return Changed, "changed scope"
}

// judgeParts compares whether a bound must hold for each window or request.
func judgeParts(was, is Setting, from, to *Threshold) (Severity, string) {
	switch {
	case is.Name == "":
		return Loosened, "the bound must hold for the whole only"
	case was.Name == "":
		return Tightened, "the bound must hold for each"
	case is.Name == "window" && to.Window > from.Window:
		return Loosened, "what is short counts for less"
	case is.Name == "window" && to.Window < from.Window:
		return Tightened, ""
	}
	return Changed, "changed scope"
}

// judgeScope judges that a threshold looks somewhere else: whether what it
// looked at covers what it looks at, or the other way round.
func judgeScope(t *Threshold, narrower, wider bool) (Severity, string) {
	volume := slices.Contains([]string{"requests", "received", "sent"}, t.Metric.Name)
	switch {
	case wider, narrower && volume && !t.Target.Upper(): // less is harder to get from less
		return Changed, "changed scope"
	case narrower:
		return Loosened, "it looks at less"
	}
	return Loosened, "it does not look at what it did"
}

// covers reports whether a scope holds all of another, of any plan.
func (s Scope) covers(other Scope) bool {
	whole := s.Scenario == nil && s.Class == nil && s.Request == nil
	return whole || s.String() == other.String() ||
		s.Class != nil && other.Request != nil && s.Class.Address() == other.Request.Class.Address()
}

// coverStages reports whether some stages hold all of others, of any plan; none
// are all.
func coverStages(stages, others []*Stage) bool {
	if len(stages) == 0 || len(others) == 0 {
		return len(stages) == 0
	}
	return !slices.ContainsFunc(others, func(other *Stage) bool {
		return !slices.ContainsFunc(stages, func(st *Stage) bool { return st.Address() == other.Address() })
	})
}

// judgeMetric compares what is judged: of two percentiles of the same times the
// higher one asks for more where the bound is an upper one. Of figures that say
// something else, the one before is not asserted any more.
func judgeMetric(from, to *Threshold) (Severity, string) {
	a, b := from.Metric, to.Metric
	if a.Name != b.Name || a.rank() == 0 || b.rank() == 0 || from.Target.Upper() != to.Target.Upper() || to.Target.Op == "==" {
		return Loosened, "nothing asserts " + a.String() + " any more"
	}
	if (b.rank() < a.rank()) == to.Target.Upper() {
		return Loosened, "it looks at fewer of the slow requests"
	}
	return Tightened, ""
}

// rank is the percentile that a statistic of times is; 0 where it is none.
func (m Metric) rank() float64 {
	switch {
	case m.Unit == UnitTime && m.Probe == nil && m.Statistic == "max":
		return 100
	case m.Unit == UnitTime && m.Probe == nil && m.Statistic == "min":
		return math.SmallestNonzeroFloat64
	}
	return m.Quantile
}

// judgeBounds compares two bounds, nil where there is none.
func judgeBounds(from, to *Bound, sameUnit bool) (Severity, string) {
	switch {
	case to == nil:
		return Loosened, "missing the target is a warning at worst"
	case from == nil:
		return Tightened, ""
	case from.Op == "" || to.Op == "" || !sameUnit:
		return Changed, ""
	}
	switch harder, easier := Stricter(*to, *from), Stricter(*from, *to); {
	case harder && easier:
		return Loosened, "other values meet it"
	case easier:
		return Loosened, ""
	case harder:
		return Tightened, ""
	}
	return Changed, ""
}

// judgeAbort compares one attribute of an abort block; lost is how bad it is
// that a run goes on longer than before. That the whole block is gone is said
// once.
func judgeAbort(was, is Setting, lost Severity) (Severity, string) {
	switch {
	case is.Name == "" && was.Name == "abort.for":
		return lost, "the run does not stop by itself any more"
	case is.Name == "":
		return lost, ""
	case was.Name == "":
		return Tightened, ""
	case is.Name != "abort.for" || was.Number == nil || is.Number == nil:
		return Changed, ""
	case *is.Number > *was.Number:
		return lost, "the run stops later"
	}
	return Tightened, ""
}
