package plan

// A LintRule is one kind of warning about what a plan asks for. A comment in
// the plan can silence it by its ID, see [Lint].
type LintRule struct{ ID, Meaning string }

// LintRules are all of them, by what they are about.
func LintRules() []LintRule {
	return []LintRule{
		{"threshold-cannot-fail", "whatever answers come, or long after a latency threshold has failed"},
		{"threshold-cannot-be-met", "no figure can be like that"},
		{"unreachable-throughput", "a bound on requests that the planned load does not come to, even if every answer came at once"},
		{"too-few-samples", "for the percentile, for min_samples, or none at all"},
		{"abort-cannot-happen", "the run is over before the bound can have been broken for so long"},
		{"ramp-cut", "the stage ends before it is at its level"},
		{"no-load", "every stage of a scenario has no users or a rate of 0"},
		{"no-wait", "many users make requests as fast as answers come, with nothing that limits them"},
		{"nothing-judged", "every stage of the plan is a warm-up"},
		{"fixed-count-cut", "the classes with fixed_count want more users than there ever are"},
		{"user-class-never-used", "no scenario names it"},
		{"user-class-without-users", "a scenario names it and gives it no user"},
		{"host-never-used", "no user class, data or probe goes there"},
		{"data-never-used", "no request draws a row of it"},
		{"variable-never-used", "nothing in the plan's files names it"},
		{"local-never-used", "nothing in the plan's files names it"},
		{"request-never-made", "its weight is 0, or it is repeated 0 times, or its condition is false"},
		{"capture-read-early", "a request reads a capture before any request can have set it"},
		{"too-few-rows", "rows that must be unique are fewer than the users, or than the iterations that are certain"},
		{"write-on-guarded-host", "a request that writes goes to a host that a guard protects"},
		{"guard-exceeded", "the plan asks more of a host than its guard allows"},
		{"too-few-ports", "a host gets more connections than there are local ports for one target"},
		{"ignore-unknown", "a comment silences a warning that does not exist"},
	}
}
