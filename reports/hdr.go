package reports

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"math"

	"bossplan/interp/record"
)

// hdrEncoder writes histograms in HdrHistogram's compressed V2 encoding. The
// library's own encoder walks a dense copy of the histogram and allocates 1 MB
// each time; with one histogram per request and second that would disturb the
// load. This one goes over the steps that hold values and keeps its buffers.
// The zero value is ready.
type hdrEncoder struct {
	counts     []byte
	compressed bytes.Buffer
	zlib       *zlib.Writer
}

// The cookies say version 2, counts of variable length.
const (
	hdrCookie           = 0x1c849303 | 0x10
	hdrCompressedCookie = 0x1c849304 | 0x10
)

// append adds the base64 form of h to b.
func (e *hdrEncoder) append(b []byte, h *record.Histogram) ([]byte, error) {
	e.encodeCounts(h)
	head := binary.BigEndian.AppendUint32(nil, hdrCookie)
	head = binary.BigEndian.AppendUint32(head, uint32(len(e.counts)))
	head = binary.BigEndian.AppendUint32(head, 0) // offset of the normalised index
	head = binary.BigEndian.AppendUint32(head, 3) // significant digits
	head = binary.BigEndian.AppendUint64(head, 1) // lowest value told apart
	head = binary.BigEndian.AppendUint64(head, uint64(record.MaxValue))
	head = binary.BigEndian.AppendUint64(head, math.Float64bits(1)) // integer to double ratio
	if err := e.compress(head, e.counts); err != nil {
		return nil, err
	}
	out := binary.BigEndian.AppendUint32(nil, hdrCompressedCookie)
	out = binary.BigEndian.AppendUint32(out, uint32(e.compressed.Len()))
	out = append(out, e.compressed.Bytes()...)
	return base64.StdEncoding.AppendEncode(b, out), nil
}

func (e *hdrEncoder) compress(parts ...[]byte) error {
	e.compressed.Reset()
	if e.zlib == nil {
		e.zlib = zlib.NewWriter(&e.compressed)
	} else {
		e.zlib.Reset(&e.compressed)
	}
	for _, p := range parts {
		if _, err := e.zlib.Write(p); err != nil {
			return err
		}
	}
	return e.zlib.Close()
}

// encodeCounts writes the count of every step up to the last with a value; a
// run of empty ones is written as its length with a minus sign.
func (e *hdrEncoder) encodeCounts(h *record.Histogram) {
	e.counts = e.counts[:0]
	next := 0
	h.Steps(func(value, count int64) {
		i := record.StepOf(value)
		if empty := i - next; empty == 1 {
			e.counts = appendZigZag(e.counts, 0)
		} else if empty > 1 {
			e.counts = appendZigZag(e.counts, -int64(empty))
		}
		e.counts = appendZigZag(e.counts, count)
		next = i + 1
	})
}

// appendZigZag writes a number as HdrHistogram does: small ones, of either
// sign, in few bytes of 7 bits, a ninth byte whole.
func appendZigZag(b []byte, v int64) []byte {
	u := uint64(v<<1) ^ uint64(v>>63)
	for range 8 {
		if u < 0x80 {
			return append(b, byte(u))
		}
		b = append(b, byte(u)|0x80)
		u >>= 7
	}
	return append(b, byte(u))
}
