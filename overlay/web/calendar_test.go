package web

import (
	"context"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
)

func TestCalendar(t *testing.T) {
	starts := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	title := "Harvest; corn, tea\\ 玉米 " + strings.Repeat("long ", 30) + "\nBEGIN:VEVENT"
	h, err := build(Options{PublicURL: "https://example.com/shop", Room: func(_ context.Context, slug, _ string) (RoomInfo, error) {
		switch slug {
		case "demo":
			return RoomInfo{Exists: true, Title: "Corn", Planned: []PlannedShow{{ID: "01A", Title: title, Starts: starts, Image: "/a.png"}, {ID: "01B", Title: "Tea", Starts: starts.Add(24 * time.Hour)}}}, nil
		case "quiet":
			return RoomInfo{Exists: true}, nil
		case "broken":
			return RoomInfo{}, errLookup
		}
		return RoomInfo{}, nil
	}}, built())
	if err != nil {
		t.Fatal(err)
	}
	w := get(h, "/calendar/demo.ics", "Accept-Language", "zh")
	if head := w.Header(); w.Code != 200 || head.Get("Content-Type") != "text/calendar; charset=utf-8" || head.Get("Cache-Control") != forMinutes || head.Get("Vary") != "" {
		t.Fatalf("%d %v", w.Code, head)
	}
	for _, line := range strings.Split(strings.TrimSuffix(w.Body.String(), "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("RFC 5545 3.1 allows 75 octets a line: %q", line)
		}
	}
	read, err := ics.ParseCalendar(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	events := read.Events()
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	at, err := events[0].GetStartAt()
	if err != nil || !at.Equal(starts) || events[0].Id() != "01A@mediad" || events[0].GetProperty(ics.ComponentPropertyUrl).Value != "https://example.com/shop/watch/demo" {
		t.Errorf("%v %v %s", at, err, events[0].Serialize(nil))
	}
	if got := ics.FromText(events[0].GetProperty(ics.ComponentPropertySummary).Value); got != title {
		t.Errorf("the title is %q", got)
	}
	if w := get(h, "/calendar/quiet.ics"); w.Code != 200 || strings.Contains(w.Body.String(), "VEVENT") {
		t.Errorf("a room without plans: %d %s", w.Code, w.Body)
	}
	for target, status := range map[string]int{"/calendar/nobody.ics": 404, "/calendar/demo": 404, "/calendar/broken.ics": 503} {
		if w := get(h, target); w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %v", target, w.Code, w.Header())
		}
	}
}
