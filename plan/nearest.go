package plan

import "strings"

// Nearest is the known name that was probably meant: the one at the smallest
// edit distance once case and underscores are folded, if that is at most half
// of the name's length. It is empty where nothing is near; ties go to the first.
func Nearest(name string, known []string) string {
	folded := fold(name)
	best, distance := "", len(folded)/2+1
	for _, k := range known {
		if d := editDistance(folded, fold(k), distance); d < distance {
			best, distance = k, d
		}
	}
	return best
}

func fold(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), "_", "")
}

// editDistance is the Levenshtein distance in bytes, or limit if it is not
// below it. Two letters that have changed places are one edit.
func editDistance(a, b string, limit int) int {
	if swapped(a, b) {
		return min(1, limit)
	}
	if abs(len(a)-len(b)) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		least := row[0]
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
			least = min(least, row[j+1])
		}
		if least >= limit {
			return limit
		}
	}
	return min(row[len(b)], limit)
}

// swapped reports whether two neighbouring bytes that have changed places are
// all that differs.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
