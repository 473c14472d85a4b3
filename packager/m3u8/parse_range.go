package m3u8

import (
	"strings"
	"time"
)

// dateRange reads EXT-X-DATERANGE (8216bis 4.4.5.1).
func (p *parser) dateRange(value string) error {
	a := readAttributes(value)
	d := DateRange{ID: a.quoted("ID")}
	if a.has("CLASS") {
		d.Class = a.quoted("CLASS")
	}
	i, known := p.ranges[d.ID]
	switch {
	case a.has("START-DATE"):
		d.Start = a.date("START-DATE")
	case !known:
		a.fail(breachOf(RangeWithoutStart, "4.4.5.1", "date range %q has no START-DATE", clip(d.ID)))
	}
	d.Duration = a.extent(d.Start)
	list, _ := Attributes(value) // in order; errors are in a already
	for _, e := range list {
		if strings.HasPrefix(e.Name, "X-") {
			if !e.Quoted && !clientValue(e.Value) {
				a.fail(breach("4.4.5.1", "%s=%s is not a quoted string, a hexadecimal sequence or a number", e.Name, clip(e.Value)))
			}
			d.Attrs = append(d.Attrs, Attr{Name: e.Name, Value: e.Value})
		}
	}
	if a.err != nil {
		return a.err
	}
	if !known {
		p.ranges[d.ID] = len(p.m.DateRanges)
		p.m.DateRanges = append(p.m.DateRanges, d)
		return nil
	}
	return p.m.DateRanges[i].merge(d)
}

// extent judges the attributes that say how long a range is, and gives
// DURATION.
func (a *attributes) extent(start time.Time) (length time.Duration) {
	length = a.seconds("DURATION")
	a.seconds("PLANNED-DURATION")
	var end time.Time
	if a.has("END-DATE") {
		end = a.date("END-DATE")
	}
	if a.yes("END-ON-NEXT") && (!a.has("CLASS") || a.has("DURATION") || a.has("END-DATE")) {
		a.fail(breachOf(WrongRangeEnd, "4.4.5.1", "END-ON-NEXT needs CLASS and excludes DURATION and END-DATE"))
	}
	if end.IsZero() || start.IsZero() {
		return length
	}
	if end.Before(start) || a.has("DURATION") && !end.Equal(start.Add(length)) {
		a.fail(breachOf(WrongRangeEnd, "4.4.5.1", "END-DATE is not START-DATE + DURATION"))
	}
	return length
}

func (a *attributes) date(name string) time.Time {
	t, err := date(a.quoted(name))
	if err != nil {
		a.fail(err)
	}
	return t
}

// merge adds the attributes of a later tag with the same ID. A repeated attribute
// must have the same value (8216bis 4.4.5.1).
func (d *DateRange) merge(later DateRange) error {
	differs := func(what string) error {
		return breachOf(RangeChanged, "4.4.5.1", "date range %q repeats %s with another value", clip(d.ID), what)
	}
	switch {
	case !later.Start.IsZero() && !later.Start.Equal(d.Start):
		return differs("START-DATE")
	case later.Class != "" && d.Class != "" && later.Class != d.Class:
		return differs("CLASS")
	case d.Class == "":
		d.Class = later.Class
	}
	have := make(map[string]string, len(d.Attrs))
	for _, a := range d.Attrs {
		have[a.Name] = a.Value
	}
	for _, a := range later.Attrs {
		old, known := have[a.Name]
		if known && old != a.Value {
			return differs(a.Name)
		}
		if !known {
			d.Attrs = append(d.Attrs, a)
		}
	}
	return nil
}

// clientValue reports whether s is a hexadecimal sequence or a signed decimal.
func clientValue(s string) bool {
	if hex, ok := strings.CutPrefix(s, "0x"); ok {
		return hex != "" && strings.Trim(hex, "0123456789ABCDEF") == ""
	}
	whole, frac, dot := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return digits(whole) && (!dot || digits(frac))
}
