package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// PrivacyInfo is what is kept about the viewers of a room, or of a server.
type PrivacyInfo struct {
	Exists  bool
	Name    string // of who sells there; may be empty
	Contact string // a mail address, or an address that begins with https://; may be empty
	Kept    []Kept
}

// Kept is a kind of what is kept.
type Kept struct {
	Kind string // comments, mutes, votes, rewards, views, clicks, checkouts, buyers or contacts
	Days int64  // how long; 0: as the words of the kind say
}

// privacyView is the data of the page.
type privacyView struct {
	view
	PrivacyInfo
	Rows []keptRow
	Ask  string // the address of the contact
}

// keptRow is a kind in words.
type keptRow struct {
	What, Why, Until string
	days             string // for how long where it is a number of days; "": it never is
}

// keptRows are all kinds in a language.
func keptRows(text phrases) map[string]keptRow {
	return map[string]keptRow{
		"comments":  {text["keptComments"], text["keptCommentsWhy"], text["keptCommentsUntil"], text["keptDaysShow"]},
		"mutes":     {text["keptMutes"], text["keptMutesWhy"], text["keptMutesUntil"], ""},
		"votes":     {text["keptVotes"], text["keptVotesWhy"], text["keptVotesUntil"], ""},
		"rewards":   {text["keptRewards"], text["keptRewardsWhy"], text["keptWithShow"], ""},
		"views":     {text["keptViews"], text["keptViewsWhy"], text["keptWithShow"], text["keptDaysShow"]},
		"clicks":    {text["keptClicks"], text["keptClicksWhy"], text["keptNoEnd"], text["keptDays"]},
		"checkouts": {text["keptCheckouts"], text["keptCheckoutsWhy"], text["keptCheckoutsUntil"], ""},
		"buyers":    {text["keptBuyers"], text["keptBuyersWhy"], text["keptNoEnd"], text["keptDaysOrder"]},
		"contacts":  {text["keptContacts"], text["keptContactsWhy"], text["keptContactsUntil"], text["keptDaysShow"]},
	}
}

func (k Kept) row(all map[string]keptRow) keptRow {
	row := all[k.Kind]
	if k.Days > 0 && row.days != "" {
		row.Until = strings.ReplaceAll(row.days, "{n}", strconv.FormatInt(k.Days, 10))
	}
	return row
}

// privacy answers /privacy and /privacy/ROOM. A room that is gone has nobody to ask, but what
// is kept of its viewers is the same.
func (h *handler) privacy(w http.ResponseWriter, r *http.Request) {
	slug := r.PathValue("room")
	info, err := h.keeps(r.Context(), slug)
	v := privacyView{view: h.view(r, "", RoomInfo{}), PrivacyInfo: info}
	v.Slug = slug
	switch {
	case errors.Is(err, context.Canceled): // whoever asked has gone
	case err != nil:
		h.log.Error("look up what is kept of viewers", "room", slug, "err", err)
		h.unavailable(w, "'self'", v.view)
	case !info.Exists:
		h.missing(w, r)
	default:
		v.App = v.Manifest.Apps["player"]
		words := keptRows(v.Say)
		for _, k := range info.Kept {
			v.Rows = append(v.Rows, k.row(words))
		}
		if v.Ask = v.Contact; !strings.HasPrefix(v.Contact, "https://") {
			v.Ask = "mailto:" + v.Contact
		}
		w.Header().Set("Cache-Control", "public, max-age=60")
		h.writePage(w, http.StatusOK, "privacy", "'none'", v)
	}
}
