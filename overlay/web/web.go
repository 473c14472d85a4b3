// Package web serves the pages: the watch page and the embed page of a room for viewers, its dock for hosts, the
// studio, the module that defines <mediad-player>, and the hashed files they need.
//
// Input: a room's slug and, through Options.Room, the facts about that room. Output: HTML pages, and embedded files
// that npm built. The pages are only the frame: the player gets the events of a show from the stream itself, and the
// rest from /c. The package knows no rooms, no database and no media, and imports nothing of ours. It refuses every
// method except GET and HEAD, but for the links of reminders, and answers 503 while the built files are missing.
package web

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// RoomInfo is what the pages show of a room before the player runs.
type RoomInfo struct {
	Exists      bool
	Title       string // of the show; the room's name if empty
	Name        string // of the room or its host; the slug if empty
	Description string // one or two sentences of plain text; may be empty
	Image       string // address of a picture, for link previews and before the show; may be empty
	Card        string // address of the picture that is made for link previews; may be empty
	Accent      string // colour, "#rrggbb"; anything else is ignored
	Former      []FormerShow
	Show        *FormerShow   // the requested show; nil: none was requested, or the room has none with that id
	Ahead       bool          // the requested show has not begun: the page is that of the room, which counts down to it
	Planned     []PlannedShow // the next one first
	Since       time.Time     // when the show that is on air began; zero: none is
	Chat        bool          // the show of the page has a chat: its place is kept, so that nothing jumps when it comes
	Offers      []Offer       // what is pinned now, or was shown in the requested show, at today's price
}

// FormerShow is an ended show; its page plays the replay.
type FormerShow struct {
	ID, Title string
	Date      time.Time // when it began
	Ended     time.Time // zero: not known
	Image     string    // address of a picture; may be empty
	Card      string    // address of the picture that is made for link previews; may be empty
	Moments   string    // begin of the addresses of the pictures of its moments, each SECOND.jpg; "": there are none
	Chapters  []Chapter
}

// PlannedShow is a show that will begin.
type PlannedShow struct {
	ID, Title string
	Starts    time.Time
	Image     string // address of a picture; may be empty
}

// Way leads viewers to something to watch where a page has nothing.
type Way struct {
	Room, Title string
	Live        bool
	Starts      time.Time // of a show that comes
}

// Chapter is a stretch of a recording in which one product is spoken about.
type Chapter struct {
	Title    string
	At, Till time.Duration // from the recording's begin
	Offer    *Offer        // the product, at today's price; nil: it is not sold any more
}

// Offer is a product with its price.
type Offer struct {
	SKU, Title, Description string
	Image                   string // address of a picture; may be empty
	Price                   int64  // in the minor unit of the currency
	Currency                string
	Digits                  int    // of the minor unit
	Stock                   string // in, low, out or preorder
}

// Options of the handler.
type Options struct {
	// Room gives the room of a slug, and of the id of one of its shows; "": no show is requested. An unknown room
	// is RoomInfo{}, not an error. Nil: no rooms.
	Room func(ctx context.Context, slug, show string) (RoomInfo, error)
	// Ways gives the rooms to go to, in place of one that has nothing, or of one that there is not (""): those on air, then
	// those with a show to come. Nil: none.
	Ways func(ctx context.Context, room string) ([]Way, error)
	// First gives the slug of the room that / sends to while nothing is on and nothing comes; "": there are no rooms. Nil: none.
	First func(ctx context.Context) (string, error)
	// Festival gives the festival of a slug. Nil: there are none.
	Festival func(ctx context.Context, slug string) (FestivalInfo, error)
	// Place gives the place of a date in the recording of a show, in playing time. Nil: links to dates begin at the begin.
	Place func(ctx context.Context, show string, date time.Time) (time.Duration, error)
	// PublicURL is the public address of the server, "https://live.example.com", with its path prefix if it has one;
	// empty: taken from each request.
	PublicURL string
	// Privacy tells what is kept of the viewers of a room, or, for "", of any. Nil: nothing is told.
	Privacy func(ctx context.Context, room string) (PrivacyInfo, error)
	// Reminders answer the links of reminders; nil: there are none.
	Reminders Reminders
	// Log is told what a page could not look up; nil: slog.Default().
	Log *slog.Logger
}

type handler struct {
	room      func(ctx context.Context, slug, show string) (RoomInfo, error)
	ways      func(ctx context.Context, room string) ([]Way, error)
	first     func(ctx context.Context) (string, error)
	reminders Reminders
	festivals func(ctx context.Context, slug string) (FestivalInfo, error)
	place     func(ctx context.Context, show string, date time.Time) (time.Duration, error)
	keeps     func(ctx context.Context, room string) (PrivacyInfo, error)
	publicURL string
	base      string // path of publicURL
	log       *slog.Logger
	files     *files
	pages     *pages
	mux       *http.ServeMux
}

// New returns the handler of /, /watch/ROOM, /embed/ROOM, /festival/FESTIVAL, /embed/festival/FESTIVAL, /dock/ROOM, /studio, /oembed, /qr/ROOM.svg, /calendar/ROOM.ics, /privacy/ROOM, /r/TOKEN, /embed.js and /assets/. It reads only embedded files; an
// error means that they do not come from the build.
func New(o Options) (http.Handler, error) { return build(o, dist) }

func build(o Options, built fs.FS) (http.Handler, error) {
	files, err := loadFiles(built)
	if errors.Is(err, errNotBuilt) {
		return http.HandlerFunc(notBuilt), nil
	}
	if err != nil {
		return nil, err
	}
	pages, err := loadPages(files.manifest)
	if err != nil {
		return nil, err
	}
	h := &handler{room: o.Room, ways: o.Ways, first: o.First, festivals: o.Festival, place: o.Place, keeps: o.Privacy, reminders: o.Reminders, publicURL: strings.TrimRight(o.PublicURL, "/"), log: o.Log, files: files, pages: pages}
	if u, err := url.Parse(h.publicURL); err == nil {
		h.base = u.Path
	}
	if h.room == nil {
		h.room = func(context.Context, string, string) (RoomInfo, error) { return RoomInfo{}, nil }
	}
	if h.ways == nil {
		h.ways = func(context.Context, string) ([]Way, error) { return nil, nil }
	}
	if h.first == nil {
		h.first = func(context.Context) (string, error) { return "", nil }
	}
	if h.festivals == nil {
		h.festivals = func(context.Context, string) (FestivalInfo, error) { return FestivalInfo{}, nil }
	}
	if h.keeps == nil {
		h.keeps = func(context.Context, string) (PrivacyInfo, error) { return PrivacyInfo{}, nil }
	}
	if h.log == nil {
		h.log = slog.Default()
	}
	h.mux = http.NewServeMux()
	h.mux.HandleFunc("GET /watch/{room}", h.page("watch", "'self'"))
	h.mux.HandleFunc("GET /embed/{room}", h.page("embed", "*"))
	h.mux.HandleFunc("GET /festival/{festival}", h.festival("'self'", false))
	h.mux.HandleFunc("GET /embed/festival/{festival}", h.festival("*", true))
	h.mux.HandleFunc("GET /oembed", h.oembed)
	h.mux.HandleFunc("GET /qr/{file}", h.qr)
	h.mux.HandleFunc("GET /calendar/{file}", h.calendar)
	h.mux.HandleFunc("GET /dock/{room}", h.page("dock", "'self'"))
	h.mux.HandleFunc("GET /studio", h.studio)
	h.mux.HandleFunc("GET /studio/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, h.base+"/studio", http.StatusFound)
	})
	for _, method := range []string{"GET", "POST"} {
		h.mux.HandleFunc(method+" /r/{token}", h.reminder(false))
		h.mux.HandleFunc(method+" /r/{token}/leave", h.reminder(true))
	}
	h.mux.HandleFunc("GET /privacy", h.privacy)
	h.mux.HandleFunc("GET /privacy/{room}", h.privacy)
	h.mux.HandleFunc("GET /embed.js", files.serveModule)
	h.mux.HandleFunc("GET /reminder-worker.js", files.serveWorker)
	h.mux.HandleFunc("GET /assets/{file}", files.serveAsset)
	h.mux.HandleFunc("GET /{$}", h.front)
	h.mux.HandleFunc("GET /", h.missing)
	return h.mux, nil
}

// notBuilt answers for a binary that was built without its web parts.
func notBuilt(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "The web pages are not in this binary: run make build.", http.StatusServiceUnavailable)
}
