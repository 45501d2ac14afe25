package wire

import "slices"

// Most requests have the headers of one of a few before them. So what goes out
// between the request line and the length of the body is kept of those that come
// again: to compare some strings, which mostly are the very same ones, costs a
// fraction of checking and writing them.

// A stamp is the rendered headers of requests to one host.
type stamp struct {
	headers []Header
	text    []byte // " HTTP/1.1" and all fields but the length of the body
	closes  bool   // they ask for the connection's end
	uses    int    // since stamps were last weighed
}

// stamps are those of one host that were worth to be kept.
type stamps struct {
	all    []*stamp
	misses int
}

const (
	maxStamps = 8
	// weighing is how many misses it takes until the stamp of least use makes
	// room. Where headers are never the same twice, that is how seldom one is
	// made in vain.
	weighing = 64
)

// of gives r's stamp, or nil; such a request must be checked in whole. Cookies
// are a user's own, so that a request with them has none.
func (s *stamps) of(r *request) *stamp {
	if r.cookies != "" {
		return nil
	}
	for _, known := range s.all {
		if slices.Equal(known.headers, r.headers) {
			known.uses++
			return known
		}
	}
	return s.miss(r)
}

func (s *stamps) miss(r *request) *stamp {
	s.misses++
	if len(s.all) < maxStamps {
		return s.add(len(s.all), r)
	}
	if s.misses%weighing > 0 {
		return nil
	}
	least := 0
	for i, known := range s.all {
		if known.uses < s.all[least].uses {
			least = i
		}
	}
	for _, known := range s.all {
		known.uses /= 2
	}
	return s.add(least, r)
}

// add makes a stamp for r's headers in place i, unless there is something wrong
// with them.
func (s *stamps) add(i int, r *request) *stamp {
	if r.checkHeaders() != nil {
		return nil
	}
	made := &stamp{headers: slices.Clone(r.headers), text: r.appendFields(nil), closes: r.closes(), uses: 1}
	if i == len(s.all) {
		s.all = append(s.all, nil)
	}
	s.all[i] = made
	return made
}

// check is the request's own, which is mostly done already.
func (r *ride) check() *Error {
	if r.stamp = r.conn.host.stamps.of(&r.req); r.stamp != nil {
		return r.req.checkLine()
	}
	return r.req.check()
}

// appendHead is the request's own, which is mostly done already.
func (r *ride) appendHead(b []byte) []byte {
	if r.stamp == nil {
		return r.req.appendHead(b)
	}
	return r.req.appendLength(append(r.req.appendTarget(b), r.stamp.text...))
}

// closes reports whether the request asks for its connection's end.
func (r *ride) closes() bool {
	if r.stamp == nil {
		return r.req.closes()
	}
	return r.stamp.closes
}
