package engine

import (
	"math"
	"time"

	"bossplan/interp/record"
)

// shortSecond is the length below which a second says nothing of how busy a loop
// was: the last one of a run may be a few ms.
const shortSecond = 500 * time.Millisecond

// A busyGauge is what the collector knows of the generator's own work: what
// requests cost, and how busy the busiest loop was.
type busyGauge struct {
	aside  bool // there is more to it than the loops' own threads do, or those are not known
	second []strain
	whole  []strain // since the start
	cores  int
	usage  usage         // at the last reading
	cpu    time.Duration // of the process, since the start
}

func newBusyGauge(loops, cores int, o Options) busyGauge {
	return busyGauge{
		aside:  o.Aside || !o.Tied || !threadTimes,
		second: make([]strain, loops), whole: make([]strain, loops),
		cores: cores, usage: readUsage(),
	}
}

// take adds a loop's interval to the second.
func (b *busyGauge) take(loop int, iv *interval) {
	b.second[loop].add(iv.strain)
	b.whole[loop].add(iv.strain)
}

// finish brings the generator's figures up to the end of a second, and those of
// its point.
func (b *busyGauge) finish(g *record.Generator, p *record.Point, second record.Span) {
	length := max(second.To-second.From, 1)
	used := readUsage()
	spent := used.cpu - b.usage.cpu
	b.cpu += spent
	b.usage = used
	p.CPU = float64(spent) / float64(length)
	g.CPU += spent
	g.MaxMemory = max(g.MaxMemory, used.memory)

	g.LoopCPU = b.cpu
	if !b.aside {
		g.Loops, g.LoopCPU = len(b.whole), 0
		for _, s := range b.whole {
			g.LoopCPU += s.cpu
		}
	}
	g.Busy = b.share(b.whole, b.cpu, second.To)
	p.Busy = math.NaN()
	if length >= shortSecond {
		p.Busy = b.share(b.second, spent, length)
		g.NoteBusy(p.Busy, second)
	}
	clear(b.second)
}

// share is the busiest loop's, and where others work for it at least the part of
// all cores that the process used.
func (b *busyGauge) share(loops []strain, cpu, of time.Duration) float64 {
	most := 0.0
	for _, s := range loops {
		most = max(most, s.share())
	}
	if b.aside {
		most = max(most, strain{busy: cpu, of: of * time.Duration(b.cores)}.share())
	}
	return most
}
