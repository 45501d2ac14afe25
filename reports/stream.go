package reports

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"bossplan/interp/record"
	"bossplan/plan/quantity"
)

// A Stream writes into a run's directory while the run goes on, so that even a
// killed process leaves a run that can be read: whole lines of latency.hlog and
// of the history, and a run.json that says the run did not end.
//
// A disk that is full or a directory that is gone must not end a run. The first
// failure of each file is returned, later ones are counted; each second tries
// again, and what is in the files stays whole. A Stream is not safe for
// concurrent use.
type Stream struct {
	dir     *directory
	log     intervalLog
	hlog    *lineFile
	history *lineFile
	state   checkpoint
	total   tally         // judged so far
	end     time.Duration // of the last second
	stamp   time.Time     // of the last line of the history
}

// NewStream opens the files in dir, which it creates where missing, and writes
// their first lines and the first checkpoint. r holds what is known before the
// start: the run, its requests and scenarios.
func NewStream(dir string, r *record.Record) (*Stream, error) {
	d, err := openDirectory(dir)
	if err != nil {
		return nil, err
	}
	s := &Stream{dir: d, state: checkpoint{dir: d, now: time.Now}}
	if s.hlog, err = newLineFile(d, hlogName, s.log.header(r)); err == nil {
		s.history, err = newLineFile(d, fileStem(planName(r))+historySuffix, csvLine(nil, historyHeader()...))
	}
	if err == nil {
		err = s.state.write(r, 0)
	}
	if err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	return s, nil
}

// Second adds what completed in a second. r is the record so far.
func (s *Stream) Second(r *record.Record, second *record.Second) error {
	lines, err := s.log.lines(r, second)
	if err == nil && len(lines) > 0 {
		err = s.hlog.append(lines)
	}
	now := tally{}
	for _, c := range second.Cells {
		now.add(&c.Stats)
		if !c.Warmup {
			s.total.add(&c.Stats)
		}
	}
	s.end = second.End
	// A line stands for a second also where the run ended in the middle of it:
	// the last few completions within a millisecond are no rate of thousands.
	length := max(second.End-second.Start, time.Second)
	row := historyFields(s.tick(sinceStart(r, s.end)), second.Point.Users, &now, length, &s.total)
	return errors.Join(err, s.history.append(csvLine(nil, row...)), s.state.second(r, s.end))
}

// tick is the timestamp of the next line of the history: what reads it counts
// on one line a second, also where the last second is a short one.
func (s *Stream) tick(at time.Time) time.Time {
	if next := s.stamp.Add(time.Second); at.Unix() < next.Unix() {
		at = next
	}
	s.stamp = at
	return at
}

// Close ends the streamed files; r is the finished record. Requests that no
// second held, such as those unfinished at the end, get a last line in the
// history, so that its totals are those of the tables. The error says which
// files lack lines.
func (s *Stream) Close(r *record.Record) error {
	final := tallyOf(r.Totals())
	if final.requests != s.total.requests || final.errors != s.total.errors {
		at := sinceStart(r, s.end)
		if r.Run.Ended.After(at) {
			at = r.Run.Ended
		}
		// A failure is counted, and closeFiles tells.
		_ = s.history.append(csvLine(nil, historyFields(s.tick(at), 0, &tally{}, 0, final)...))
	}
	return s.closeFiles()
}

func (s *Stream) closeFiles() error {
	var errs []error
	for _, f := range []*lineFile{s.hlog, s.history} {
		if f != nil {
			errs = append(errs, f.close())
		}
	}
	return errors.Join(append(errs, s.dir.Close())...)
}

// A lineFile grows by whole lines only.
type lineFile struct {
	name  string
	f     *os.File
	size  int64 // of the whole lines
	lost  int64 // how often lines could not be written
	cause error // why, the first time
}

func newLineFile(d *directory, name string, head []byte) (*lineFile, error) {
	f, err := d.root.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be written: %w", name, err)
	}
	l := &lineFile{name: name, f: f}
	if err := l.append(head); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

// append writes lines behind the last whole one. Where that fails it takes
// back the part that was written; only the first failure is returned.
func (l *lineFile) append(lines []byte) error {
	n, err := l.f.WriteAt(lines, l.size)
	if err == nil {
		l.size += int64(n)
		return nil
	}
	// If this fails as well the next line goes over the rest, or close tries
	// once more.
	_ = l.f.Truncate(l.size)
	l.lost++
	if l.cause != nil {
		return nil
	}
	l.cause = err
	return fmt.Errorf("%s cannot be written: %w", l.name, err)
}

func (l *lineFile) close() error {
	var errs []error
	if l.lost > 0 {
		errs = append(errs, fmt.Errorf("%s lacks what %s should have added: %w", l.name, quantity.Counted(l.lost, "write"), l.cause),
			l.f.Truncate(l.size))
	}
	errs = append(errs, l.f.Sync(), l.f.Close())
	return errors.Join(errs...)
}

// checkpointShare is how much more time must pass between two checkpoints than
// the last one took: writing them takes at most about 1 % of the time.
const checkpointShare = 100

// A checkpoint is the run.json of a run that has not ended.
type checkpoint struct {
	dir    *directory
	now    func() time.Time
	next   time.Time
	failed bool
}

// second writes a checkpoint if it is time for one. Only the first failure is
// returned.
func (c *checkpoint) second(r *record.Record, at time.Duration) error {
	if c.now().Before(c.next) {
		return nil
	}
	err := c.write(r, at)
	if err == nil || c.failed {
		return nil
	}
	c.failed = true
	return err
}

func (c *checkpoint) write(r *record.Record, at time.Duration) error {
	begun := c.now()
	unfinished := *r
	unfinished.Run.State = record.StateCrashed
	unfinished.Run.StateDetail = "last seen " + quantity.FormatMeasured(at) + " after its start"
	unfinished.Run.Ended = sinceStart(r, at)
	v := &record.Verdict{Status: record.Inconclusive, Reasons: []string{"the run did not end"}}
	err := c.dir.replace(runFileName, func(w io.Writer) error { return writeRunFile(w, &unfinished, v, nil) })
	end := c.now()
	// A caller that comes once a second may be a little early.
	c.next = end.Add(max(time.Second-100*time.Millisecond, checkpointShare*end.Sub(begun)))
	return err
}
