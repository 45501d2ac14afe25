package yaml

import "sort"

// A trace says where each part of a scalar's value is written in the source.
// The reader gives the value, decoded; the source has it with quotes, escapes,
// folds and indentation. A trace without runs is of a value that could not be
// found in the source: everything in it is then at the scalar's start, which is
// coarse but never wrong.
//
//	source   "caf\u00e9 ${x}"
//	          ───══════──────       ─ as it is, ═ as a whole
//	value     caf  é   ␣${x}
type trace []run

// A run is n bytes of the value from offset val on, written as size bytes from
// offset src on: byte for byte where n and size are equal, else as a whole.
type run struct{ val, src, n, size int }

// start is where the byte of the value at an offset is written.
func (t trace) start(val int) int {
	i := sort.Search(len(t), func(i int) bool { return t[i].val+t[i].n > val })
	if i == len(t) {
		last := t[len(t)-1]
		return last.src + last.size
	}
	if r := t[i]; r.n == r.size {
		return r.src + val - r.val
	}
	return t[i].src
}

// end is where the bytes of the value before an offset end.
func (t trace) end(val int) int {
	if val == 0 {
		return t.start(0)
	}
	i := sort.Search(len(t), func(i int) bool { return t[i].val+t[i].n >= val })
	if i == len(t) {
		i--
	}
	if r := t[i]; r.n == r.size {
		return min(r.src+val-r.val, r.src+r.size)
	}
	return t[i].src + t[i].size
}

// between are the offsets in the source of value[from:to].
func (t trace) between(from, to int) (int, int) {
	if from >= to {
		at := t.start(from)
		return at, at
	}
	return t.start(from), t.end(to)
}

// add puts a run at the end; what goes on byte for byte becomes one run.
func (t trace) add(r run) trace {
	if n := len(t); n > 0 && r.n == r.size {
		if last := &t[n-1]; last.n == last.size && last.src+last.size == r.src {
			last.n += r.n
			last.size += r.size
			return t
		}
	}
	return append(t, r)
}
