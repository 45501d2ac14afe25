package expr

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A clock is the format of now(format): always in UTC.
//
//	rfc3339   2026-11-25T09:30:00Z, also without an argument
//	unix      seconds since 1970, a number
//	unix_ms   milliseconds since 1970, a number
//
// Any other format is one of Terraform's formatdate: YYYY YY, MMMM MMM MM M,
// DD D, EEEE EEE, hh h (24 hours), HH H (12 hours), AA aa (AM, am), mm m, ss s,
// ZZZZZ ZZZZ ZZZ Z; other letters stand between single quotes, of which two in
// a row are one.
type clock struct {
	unit  time.Duration // of a number; 0 for text
	verbs []verb
}

// A verb is a layout of package time or, where that has none, an hour without
// padding, or text that stands for itself.
type verb struct {
	layout  string
	hour    bool
	literal string
}

// parseClock reads the argument of now.
func parseClock(format string) (clock, error) {
	switch format {
	case "unix":
		return clock{unit: time.Second}, nil
	case "unix_ms":
		return clock{unit: time.Millisecond}, nil
	case "rfc3339":
		return clock{verbs: []verb{{layout: time.RFC3339}}}, nil
	}
	var c clock
	for format != "" {
		v, rest, err := nextVerb(format)
		if err != nil {
			return clock{}, err
		}
		c.verbs, format = append(c.verbs, v), rest
	}
	return c, nil
}

func nextVerb(format string) (v verb, rest string, err error) {
	switch first := format[0]; {
	case first == '\'':
		return quotedVerb(format)
	case isLetter(first):
		n := len(format) - len(strings.TrimLeft(format, format[:1]))
		v, ok := verbOf(format[:n])
		if !ok {
			return verb{}, "", fmt.Errorf("the format of now() is rfc3339, unix, unix_ms or made of the verbs of formatdate, such as YYYY-MM-DD; it cannot be %q", format[:n])
		}
		return v, format[n:], nil
	}
	n := strings.IndexFunc(format, func(r rune) bool { return r == '\'' || r < 0x80 && isLetter(byte(r)) })
	if n < 0 {
		n = len(format)
	}
	return verb{literal: format[:n]}, format[n:], nil
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// quotedVerb reads text between single quotes; two of them are one.
func quotedVerb(format string) (v verb, rest string, err error) {
	if strings.HasPrefix(format, "''") {
		return verb{literal: "'"}, format[2:], nil
	}
	for i := 1; i < len(format); i++ {
		if format[i] != '\'' {
			v.literal += format[i : i+1]
			continue
		}
		if i++; i == len(format) || format[i] != '\'' {
			return v, format[i:], nil
		}
		v.literal += "'"
	}
	return verb{}, "", fmt.Errorf("the format of now has a single quote that is not closed")
}

func verbOf(letters string) (verb, bool) {
	switch letters {
	case "YYYY":
		return verb{layout: "2006"}, true
	case "YY":
		return verb{layout: "06"}, true
	case "MMMM":
		return verb{layout: "January"}, true
	case "MMM":
		return verb{layout: "Jan"}, true
	case "MM":
		return verb{layout: "01"}, true
	case "M":
		return verb{layout: "1"}, true
	case "DD":
		return verb{layout: "02"}, true
	case "D":
		return verb{layout: "2"}, true
	case "EEEE":
		return verb{layout: "Monday"}, true
	case "EEE":
		return verb{layout: "Mon"}, true
	}
	return timeVerbOf(letters)
}

func timeVerbOf(letters string) (verb, bool) {
	switch letters {
	case "hh":
		return verb{layout: "15"}, true
	case "h":
		return verb{hour: true}, true
	case "HH":
		return verb{layout: "03"}, true
	case "H":
		return verb{layout: "3"}, true
	case "AA":
		return verb{layout: "PM"}, true
	case "aa":
		return verb{layout: "pm"}, true
	case "mm":
		return verb{layout: "04"}, true
	case "m":
		return verb{layout: "4"}, true
	case "ss":
		return verb{layout: "05"}, true
	case "s":
		return verb{layout: "5"}, true
	case "Z":
		return verb{literal: "Z"}, true
	case "ZZZ":
		return verb{literal: "UTC"}, true
	case "ZZZZ":
		return verb{literal: "+0000"}, true
	case "ZZZZZ":
		return verb{literal: "+00:00"}, true
	}
	return verb{}, false
}

func (c clock) kind() kind {
	if c.unit != 0 {
		return kindNumber
	}
	return kindString
}

func (c clock) value(f *Frame) (value, error) {
	switch c.unit {
	case time.Second:
		return integer(f.Now().Unix()), nil
	case time.Millisecond:
		return integer(f.Now().UnixMilli()), nil
	}
	text, err := c.append(nil, f)
	return str(string(text)), err
}

func (c clock) append(dst []byte, f *Frame) ([]byte, error) {
	if c.unit != 0 {
		v, _ := c.value(f)
		return v.append(dst)
	}
	now := f.Now().UTC()
	for _, v := range c.verbs {
		switch {
		case v.hour:
			dst = strconv.AppendInt(dst, int64(now.Hour()), 10)
		case v.layout != "":
			dst = now.AppendFormat(dst, v.layout)
		default:
			dst = append(dst, v.literal...)
		}
	}
	return dst, nil
}
