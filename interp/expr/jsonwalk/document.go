package jsonwalk

import "math"

// A Document is JSON text that may be looked into several times. The first look
// walks over all of it, and remembers whether it is JSON and where the members
// of the outermost object are; a later one walks over no more than the member
// that it is led into. The zero Document is empty text.
type Document struct {
	text    []byte
	invalid bool
	index   index
}

// Reset makes it the document of another text, which must not change before the
// next Reset. Memory is used again.
func (d *Document) Reset(text []byte) {
	d.text, d.invalid = text, false
	d.index.members, d.index.complete = d.index.members[:0], false
}

// Find is like the function Find.
func (d *Document) Find(path []Step) (found []byte, failed int, err error) {
	switch {
	case d.invalid:
		return nil, 0, ErrInvalid
	case d.index.complete && len(path) > 0:
		return d.index.find(d.text, path)
	}
	w := walker{doc: d.text, path: path}
	if len(d.text) <= math.MaxInt32 {
		d.index.members = d.index.members[:0]
		w.index = &d.index
	}
	found, failed, err = w.walk()
	d.invalid = err == ErrInvalid
	n := len(d.index.members)
	d.index.complete = 0 < n && n <= maxMembers
	return found, failed, err
}

// maxMembers bounds what is remembered, to 4 KiB.
const maxMembers = 256

// An index is where the members of an object are.
type index struct {
	members  []member // at most one more than there may be
	complete bool
}

// A member is a key, without its quotes, and where its value begins.
type member struct {
	key, end, value int32
	plain           bool
}

func (x *index) add(m member) {
	if len(x.members) <= maxMembers {
		x.members = append(x.members, m)
	}
}

// find is Find in text that is known to be valid. Of equal keys the last one
// counts.
func (x *index) find(doc []byte, path []Step) (found []byte, failed int, err error) {
	for i := len(x.members) - 1; i >= 0; i-- {
		m := &x.members[i]
		if path[0].matches(doc[m.key:m.end], m.plain) {
			w := walker{doc: doc, path: path}
			w.value(int(m.value), 1)
			return w.found, w.failed, w.err
		}
	}
	return nil, 0, ErrMissing
}
