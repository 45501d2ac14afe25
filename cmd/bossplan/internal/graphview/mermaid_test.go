package graphview

import "testing"

func TestMermaidEscape(t *testing.T) {
	for text, want := range map[string]string{
		`user_class.u 90%`: `user_class.u 90%`,
		`a"b`:              `a#34;b`,
		`#quot;`:           `#35;quot#59;`,
		"%%{init: {}}%%":   `%%#123;init: #123;}}%%`,
		"`**x**`":          `#96;#42;#42;x#42;#42;#96;`,
	} {
		if got := mermaidEscape(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
