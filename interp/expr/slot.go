package expr

import (
	"strconv"

	"github.com/zclconf/go-cty/cty"
)

// A slot is a field of the Frame that every plan's run-time names have.
type slot int

const (
	slotUserID slot = iota
	slotUserIndex
	slotUserClass
	slotIteration
)

func (s slot) kind() kind {
	if s == slotUserIndex || s == slotIteration {
		return kindNumber
	}
	return kindString
}

func (s slot) value(f *Frame) (value, error) {
	switch s {
	case slotUserID:
		id, _ := userID{}.append(nil, f)
		return normal(string(id)), nil
	case slotUserClass:
		return normal(f.UserClass), nil
	case slotUserIndex:
		return integer(f.UserIndex), nil
	default:
		return integer(f.Iteration), nil
	}
}

func (s slot) append(dst []byte, f *Frame) ([]byte, error) {
	start := len(dst)
	dst, err := s.raw().append(dst, f)
	if !isASCII(dst[start:]) {
		dst = normalize(dst, start)
	}
	return dst, err
}

// raw is the writer of the slot as it is, not normalised. Each slot has a type
// of its own: it is what most programs do most of the time.
func (s slot) raw() writer {
	switch s {
	case slotUserID:
		return userID{}
	case slotUserIndex:
		return userIndex{}
	case slotUserClass:
		return userClass{}
	default:
		return iteration{}
	}
}

type (
	userID    struct{}
	userIndex struct{}
	userClass struct{}
	iteration struct{}
)

func (userID) append(dst []byte, f *Frame) ([]byte, error) {
	if f.Scenario == "" {
		return append(dst, f.UserID...), nil
	}
	dst = append(append(dst, f.Scenario...), '-')
	return strconv.AppendInt(dst, f.UserIndex, 10), nil
}

func (userClass) append(dst []byte, f *Frame) ([]byte, error) {
	return append(dst, f.UserClass...), nil
}

func (userIndex) append(dst []byte, f *Frame) ([]byte, error) {
	return strconv.AppendInt(dst, f.UserIndex, 10), nil
}

func (iteration) append(dst []byte, f *Frame) ([]byte, error) {
	return strconv.AppendInt(dst, f.Iteration, 10), nil
}

// A whole is a name without what it is a name of: user, vars, row, response,
// or all headers or cookies. It is made anew each time, for HCL or as JSON.
type whole struct {
	names *Names
	root  string
}

func (w *whole) cty(f *Frame) (cty.Value, error) {
	all := map[string]value{}
	switch w.root {
	case "user":
		for name, s := range map[string]slot{"id": slotUserID, "index": slotUserIndex, "class": slotUserClass} {
			all[name], _ = s.value(f)
		}
	case "vars":
		for i, name := range w.names.Vars {
			all[name], _ = variable(i).value(f)
		}
	case "row":
		for i, d := range w.names.Data {
			if n := f.row(i); n >= 0 {
				v, err := f.dataset(i).row(n)
				if err != nil {
					return cty.NilVal, err
				}
				all[d.Name] = v
			} else {
				all[d.Name] = value{}
			}
		}
	default:
		return w.answer(f)
	}
	return objectOf(all)
}

func (w *whole) answer(f *Frame) (cty.Value, error) {
	switch {
	case f.Answer == nil:
		return cty.NilVal, errNoAnswer
	case w.root == "headers":
		return f.Answer.headersCty(), nil
	case w.root == "cookies":
		return f.Answer.cookiesCty(), nil
	}
	return f.Answer.cty()
}

func objectOf(all map[string]value) (cty.Value, error) {
	object := make(map[string]cty.Value, len(all))
	for name, v := range all {
		part, err := v.cty()
		if err != nil {
			return cty.NilVal, err
		}
		object[name] = part
	}
	return cty.ObjectVal(object), nil
}

func (w *whole) value(f *Frame) (value, error) {
	v, err := w.cty(f)
	if err != nil {
		return value{}, err
	}
	return fromCtyValue(v)
}

func (w *whole) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(w, dst, f) }
