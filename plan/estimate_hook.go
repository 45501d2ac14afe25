package plan

import "math"

// hooks counts the requests of on_start and on_stop: once for each user that
// comes into being, warm-up included. They are counted in nothing else.
func (e *ScenarioEstimate) hooks() {
	users := e.starts()
	for i, class := range e.Scenario.UserClasses {
		for _, flow := range []*Flow{class.OnStart, class.OnStop} {
			if flow == nil {
				continue
			}
			for _, step := range newFlowWork(flow, 0, likely).steps {
				r := step.estimate(0)
				r.Count = users[i] * step.made
				e.Hooks = append(e.Hooks, r)
			}
		}
	}
}

// starts are the users of each class that come into being. A level that falls
// and rises again brings new ones. In the open model a user comes into being
// when an iteration is due and all others are busy.
func (e *ScenarioEstimate) starts() []float64 {
	started := make([]float64, len(e.work.classes))
	if e.Scenario.Open() {
		for _, st := range e.Stages {
			for _, level := range []float64{st.Level.From, st.Level.To} {
				for i, rate := range e.work.rates(level) {
					started[i] = max(started[i], math.Ceil(rate*e.work.classes[i].busy))
				}
			}
		}
		return started
	}
	before := e.work.users(0)
	for _, st := range e.Stages {
		for _, level := range []float64{st.Level.From, st.Level.To} {
			now := e.work.users(level)
			for i := range now {
				started[i] += max(0, now[i]-before[i])
			}
			before = now
		}
	}
	return started
}
