package main

import "bossplan/plan"

func (a *app) schema(args []string) int {
	f := a.flags("schema", "", "Prints the JSON Schema (draft-07) of plans in YAML and JSON, for editors. In YAML the first\nline tells them: # yaml-language-server: $schema=plan-language.schema.json")
	if code, ok := a.parse(f, args); !ok {
		return code
	}
	if f.NArg() > 0 {
		return a.usageError("schema takes no arguments.")
	}
	if err := plan.WriteJSONSchema(a.stdout); err != nil {
		return a.internalError(err)
	}
	return exitPass
}
