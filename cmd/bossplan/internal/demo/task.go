package demo

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// What a task may hold. With these and the limit of a page no answer grows
// past a few megabytes, whatever clients send.
const (
	maxTitle       = 200   // characters
	maxDescription = 2_000 // characters
)

// A status is where a task stands. The zero status means "any" in a filter and
// is never a task's own.
type status uint8

const (
	anyStatus status = iota
	pending
	inProgress
	completed
	statusCount // as an array's length
)

func (s status) String() string {
	return [statusCount]string{"any", "pending", "in_progress", "completed"}[s]
}

// MarshalText writes the name that the API uses.
func (s status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func parseStatus(name string) (status, error) {
	for s := pending; s < statusCount; s++ {
		if s.String() == name {
			return s, nil
		}
	}
	return anyStatus, invalid("status must be pending, in_progress or completed, not %s", quote(name))
}

// A priority is how much a task matters. The zero priority is never a task's.
type priority uint8

const (
	_ priority = iota
	low
	medium
	high
	priorityCount // as an array's length
)

func (p priority) String() string {
	return [priorityCount]string{"none", "low", "medium", "high"}[p]
}

// MarshalText writes the name that the API uses.
func (p priority) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

func parsePriority(name string) (priority, error) {
	for p := low; p < priorityCount; p++ {
		if p.String() == name {
			return p, nil
		}
	}
	return 0, invalid("priority must be low, medium or high, not %s", quote(name))
}

// A task is one row. Times are in milliseconds since the epoch.
type task struct {
	ID          int64    `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Priority    priority `json:"priority"`
	Status      status   `json:"status"`
	Created     millis   `json:"created_at"`
	Updated     millis   `json:"updated_at"`
}

// encode returns the task as the API shows it.
func (t task) encode() ([]byte, error) { return json.Marshal(t) }

// millis is a moment, in milliseconds since the epoch, shown as RFC 3339 in UTC.
type millis int64

// MarshalText writes the moment with its milliseconds.
func (m millis) MarshalText() ([]byte, error) {
	return time.UnixMilli(int64(m)).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000Z"), nil
}

// A draft is the body of a request that creates a task.
type draft struct {
	Title       string  `json:"title"`
	Description string  `json:"description"`
	Priority    *string `json:"priority"`
}

// task checks the draft and returns the task that it asks for, without its id
// and times.
func (d draft) task() (task, error) {
	t := task{Title: strings.TrimSpace(d.Title), Description: d.Description, Priority: medium, Status: pending}
	switch {
	case t.Title == "":
		return task{}, invalid("title is required and must not be blank")
	case utf8.RuneCountInString(t.Title) > maxTitle:
		return task{}, invalid("title has %d characters; at most %d are allowed", utf8.RuneCountInString(t.Title), maxTitle)
	case utf8.RuneCountInString(t.Description) > maxDescription:
		return task{}, invalid("description has %d characters; at most %d are allowed", utf8.RuneCountInString(t.Description), maxDescription)
	}
	if d.Priority == nil {
		return t, nil
	}
	p, err := parsePriority(*d.Priority)
	t.Priority = p
	return t, err
}

// quote shows a client its own input, shortened so that an error stays a line.
func quote(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
