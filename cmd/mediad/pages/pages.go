// Package pages answers the requests of our own pages: about a room and its shows,
// and where to watch them.
//
// Input: requests of viewers. Output: the public data of rooms in the database, and
// addresses, which are signed where media is protected.
package pages

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"mediad/cmd/mediad/pictures"
	"mediad/cmd/mediad/playback"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/store"
	"mediad/overlay/web"
	"mediad/packager/layout"
)

// Options of Pages.
type Options struct {
	Store      *store.Store
	Protection *playback.Protection // nil: nothing is protected
	Images     *pictures.Pictures   // nil: there are none
	Replays    api.Replays
	Base       string // the path prefix of the whole server
	Keeping    overlay.Keeping
}

// Pages answers for our own pages. It is safe for concurrent use.
type Pages struct{ o Options }

// New starts nothing.
func New(o Options) *Pages { return &Pages{o} }

// formerShows is how many replays the page of a room lists.
const formerShows = 24

// Room tells the pages about a room.
func (p *Pages) Room(ctx context.Context, slug, show string) (web.RoomInfo, error) {
	room, err := p.o.Store.RoomBySlug(ctx, slug)
	if overlay.CodeOf(err) == overlay.NotFound {
		return web.RoomInfo{}, nil
	}
	if err != nil {
		return web.RoomInfo{}, err
	}
	former, err := p.o.Store.FormerShows(ctx, slug, formerShows)
	if err != nil {
		return web.RoomInfo{}, err
	}
	info := web.RoomInfo{Exists: true, Title: room.Title, Name: room.Title}
	for _, f := range former {
		if f.Rehearsal {
			continue // it was not for viewers
		}
		info.Former = append(info.Former, web.FormerShow{ID: f.ID, Title: f.Title, Date: f.Started})
	}
	if p.o.Protection.Public() { // link previews are public, so they must not contain a signed address
		info.Image, info.Card = p.o.Images.Poster(ctx, slug), p.o.Images.RoomCard(ctx, slug)
	}
	if show != "" {
		if info.Ahead, err = p.ahead(ctx, slug, show); err != nil {
			return info, err
		}
	}
	if show == "" || info.Ahead {
		return info, p.onAir(ctx, slug, &info)
	}
	info.Show, err = p.formerShow(ctx, slug, show)
	if err == nil && info.Show != nil {
		err = p.recorded(ctx, &info)
	} else if err == nil {
		now := web.RoomInfo{} // there is no such show: the page leads to what is on in the room
		err = p.onAir(ctx, slug, &now)
		info.Since = now.Since
	}
	return info, err
}

// ahead tells whether a show of a room is one that viewers may know of and that has not begun.
func (p *Pages) ahead(ctx context.Context, slug, id string) (bool, error) {
	show, err := p.o.Store.GetShow(ctx, id)
	if overlay.CodeOf(err) == overlay.NotFound {
		return false, nil
	}
	return err == nil && show.Room == slug && !show.Rehearsal && show.Started.IsZero() && show.Ended.IsZero(), err
}

// formerShow tells the pages about a room's show; nil: it has none of that id.
func (p *Pages) formerShow(ctx context.Context, slug, id string) (*web.FormerShow, error) {
	show, err := p.o.Store.GetShow(ctx, id)
	if overlay.CodeOf(err) == overlay.NotFound || err == nil && (show.Room != slug || show.Started.IsZero() || show.Rehearsal) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &web.FormerShow{ID: show.ID, Title: show.Title, Date: show.Started, Ended: show.Ended}
	broadcasts, err := p.o.Store.Broadcasts(ctx, id)
	if err != nil {
		return nil, err
	}
	if n := len(broadcasts); n > 0 && p.o.Protection.Public() && show.Deleting.IsZero() {
		out.Image = p.o.Images.PosterOf(slug, broadcasts[n-1])
		if p.o.Images.Recorded() {
			out.Card, out.Moments = layout.Show(id).Card(), layout.Show(id).Moments("")
		}
	}
	return out, nil
}

// Festival tells the pages about a festival.
func (p *Pages) Festival(ctx context.Context, slug string) (web.FestivalInfo, error) {
	f, err := p.o.Store.Festival(ctx, slug)
	if overlay.CodeOf(err) == overlay.NotFound {
		return web.FestivalInfo{}, nil
	}
	if err != nil {
		return web.FestivalInfo{}, err
	}
	by, err := p.o.Store.Org(ctx, f.Org)
	return web.FestivalInfo{Exists: true, Title: f.Title, Organiser: by.Name, Description: f.Description, Image: f.Picture, Starts: f.Starts, Ends: f.Ends}, err
}

// fewWays is how many ways a page without anything to watch has.
const fewWays = 3

// Ways leads to what is on, and to what comes: in place of a room within its organisation, or of "" anywhere.
func (p *Pages) Ways(ctx context.Context, room string) ([]web.Way, error) {
	shows, err := p.o.Store.OnNow(ctx, room, fewWays)
	if err != nil {
		return nil, err
	}
	var ways []web.Way
	for _, s := range shows {
		ways = append(ways, web.Way{Room: s.Room, Title: s.Title, Live: s.State == overlay.ShowLive, Starts: s.Starts})
	}
	return ways, nil
}

// First gives the first room; "": there are none.
func (p *Pages) First(ctx context.Context) (string, error) {
	rooms, err := p.o.Store.ListRooms(ctx, overlay.Everything(), "", 1)
	if err != nil || len(rooms) == 0 {
		return "", err
	}
	return rooms[0].Slug, nil
}

// Playback tells our own pages where to watch. Everybody who may see the page
// gets an answer, but no page of another site can read it.
func (p *Pages) Playback(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "max-age=1")
	room, err := p.o.Store.RoomBySlug(r.Context(), r.PathValue("room"))
	if err != nil {
		status := http.StatusNotFound
		if overlay.CodeOf(err) != overlay.NotFound {
			status = http.StatusServiceUnavailable
			h.Set("Cache-Control", "no-store")
			h.Set("Retry-After", "5")
		}
		http.Error(w, http.StatusText(status), status)
		return
	}
	var answer struct {
		URL     string    `json:"url"`
		Expires time.Time `json:"expires,omitzero"`
	}
	token := ""
	if mint := p.o.Protection.Mint(); mint != nil {
		token, answer.Expires = mint(room.Slug)
		h.Set("Cache-Control", "max-age=60")
	}
	answer.URL = layout.Site(p.o.Base).Live(room.Slug, token)
	h.Set("Content-Type", "application/json")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	_ = json.NewEncoder(w).Encode(answer) // the page may have been closed
}
