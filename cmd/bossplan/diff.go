package main

func (a *app) diff(args []string) int {
	return a.usageError("diff is being built; it takes no arguments yet, not %d.", len(args))
}
