package web

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"time"
)

// FestivalInfo is what the page of a festival shows before its code runs.
type FestivalInfo struct {
	Exists                        bool
	Title, Organiser, Description string
	Image                         string // address of a picture; may be empty
	Starts, Ends                  time.Time
}

// festival answers with the page of a festival; frames says which pages may show it in a frame, and framed that
// this is the one for them.
func (h *handler) festival(frames string, framed bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		slug := r.PathValue("festival")
		f, err := h.festivals(r.Context(), slug)
		v := h.view(r, "", RoomInfo{Title: f.Title, Name: f.Organiser, Description: f.Description, Image: f.Image, Show: &FormerShow{Date: f.Starts, Ended: f.Ends}})
		v.Title, v.Image, v.Date = f.Title, picture(v.Origin, f.Image), ""
		v.Slug, v.About, v.Preview = slug, f.Description, framed || r.URL.Query().Get("embed") == "1"
		v.Address = v.Origin + "/festival/" + url.PathEscape(slug)
		v.Framed = v.Origin + "/embed/festival/" + url.PathEscape(slug)
		v.Frame = fmt.Sprintf(`<iframe src="%s" title="%s" style="width:100%%;height:720px;border:0" loading="lazy"></iframe>`, html.EscapeString(v.Framed), html.EscapeString(v.Title))
		switch {
		case errors.Is(err, context.Canceled): // whoever asked has gone
		case err != nil:
			h.log.Error("look up festival for its page", "festival", slug, "err", err)
			h.unavailable(w, frames, v)
		case !f.Exists:
			h.missing(w, r)
		default:
			h.write(w, http.StatusOK, "festival", frames, v)
		}
	}
}
