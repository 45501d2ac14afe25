package plan

// IsPlan reports whether a file is a plan: one of HCL, YAML or JSON with a
// scenario at its top. One that cannot be parsed is taken for a plan, for
// loading it says what is wrong, unless it is YAML or JSON that has nothing of a
// plan in it.
func IsPlan(name string, src []byte) bool {
	if spelling(name) == "" {
		return false
	}
	if _, err := checkText(src, nil); err == nil {
		if parsed, diags := parseFile(name, src); !diags.HasErrors() {
			return len(topBlocks(parsed.Body, "scenario")) > 0
		}
	}
	return spelling(name) == spellHCL || planKey.Match(src)
}
