package expr

// A writer appends what it stands for. On an error what it appended is of no
// use, but it has drawn all the random numbers that HCL would have drawn.
type writer interface {
	append(dst []byte, f *Frame) ([]byte, error)
}

// A code is a compiled expression. It appends its value as HCL would convert it
// to a string, ErrNull for a null, or gives the value itself to an operator.
type code interface {
	writer
	value(f *Frame) (value, error)
}

// A term is a code and what is known of it before the run.
type term struct {
	code
	kind     kind
	nullable bool // it may be null
	draws    bool // it takes random numbers
	fails    bool // it may be an error
	untyped  bool // HCL does not know the type of its error
	safe     bool // its text is of unreserved ASCII alone: no encoding changes it

	structure bool // it is an object or a list for sure
	wild      bool // of kindAny: it may be an object or a list
	retyped   bool // of those, HCL's own type may be one that JSON does not have: a map, a set
}

// opaque reports whether only HCL can work on the value.
func (t term) opaque() bool { return t.kind == kindOpaque }

// isConstant reports whether the value is known.
func (t term) isConstant() bool {
	_, ok := t.code.(*constant)
	return ok
}

// A constant is what is known.
type constant struct {
	known value
	text  []byte
}

func newConstant(v value) *constant {
	text, err := v.append(nil)
	if err != nil {
		text = nil
	}
	return &constant{known: v, text: text}
}

func (c *constant) value(*Frame) (value, error) { return c.known, nil }

func (c *constant) append(dst []byte, _ *Frame) ([]byte, error) {
	switch c.known.kind {
	case kindNull:
		return dst, ErrNull
	case kindJSON:
		return dst, errStructure
	}
	return append(dst, c.text...), nil
}

// bytesWriter is text that is known.
type bytesWriter []byte

func (w bytesWriter) append(dst []byte, _ *Frame) ([]byte, error) { return append(dst, w...), nil }

// A part is something computed and the literal text before it.
type part struct {
	prefix []byte
	writer
	null *Error // what ErrNull becomes; nil leaves it

	// Of a template:
	encoded []byte // prefix as it goes out
	safe    bool   // no encoding changes what it writes
}

// failure gives an error of the part its place.
func (p *part) failure(err error) error {
	switch {
	case p.null == nil:
		return err
	case err == ErrNull:
		return p.null
	}
	return at(err, p.null.Range)
}

// A sequence is parts and the literal text after them.
type sequence struct {
	parts  []part
	suffix []byte
}

// append appends all the parts, whatever fails.
func (s *sequence) append(dst []byte, f *Frame) (_ []byte, failed error) {
	return s.appendFrom(0, dst, f, nil)
}

// appendFrom appends what begins with a part, after a failure or none.
func (s *sequence) appendFrom(start int, dst []byte, f *Frame, failed error) ([]byte, error) {
	for i := start; i < len(s.parts); i++ {
		p := &s.parts[i]
		var err error
		if dst, err = p.append(append(dst, p.prefix...), f); err != nil {
			failed = first(failed, p.failure(err))
		}
	}
	return append(dst, s.suffix...), failed
}

// literal adds text that is known.
func (s *sequence) literal(text ...byte) { s.suffix = append(s.suffix, text...) }

// add adds something computed.
func (s *sequence) add(p part) {
	p.prefix, s.suffix = s.suffix, nil
	s.parts = append(s.parts, p)
}

// writer is the sequence in its simplest form.
func (s *sequence) writer() writer {
	if len(s.parts) == 0 {
		return bytesWriter(s.suffix)
	}
	return s
}
