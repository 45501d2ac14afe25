package main

func (a *app) format(args []string) int {
	return a.usageError("fmt is being built; it takes no arguments yet, not %d.", len(args))
}
