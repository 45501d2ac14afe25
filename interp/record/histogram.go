package record

import (
	"math"
	"math/bits"
)

// The layout is HdrHistogram's (Gil Tene, hdrhistogram.org) for values from
// 1 µs to 1 h at 3 significant digits: buckets whose width doubles, each cut
// into 2,048 linear steps of which the upper half is new.
//
//	value   0 …… 2047 | 2048 …… 4095 | 4096 …… 8191 | …
//	step        1     |      2       |      4       | …
//
// A dense histogram of this range takes 188 KB; there is one per request,
// outcome, phase, stage and loop, and most values of one lie close together.
// So the counts are kept in pages, and the pages in one folder a bucket, that
// come into being when first touched: a histogram of like values takes 1 KB.
const (
	// MaxValue is the largest value in µs that is told apart: one hour. Larger
	// ones count as MaxValue.
	MaxValue = int64(3600) * 1e6

	subBits    = 11 // 2,048 steps: enough for 3 digits
	pageBits   = 6
	pageSize   = 1 << pageBits
	folderBits = subBits - 1 - pageBits
	numFolders = 32 - subBits + 2 // MaxValue < 2^32
)

type (
	page   [pageSize]uint32
	folder [1 << folderBits]*page
)

// A Histogram counts durations in µs with HdrHistogram's resolution. The zero
// value is empty and ready. Minimum, maximum and mean are exact. It is not safe
// for concurrent use.
type Histogram struct {
	folders  *[numFolders]*folder // nil until touched, as are the folders and their pages
	overflow map[int]int64        // what did not fit the 32 bits of a step's count
	count    int64
	sum      float64
	squares  float64
	min, max int64
}

// StepOf is the number of the step that v, in µs and not above [MaxValue], falls
// into. It is also the number of that step in HdrHistogram's own encodings.
func StepOf(v int64) int {
	shift := bits.Len64(uint64(v)|(1<<subBits-1)) - subBits
	return shift<<(subBits-1) + int(v>>shift)
}

// upper is the largest value of step i.
func upper(i int) int64 {
	shift := i>>(subBits-1) - 1
	if shift < 0 {
		return int64(i)
	}
	lower := int64(i-shift<<(subBits-1)) << shift
	return lower + 1<<shift - 1
}

// Record counts one value in µs; negative ones count as 0.
func (h *Histogram) Record(v int64) {
	v = min(max(v, 0), MaxValue)
	if h.count == 0 || v < h.min {
		h.min = v
	}
	h.max = max(h.max, v)
	h.count++
	f := float64(v)
	h.sum += f
	h.squares += f * f
	i := StepOf(v)
	if p := h.pageOf(i); p != nil && p[i&(pageSize-1)] < math.MaxUint32 {
		p[i&(pageSize-1)]++
		return
	}
	h.bump(i, 1)
}

// pageOf is the page of step i; nil: not there yet.
func (h *Histogram) pageOf(i int) *page {
	if h.folders == nil {
		return nil
	}
	f := h.folders[i>>(pageBits+folderBits)]
	if f == nil {
		return nil
	}
	return f[i>>pageBits&(1<<folderBits-1)]
}

// bump adds n to step i. A count that outgrows its 32 bits goes on in overflow.
func (h *Histogram) bump(i int, n int64) {
	c := h.counter(i)
	if sum := int64(*c) + n; sum <= math.MaxUint32 {
		*c = uint32(sum)
		return
	}
	if h.overflow == nil {
		h.overflow = map[int]int64{}
	}
	h.overflow[i] += n
}

// counter is where step i is counted.
func (h *Histogram) counter(i int) *uint32 {
	if h.folders == nil {
		h.folders = new([numFolders]*folder)
	}
	f := &h.folders[i>>(pageBits+folderBits)]
	if *f == nil {
		*f = new(folder)
	}
	p := &(*f)[i>>pageBits&(1<<folderBits-1)]
	if *p == nil {
		*p = new(page)
	}
	return &(*p)[i&(pageSize-1)]
}

// Merge adds all that o has counted to h. o is unchanged.
func (h *Histogram) Merge(o *Histogram) {
	if o.count == 0 {
		return
	}
	if h.count == 0 || o.min < h.min {
		h.min = o.min
	}
	h.max = max(h.max, o.max)
	h.count += o.count
	h.sum += o.sum
	h.squares += o.squares
	o.eachPage(func(first int, p *page) bool { h.addPage(first, p); return true })
	for i, n := range o.overflow {
		h.bump(i, n)
	}
}

// addPage adds the counts of another histogram's page that begins with step first.
func (h *Histogram) addPage(first int, p *page) {
	h.counter(first) // so that the page is there
	mine := h.pageOf(first)
	for k, n := range p {
		if sum := uint64(mine[k]) + uint64(n); sum <= math.MaxUint32 {
			mine[k] = uint32(sum)
		} else {
			h.bump(first+k, int64(n))
		}
	}
}

// Reset empties h but keeps its pages for the next values.
func (h *Histogram) Reset() {
	if h.count == 0 {
		return
	}
	h.eachPage(func(_ int, p *page) bool { clear(p[:]); return true })
	*h = Histogram{folders: h.folders}
}

// eachPage calls f with every page there is and the number of its first step,
// in ascending order, until f says false.
func (h *Histogram) eachPage(f func(first int, p *page) bool) {
	if h.folders == nil {
		return
	}
	for i, folder := range h.folders {
		if folder == nil {
			continue
		}
		for k, p := range folder {
			if p != nil && !f((i<<folderBits|k)<<pageBits, p) {
				return
			}
		}
	}
}

// each calls f for every step with a count, in ascending order, until f says
// false.
func (h *Histogram) each(f func(i int, n int64) bool) {
	h.eachPage(func(first int, p *page) bool {
		for k, c := range p {
			if i := first + k; c > 0 && !f(i, int64(c)+h.overflow[i]) {
				return false
			}
		}
		return true
	})
}

// Count is the number of values.
func (h *Histogram) Count() int64 { return h.count }

// Min is the smallest value in µs, 0 if there is none.
func (h *Histogram) Min() int64 { return h.min }

// Max is the largest value in µs, 0 if there is none.
func (h *Histogram) Max() int64 { return h.max }

// Mean is the arithmetic mean in µs, 0 if there is no value.
func (h *Histogram) Mean() float64 {
	if h.count == 0 {
		return 0
	}
	return h.sum / float64(h.count)
}

// StdDev is the standard deviation in µs, 0 if there is no value.
func (h *Histogram) StdDev() float64 {
	if h.count == 0 {
		return 0
	}
	m := h.Mean()
	return math.Sqrt(max(h.squares/float64(h.count)-m*m, 0))
}

// Quantile is the value in µs that q percent of the values do not exceed, by
// nearest rank: the largest value of the step that holds the value of rank
// ceil(q/100 × count), but never above Max. It is 0 if there is no value.
func (h *Histogram) Quantile(q float64) int64 {
	if h.count == 0 {
		return 0
	}
	// The small term keeps 99.9 % of 1,000 at rank 999 where floating point
	// would make it 999.0000000000001.
	rank := int64(math.Ceil(q/100*float64(h.count) - 1e-9))
	rank = min(max(rank, 1), h.count)
	value := h.max
	h.each(func(i int, n int64) bool {
		rank -= n
		if rank > 0 {
			return true
		}
		value = min(max(upper(i), h.min), h.max)
		return false
	})
	return value
}

// Steps calls f with the largest value in µs and the count of every step that
// holds values, in ascending order.
func (h *Histogram) Steps(f func(value, count int64)) {
	h.each(func(i int, n int64) bool { f(upper(i), n); return true })
}
