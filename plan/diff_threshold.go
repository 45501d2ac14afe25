package plan

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
		switch {
		case is.Name == "":
			return Loosened, "the bound must hold for the whole only"
		case was.Name == "":
			return Tightened, "the bound must hold for each"
		}
		return Changed, "changed scope"
	case "abort.for", "abort.window":
		return judgeAbort(was, is, Loosened)
	}
	return Changed, "changed scope"
}

// judgeMetric compares what is judged: of two percentiles of the same times the
// higher one asks for more where the bound is an upper one.
func judgeMetric(from, to *Threshold) (Severity, string) {
	a, b := from.Metric, to.Metric
	if a.Name != b.Name || a.Quantile == 0 || b.Quantile == 0 || from.Target.Upper() != to.Target.Upper() || to.Target.Op == "==" {
		return Changed, "changed scope"
	}
	if (b.Quantile < a.Quantile) == to.Target.Upper() {
		return Loosened, "it looks at fewer of the slow requests"
	}
	return Tightened, ""
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
