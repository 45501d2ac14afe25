package main

func (a *app) graph(args []string) int {
	return a.usageError("graph is being built; it takes no arguments yet, not %d.", len(args))
}
