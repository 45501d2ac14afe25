package reports

import (
	"fmt"
	"strings"

	"bossplan/interp/record"
)

// An intervalLog makes the lines of latency.hlog: HdrHistogram's interval log,
// version 1.3, with response times in µs. Each second each request has a line
// for what its users waited for and one for what failed.
//
//	Tag=user_class.member.request.list,12.000,1.000,48.127,HISTFAAAA…
//	    tag                            start  length max(ms) histogram
type intervalLog struct {
	encoder hdrEncoder
	last    int64 // start of the last line in ms
}

// header is what stands above the lines. Times in the lines are seconds since
// BaseTime.
func (*intervalLog) header(r *record.Record) []byte {
	start := r.Run.Started.UTC()
	seconds := float64(start.UnixMilli()) / 1000
	var b strings.Builder
	fmt.Fprintf(&b, "#[Logged with bossplan %s]\n", clean(r.Run.BossplanVersion))
	b.WriteString("#[Histogram log format version 1.3]\n")
	b.WriteString("#[Values are response times in microseconds, Interval_Max is in milliseconds]\n")
	fmt.Fprintf(&b, "#[StartTime: %.3f (seconds since epoch), %s]\n", seconds, start.Format("2006-01-02T15:04:05.000Z"))
	fmt.Fprintf(&b, "#[BaseTime: %.3f (seconds since epoch)]\n", seconds)
	b.WriteString(`"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"` + "\n")
	return []byte(b.String())
}

// lines are those of one second, in the order of the requests.
func (l *intervalLog) lines(r *record.Record, s *record.Second) ([]byte, error) {
	type pair struct{ waited, failed record.Histogram }
	judged := make([]pair, len(r.Requests))
	warmup := make([]pair, len(r.Requests))
	for _, c := range s.Cells {
		p := &judged[c.Request]
		if c.Warmup {
			p = &warmup[c.Request]
		}
		p.waited.Merge(&c.Met.Response)
		p.waited.Merge(&c.Late.Response)
		p.failed.Merge(&c.Failed.Response)
	}
	start, length := l.interval(s)
	var b []byte
	for i, q := range r.Requests {
		tag := tagOf(q.Address)
		for _, h := range []struct {
			tag   string
			times *record.Histogram
		}{
			{tag, &judged[i].waited}, {tag + ":failed", &judged[i].failed},
			{tag + ":warmup", &warmup[i].waited}, {tag + ":warmup_failed", &warmup[i].failed},
		} {
			if h.times.Count() == 0 {
				continue
			}
			b = fmt.Appendf(b, "Tag=%s,%.3f,%.3f,%.3f,", h.tag, start, length, float64(h.times.Max())/1000)
			var err error
			if b, err = l.encoder.append(b, h.times); err != nil {
				return nil, err
			}
			b = append(b, '\n')
		}
	}
	return b, nil
}

// interval is a second's start and length in seconds. Readers demand that
// starts ascend and lengths are positive, to the three decimals written.
func (l *intervalLog) interval(s *record.Second) (start, length float64) {
	from := max(s.Start.Milliseconds(), l.last)
	to := max(s.End.Milliseconds(), from+1)
	l.last = from
	return float64(from) / 1000, float64(to-from) / 1000
}

// tagOf is an address without the characters that part a line's fields, which
// are written as in a URL.
func tagOf(address string) string {
	var b strings.Builder
	for _, c := range []byte(address) {
		if c <= ' ' || c == ',' || c == '%' || c == 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// emptyLog is the latency.hlog of a run without a sample.
func emptyLog(r *record.Record) []byte { return (*intervalLog)(nil).header(r) }
