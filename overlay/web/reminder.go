package web

import (
	"context"
	"errors"
	"net/http"
)

// Reminder is what the page of a reminder's link tells.
type Reminder struct {
	Confirmed bool
	Room      string // slug
	Title     string // of the show
	When      string // its time, in words; may be empty
	Language  string // in which its letters are: "en" or "zh"
}

// Reminders know the links of reminders; ok is false where one leads to nothing any more.
type Reminders interface {
	Reminder(ctx context.Context, token string) (r Reminder, ok bool, err error)
	Confirm(ctx context.Context, token string) (r Reminder, ok bool, err error)
	Leave(ctx context.Context, token string) error
}

// reminderView is the data of the page of a reminder.
type reminderView struct {
	view
	Reminder
	Token string
	State string // asked, confirmed, leaving, left, or gone
}

// reminder answers /r/TOKEN and /r/TOKEN/leave. Programs that look into mail follow its links,
// so nothing happens by GET. A POST to /leave needs no page: mail programs leave by one
// click (RFC 8058).
func (h *handler) reminder(leaving bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if h.reminders == nil {
			h.missing(w, r)
			return
		}
		v := reminderView{Token: r.PathValue("token")}
		found, state, err := h.remindedBy(r, v.Token, leaving)
		q := r.URL.Query()
		if q.Get("lang") == "" && found.Language != "" {
			q.Set("lang", found.Language)
			r.URL.RawQuery = q.Encode()
		}
		v.view, v.Reminder, v.State = h.view(r, "", RoomInfo{}), found, state
		switch {
		case errors.Is(err, context.Canceled): // whoever asked has gone
		case err != nil:
			h.log.Error("look up a reminder", "err", err)
			h.unavailable(w, "'self'", v.view)
		default:
			v.App = v.Manifest.Apps["player"]
			status := http.StatusOK
			if state == "gone" {
				status = http.StatusNotFound
			}
			w.Header().Set("Cache-Control", notKept)
			w.Header().Set("Referrer-Policy", "no-referrer") // the address is a secret of its reader
			h.writePage(w, status, "reminder", "'none'", v)
		}
	}
}

func (h *handler) remindedBy(r *http.Request, token string, leaving bool) (found Reminder, state string, err error) {
	ctx := r.Context()
	found, ok, err := h.reminders.Reminder(ctx, token)
	post := r.Method == http.MethodPost
	switch {
	case err != nil:
		return found, "", err
	case !ok && leaving && post:
		return found, "left", nil // twice is once
	case !ok:
		return found, "gone", nil
	case leaving && post:
		return found, "left", h.reminders.Leave(ctx, token)
	case leaving:
		return found, "leaving", nil
	case post:
		if found, ok, err = h.reminders.Confirm(ctx, token); err == nil && !ok {
			return found, "gone", nil
		}
		return found, "confirmed", err
	case found.Confirmed:
		return found, "confirmed", nil
	}
	return found, "asked", nil
}
