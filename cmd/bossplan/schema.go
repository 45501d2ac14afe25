package main

func (a *app) schema(args []string) int {
	return a.usageError("schema is being built; it takes no arguments yet, not %d.", len(args))
}
