// Package api speaks HTTP for hosts, viewers and operators: the JSON API under
// /api/v1 with its OpenAPI document, the events of a room as SSE, the small
// cacheable JSON that viewers' pages fetch under /c, and the way to the shop
// under /go.
//
// In flow requests; out flow answers and RFC 9457 problem details. The package
// decodes, authorises and renders. overlay decides what is legal, the store knows
// what happened, and the feed knows when a cue has landed. The package refuses a
// request without a token where one is needed, and a body over its limit. It never
// shows an internal error. It knows no media: it asks
// Broadcasts how the stream of a room is.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/time/rate"

	"mediad/overlay"
	"mediad/overlay/chat"
	"mediad/overlay/checkout"
	"mediad/overlay/clicks"
	"mediad/overlay/feed"
	"mediad/overlay/sales"
	"mediad/overlay/store"
	"mediad/overlay/viewers"
)

// Options of the API. Store, Feed, Clicks, Viewers, Sales, Chat and Broadcasts are needed.
type Options struct {
	Store       *store.Store
	Feed        *feed.Feed
	Clicks      *clicks.Counter
	Viewers     *viewers.Counter
	Sales       *sales.Counter
	Chat        *chat.Hub
	Broadcasts  Broadcasts
	Holds       *checkout.Holds // nil: nothing is held for buyers
	Health      Health          // nil: no events about the stream's health
	Publishers  Publishers      // nil: no events about publishers
	Restreaming Restreaming     // nil: rooms are sent nowhere else
	Replays     Replays         // nil: shows have no chapters
	Downloads   Downloads       // nil: there are none
	Imports     Imports         // nil: there are none
	Images      Images          // nil: none can be uploaded
	Mail        Mail            // nil: none is sent
	Media       Media           // nil: no routes about what is stored
	Reminding   Reminding       // nil: no reminders are sent
	PushKey     string          // public, of push services; "": reminders go by mail alone
	// People is how long the server keeps what is kept about people, at most.
	People overlay.Keeping
	// PlainWebhooks lets webhooks lead to addresses without TLS.
	PlainWebhooks bool
	Logger        *slog.Logger // nil: the default
	Version       string       // of the program, for the OpenAPI document
	// Base is the path that the world has in front of all of ours: "/shop", or "".
	Base string
	// KeyFixed tells whether a room's stream key stands in the configuration;
	// nil: that of no room does.
	KeyFixed func(room string) bool
	// RoomFixed tells whether a room itself stands in the configuration; nil: none
	// does.
	RoomFixed func(room string) bool
	CueDelay  time.Duration // of the configuration: of rooms that have none of their own
	Rewind    time.Duration // how far viewers of a live room can go back; 0: not at all
	Addresses Addresses
	// PublicURL is the server's address, with its path; "": that of each request.
	PublicURL  string
	Publishing Publishing // where encoders push to; none: nobody is told
	Encoding   Encoding   // what encoders may send
	// Keys keeps networks out that try one wrong stream key after the other, as the port of
	// RTMP does; nil: none is kept out.
	Keys    Guesses
	Posters Posters // nil: no pictures are made
	// PlaybackToken gives the playback token of a room, and until when it holds; nil: media
	// needs none, and its addresses hold for ever.
	PlaybackToken func(room string) (token string, until time.Time)
	// RehearsalToken is the same for rehearsals, which only hosts watch; nil: there is none.
	RehearsalToken func(room string) (token string, until time.Time)
	// Guesses keeps networks out that try one wrong token after the other; nil: none
	// is kept out.
	Guesses Guesses
	Landing time.Duration // how long an answer waits for a cue to land; 0: 2 s
	Beat    time.Duration // between the comments that keep an SSE connection open; 0: 15 s
}

// Addresses tell where media is, with a playback token or, "", without one.
type Addresses interface {
	Live(room, token string) string
	Rewind(room, token string) string
	Replay(show, token string) string
	Poster(room, token string) string
}

// API is safe for concurrent use.
type API struct {
	// Set by New, then only read.
	o         Options
	viewers   forViewers
	door      door
	counter   counter
	rights    map[string]right     // by operation
	signIns   *throttle            // guards itself
	asked     *throttle            // likewise: letters that somebody asked for, by network
	letters   *rate.Limiter        // likewise: all of these
	bookers   *throttle            // likewise: reminders, by network
	voters    *throttle            // likewise: votes, by network
	tickets   *throttle            // likewise: tickets for points, by network
	bookings  *rate.Limiter        // likewise: all of these
	askers    *throttle            // likewise: who asks for a person's data, by name
	files     map[string]*editions // by name; they guard themselves
	roomFiles *editions            // the files of rooms
	chatFiles *editions            // the pages of chats
	chatMux   *http.ServeMux       // has their route
	// festivalFiles are the files of festivals, festivalGoods what can be found in them.
	festivalFiles, festivalGoods *editions
	turns                        turns         // guard themselves
	refused                      refusals      // guard themselves
	hashing                      chan struct{} // has a place for each password that is hashed at once

	chatStreams atomic.Int64 // listeners of chats over HTTP/2
}

// New makes an API; Register gives it its place.
func New(o Options) *API {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Landing == 0 {
		o.Landing = 2 * time.Second
	}
	if o.Beat == 0 {
		o.Beat = 15 * time.Second
	}
	a := &API{o: o, viewers: o.Store, door: o.Store, counter: o.Store, rights: rights(), signIns: newThrottle(), asked: newThrottle(), letters: rate.NewLimiter(rate.Every(askedEvery), askedAtOnce), bookers: throttled(booksAtOnce, bookEvery), voters: throttled(votesAtOnce, voteEvery), tickets: throttled(ticketsAtOnce, ticketEvery), bookings: newBookings(), askers: throttled(asksAtOnce, askEvery), files: map[string]*editions{}, turns: turns{waiting: map[string]int{}}, refused: refusals{last: map[string]refusal{}}, hashing: make(chan struct{}, hashesAtOnce)}
	for name, body := range a.showFiles() {
		a.files[name] = newEditions(name, body)
	}
	a.roomFiles = newEditions(roomName, a.roomNow)
	a.roomFiles.status = a.onAir
	a.chatFiles, a.chatMux = newEditions(chatName, a.chatNow), http.NewServeMux()
	a.chatFiles.status, a.chatFiles.most = a.chatMark, maxLives
	a.festivalFiles, a.festivalGoods = newEditions(festivalName, a.festivalNow), newEditions(goodsName, a.festivalProducts)
	a.festivalFiles.kept, a.festivalGoods.kept, a.festivalGoods.values = festivalKept, goodsKept, true
	return a
}

// Limits of requests.
const (
	maxBody = 64 << 10
	maxPage = 100
)

// textRule stands at the end of the page for readers.
const textRule = "Text is plain, in UTF-8. The server refuses control characters, line and paragraph separators, characters that turn the direction of text (overrides, embeddings, isolates), " +
	"characters that cannot be seen (zero-width spaces, U+FEFF, fillers, tags), noncharacters, U+FFFD and half surrogate pairs. Some invisible characters are needed, and are legal in their places: " +
	"ZWJ between emoji, ZWJ and ZWNJ in words of scripts whose letters join, variation selectors behind the character that they change, LRM, RLM and ALM in text that has right-to-left letters. " +
	"Descriptions and the data of custom cues may have line breaks and tabs."

// Register adds the routes to mux, everything under /api, /c, /go and /hooks, and gives the
// API back.
func (a *API) Register(mux *http.ServeMux) *API {
	config := huma.DefaultConfig("mediad", a.o.Version)
	config.Info.Description = "Rooms, products, pins and cues of a shoppable live stream. Numbers of time are seconds, unless the name ends in _ms. Errors are RFC 9457 problem details.\n\n" + textRule
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "/api/openapi", "", ""
	config.CreateHooks = nil // no $schema in bodies
	config.Transformers = append(config.Transformers, inWords)
	if a.o.Base != "" {
		config.Servers = []*huma.Server{{URL: a.o.Base}}
	}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer"},
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "Set by sign-in. A request that changes something also needs the header " + csrfHeader + ", with csrf from /api/v1/me"},
	}
	h := humago.New(mux, config)
	h.UseMiddleware(sent)
	a.products(h)
	a.categories(h)
	a.pools(h)
	a.imports(h)
	a.images(h)
	a.productFeeds(h)
	a.rooms(h)
	a.obs(h)
	a.shows(h)
	a.usage(h)
	a.lineups(h)
	a.places(h)
	a.clicks(h)
	a.shops(h)
	a.listings(h)
	a.sales(h)
	a.reports(h)
	a.minutes(h)
	a.moments(h)
	a.summaries(h)
	a.hosts(h)
	a.showHosts(h)
	a.festivals(h)
	a.allocations(h)
	a.offers(h)
	a.coupons(h)
	a.polls(h)
	a.points(h)
	a.sold(h)
	a.webhooks(h)
	a.cues(h)
	a.pins(h)
	a.events(h)
	a.pushes(h)
	a.past(h)
	a.public(h)
	a.publicFestivals(h)
	a.beats(h)
	a.holds(h)
	a.reminders(h)
	a.audiences(h)
	a.chats(h)
	a.downloads(h, mux)
	a.sessions(h)
	a.passwords(h)
	a.mail(h)
	a.orgs(h)
	a.privacy(h)
	a.members(h)
	a.tokens(h)
	nullToo(h.OpenAPI().Components.Schemas.Map())
	mux.HandleFunc("GET /go/{show}/{variant}", a.goShop)
	mux.HandleFunc("POST /hooks/{shop}", a.hook)
	mux.HandleFunc("POST /obs/GetClientConfiguration", a.configureOBS)
	mux.HandleFunc("GET /api", a.docs(h.OpenAPI()))
	mux.HandleFunc("/api/", notFound(mux))
	return a
}

// operation is a route of the host's side: it asks for a token or a session, lets those
// pass whom the table of rights names, and turns errors into problem details.
func operation[I, O any](a *API, h huma.API, op huma.Operation, f func(context.Context, *I) (*O, error)) {
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = maxBody
	}
	op.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	op.Middlewares = append(op.Middlewares, withRemote, a.authorise(h), onlyKnown(h), readWell)
	op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests)
	register(a, h, op, f)
}

func register[I, O any](a *API, h huma.API, op huma.Operation, f func(context.Context, *I) (*O, error)) {
	huma.Register(h, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		if err != nil {
			var late *bannedError
			var full fullError
			header := http.Header{}
			switch {
			case errors.As(err, &late):
				challenge(err, header.Set)
			case errors.As(err, &full):
				header.Set("Retry-After", "10")
			default:
				return nil, a.problem(ctx, err)
			}
			return nil, huma.ErrorWithHeaders(a.problem(ctx, err), header)
		}
		return out, nil
	})
}
