package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// plannedLength is how long a show takes in a calendar: its host does not say.
const plannedLength = time.Hour

// calendar answers GET /calendar/ROOM.ics: the planned shows of a room, as a file to add, or as a calendar to follow
// (RFC 5545).
func (h *handler) calendar(w http.ResponseWriter, r *http.Request) {
	slug, ok := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !ok {
		problem(w, http.StatusNotFound, forMinutes, "there is nothing at this address; a room's calendar is /calendar/ROOM.ics")
		return
	}
	room, err := h.room(r.Context(), slug, "")
	switch {
	case errors.Is(err, context.Canceled): // whoever asked has gone
		return
	case err != nil:
		h.log.Error("look up room for its calendar", "room", slug, "err", err)
		problem(w, http.StatusServiceUnavailable, notKept, "the room cannot be looked up now; ask again in a moment")
		return
	case !room.Exists:
		problem(w, http.StatusNotFound, forSeconds, "there is no such room")
		return
	}
	v := h.pageOf(r, slug, "", nil, room)
	open(w.Header(), "text/calendar; charset=utf-8", forMinutes)
	w.Header().Set("Content-Disposition", `attachment; filename="`+url.PathEscape(slug)+`.ics"`)
	_, _ = io.WriteString(w, calendarOf(v, time.Now())) // the reader may have left
}

func calendarOf(v view, now time.Time) string {
	c := ics.NewCalendarFor("mediad")
	c.SetMethod(ics.MethodPublish)
	c.SetXWRCalName(v.Title)
	c.SetRefreshInterval("PT1H")
	for _, p := range v.Planned {
		e := c.AddEvent(p.ID + "@mediad")
		e.SetDtStampTime(now)
		e.SetStartAt(p.Starts)
		e.SetEndAt(p.Starts.Add(plannedLength))
		e.SetSummary(p.Title)
		e.SetDescription(v.Address)
		e.SetLocation(v.Address)
		e.SetURL(v.Address)
		alarm := e.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetTrigger("-PT10M")
		alarm.SetProperty(ics.ComponentPropertyDescription, p.Title)
	}
	return c.Serialize(ics.WithNewLineWindows) // RFC 5545 3.1, on any machine
}
