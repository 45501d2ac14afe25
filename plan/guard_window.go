package plan

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// A TimeWindow is a part of the day, in a location of its own. Where To is not
// after From it goes over midnight.
type TimeWindow struct {
	Text     string        // as the plan writes it: "02:00-05:00 UTC"
	From, To time.Duration // since midnight
	Location *time.Location
}

// timeWindow reads a part of the day.
func (b *block) timeWindow(name string) *TimeWindow {
	g, ok := b.get(name, cty.String, `a part of the day such as "02:00-05:00 UTC"`)
	if !ok {
		return nil
	}
	w, err := parseTimeWindow(g.AsString())
	if err != nil {
		b.refuse(g, "Invalid window", "%s %s: %s.", b.what(name), g.show(), err)
		return nil
	}
	return w
}

// parseTimeWindow reads "02:00-05:00 Europe/Berlin".
func parseTimeWindow(text string) (*TimeWindow, error) {
	hours, zone, zoned := strings.Cut(strings.TrimSpace(text), " ")
	first, last, isRange := strings.Cut(hours, "-")
	if !isRange || !zoned {
		return nil, errors.New(`write it like "02:00-05:00 UTC" or "22:00-05:00 Europe/Berlin"`)
	}
	from, err := timeOfDay(first)
	if err != nil {
		return nil, err
	}
	to, err := timeOfDay(last)
	if err != nil {
		return nil, err
	}
	switch {
	case from == 24*time.Hour:
		return nil, errors.New("it begins at 24:00; write 00:00")
	case from == to:
		return nil, errors.New("it begins when it ends; leave it out where any time will do")
	}
	location, err := zoneOf(strings.TrimSpace(zone))
	if err != nil {
		return nil, err
	}
	return &TimeWindow{Text: fmt.Sprintf("%s-%s %s", first, last, location), From: from, To: to, Location: location}, nil
}

// timeOfDay reads "02:00"; "24:00" is the end of the day.
func timeOfDay(text string) (time.Duration, error) {
	if text == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, fmt.Errorf("%s is not a time of the day such as \"02:00\"", cited(text))
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// zoneOf finds a time zone by name. That of the machine is none: the same plan
// would mean something else elsewhere.
func zoneOf(name string) (*time.Location, error) {
	wrong := fmt.Errorf("there is no time zone %s; write UTC, or a name such as Europe/Berlin", cited(name))
	if name == "" || strings.EqualFold(name, "local") {
		return nil, wrong
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil, wrong
	}
	return location, nil
}
