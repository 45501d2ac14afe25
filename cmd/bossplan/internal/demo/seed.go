package demo

import (
	"context"
	"fmt"
	"time"
)

// seed inserts n tasks with the ids 1 to n, the same ones every time: half of
// them pending, three tenths in progress, one fifth completed, each created a
// minute after the one before it. The texts are short: with its head a page of
// twenty fits the 4 KiB that net/http gathers before it writes to the socket.
func seed(ctx context.Context, c *conn, n int, now time.Time) error {
	work := [...]string{
		"Review the budget", "Call the supplier back", "Prepare the meeting", "Renew the licences",
		"Answer the auditors", "Plan the office move", "Interview two people", "Update the price list",
		"Close the support backlog", "Write the release notes", "Check the invoices",
	}
	days := [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}
	stands := [...]status{pending, inProgress, pending, completed, pending, inProgress, pending, completed, pending, inProgress}
	return c.within(c.begin, func() error {
		for i := range n {
			if err := ctx.Err(); err != nil {
				return err
			}
			t := task{
				Title:       fmt.Sprintf("%s (%d)", work[i%len(work)], i+1),
				Description: "By " + days[i%len(days)],
				Priority:    low + priority(i%3),
				Status:      stands[i%len(stands)],
			}
			if _, err := c.create(t, now.Add(time.Duration(i-n)*time.Minute)); err != nil {
				return err
			}
		}
		return nil
	})
}
