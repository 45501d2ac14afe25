package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Version is the version of the language and of this program: what
// required_version in a plan is held against.
const Version = "0.1.0"

// versionAllowed reports whether a version meets a constraint such as
// ">= 0.1.0, < 2.0.0". The error says what is wrong with the constraint.
func versionAllowed(constraint, version string) (bool, error) {
	have, _, err := parseVersion(version)
	if err != nil {
		return false, err
	}
	allowed := true
	for part := range strings.SplitSeq(constraint, ",") {
		part = strings.TrimSpace(part)
		end := strings.IndexFunc(part, func(r rune) bool { return !strings.ContainsRune("<>=!~", r) })
		if part == "" || end < 0 {
			return false, fmt.Errorf("%q has a part without a version", constraint)
		}
		want, precision, err := parseVersion(strings.TrimSpace(part[end:]))
		if err != nil {
			return false, err
		}
		ok, known := meets(slices.Compare(have[:], want[:]), part[:end])
		if part[:end] == "~>" {
			ok, known = compatible(have, want, precision), true
		}
		if !known {
			return false, fmt.Errorf("%q is not an operator; there are =, !=, >, >=, <, <= and ~>", part[:end])
		}
		allowed = allowed && ok
	}
	return allowed, nil
}

// meets reports whether the outcome of a comparison is what an operator asks for.
func meets(order int, op string) (ok, known bool) {
	switch op {
	case "", "=":
		return order == 0, true
	case "!=":
		return order != 0, true
	case ">":
		return order > 0, true
	case ">=":
		return order >= 0, true
	case "<":
		return order < 0, true
	case "<=":
		return order <= 0, true
	}
	return false, false
}

// compatible is what "~>" asks for: the last part that is written may grow, the
// parts before it may not.
func compatible(have, want [3]int, precision int) bool {
	fixed := max(precision-1, 1)
	return slices.Equal(have[:fixed], want[:fixed]) && slices.CompareFunc(have[:], want[:], cmp.Compare[int]) >= 0
}

// parseVersion reads one to three numbers with dots between them.
func parseVersion(text string) (version [3]int, precision int, err error) {
	parts := strings.Split(text, ".")
	if len(parts) > len(version) {
		return version, 0, fmt.Errorf("%q is not a version; write it like 1.2.0", text)
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil {
			return version, 0, fmt.Errorf("%q is not a version; write it like 1.2.0", text)
		}
		version[i] = int(n)
	}
	return version, len(parts), nil
}
