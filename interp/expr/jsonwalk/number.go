package jsonwalk

// number is the index behind a number that must begin at i, of a size that can
// be worked with.
func number(doc []byte, i int) int {
	start := i
	if i < len(doc) && doc[i] == '-' {
		i++
	}
	whole := i
	for i < len(doc) && '0' <= doc[i] && doc[i] <= '9' {
		i++
	}
	if i == whole || doc[whole] == '0' && i > whole+1 {
		return -1
	}
	if i < len(doc) && doc[i] == '.' {
		fraction := i + 1
		if i = digits(doc, fraction); i == fraction {
			return -1
		}
	}
	if i < len(doc) && doc[i]|0x20 == 'e' {
		if i = exponent(doc, i+1); i < 0 {
			return -1
		}
	} else if i-start <= maxExponent {
		return i
	}
	if !bounded(doc[start:i]) {
		return -1
	}
	return i
}

// exponent is the index behind the exponent whose letter is before i.
func exponent(doc []byte, i int) int {
	if i < len(doc) && (doc[i] == '+' || doc[i] == '-') {
		i++
	}
	first := i
	if i = digits(doc, i); i == first {
		return -1
	}
	return i
}

func digits(doc []byte, i int) int {
	for i < len(doc) && '0' <= doc[i] && doc[i] <= '9' {
		i++
	}
	return i
}

// bounded reports whether a number is of a size that can be worked with; the
// digits of 1e999999999 would fill the memory.
func bounded(number []byte) bool {
	if len(number) > maxNumber {
		return false
	}
	magnitude := 0 // the exponent of its first digit but 0, in decimal
	point, begun := false, false
	for i, c := range number {
		switch {
		case c == '.':
			point = true
		case c|0x20 == 'e':
			power, ok := small(number[i+1:])
			return ok && (!begun || within(magnitude+power))
		case '1' <= c && c <= '9' || begun:
			begun = true
			if !point {
				magnitude++
			}
		case c == '0' && point:
			magnitude--
		}
	}
	return within(magnitude)
}

func within(magnitude int) bool { return -maxExponent < magnitude && magnitude <= maxExponent }

// small reads an exponent of up to six digits.
func small(exponent []byte) (n int, ok bool) {
	sign := 1
	for _, c := range exponent {
		switch {
		case c == '-':
			sign = -1
		case c != '+':
			if n = n*10 + int(c-'0'); n > 999999 {
				return 0, false
			}
		}
	}
	return sign * n, true
}
