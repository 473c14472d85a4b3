package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// Lifetimes at CDNs and browsers: a revision of a product never changes, and a page
// asks each second for the present state.
const (
	forever  = "public, max-age=31536000, immutable"
	aMoment  = "public, max-age=1"
	jsonName = ".json"
)

// image gives an address as pages elsewhere need it: a path is one on this
// server.
func (a *API) image(address string) string {
	if strings.HasPrefix(address, "/") {
		return a.o.Base + address
	}
	return address
}

type cached[T any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         T
}

type liveBody struct {
	V       int                  `json:"v"`
	Show    string               `json:"show"`
	Title   string               `json:"title" doc:"The show's title"`
	Seq     uint64               `json:"seq" doc:"The seq of the last event that this state includes, as in the stream"`
	Live    bool                 `json:"live"`
	Ended   bool                 `json:"ended"`
	Pinned  []publicProduct      `json:"pinned"`
	Offers  []publicOffer        `json:"offers" doc:"Prices for a short time that are announced or open"`
	Coupons []overlay.CouponCard `json:"coupons" doc:"Those that viewers can get; the code is got by a click"`
	Poll    *overlay.PollCard    `json:"poll,omitempty" doc:"The open poll, with its votes so far where they are not hidden; missing: none is open"`
	Rewards []overlay.RewardCard `json:"rewards,omitempty" doc:"Coupons that viewers get for points; left out where there are none"`
	Pulse   overlay.Pulse        `json:"pulse"`
	beatWord
}

type publicRoom struct {
	Slug      string          `json:"slug"`
	Title     string          `json:"title"`
	Live      bool            `json:"live"`
	Waiting   bool            `json:"waiting,omitempty" doc:"The publisher was lost and is waited for"`
	Away      *publicAway     `json:"away,omitempty" doc:"While the server waits for the publisher: for how long"`
	Paused    bool            `json:"paused,omitempty" doc:"Its show is off air and has not ended: it goes on if the publisher comes back within half an hour"`
	Show      string          `json:"show,omitempty" doc:"The room's present or next show"`
	ShowTitle string          `json:"show_title,omitempty" doc:"Its title; with neither, but with a replay, that of the show of the replay"`
	Playback  string          `json:"playback" doc:"The multivariant playlist, without a signature"`
	Protected bool            `json:"protected,omitempty" doc:"Media needs a signed address"`
	Latency   overlay.Latency `json:"latency" doc:"low, balanced or mass: of the broadcast, or of the next one while the room is not live"`
	Since     *time.Time      `json:"since,omitempty" doc:"When the broadcast began, while the room is live"`
	Rewind    string          `json:"rewind,omitempty" doc:"The playlist to go back in, while the room is live, without a signature"`
	Seconds   int             `json:"rewind_seconds,omitempty" doc:"The longest time that a viewer can go back"`
	Next      *publicNext     `json:"next,omitempty" doc:"The show that is planned next, while the room is not live"`
	Replay    string          `json:"replay,omitempty" doc:"The recording of the last show, while the room is not live"`
}

// publicNext is a planned show. It also says how long it is until then, since clocks
// of viewers are wrong by minutes.
type publicNext struct {
	Show    string    `json:"show"`
	Title   string    `json:"title"`
	Starts  time.Time `json:"starts_at"`
	Seconds float64   `json:"seconds" doc:"Seconds from this answer to its time; below 0: it is late"`
	// Remind is missing where nobody can book.
	Remind *publicRemind `json:"remind,omitempty" doc:"How viewers can be told when it begins"`
}

// publicAway also says how long it is until then, since clocks of viewers are
// wrong by minutes.
type publicAway struct {
	Away
	Seconds float64 `json:"seconds" doc:"Seconds from this answer to the time in until"`
}

func (a *API) public(h huma.API) {
	add := func(op huma.Operation) huma.Operation {
		op.Method, op.Tags = http.MethodGet, []string{"viewers"}
		op.Errors = []int{404}
		op.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
			ctx.SetHeader("Access-Control-Allow-Origin", "*")
			ctx.SetHeader("Cache-Control", aMoment) // a 404 lives as short
			next(ctx)
		}}
		return op
	}
	register(a, h, add(huma.Operation{OperationID: "public-product", Path: "/c/{show}/p/{file}",
		Summary:     "A revision of a product that was shown: PRODUCT@REV.json. It never changes",
		Description: "PRODUCT is the product's id, or its present SKU; an id wins over a SKU that is the same. Only the address with the id is kept by caches for ever, since a SKU can be given to another product."}), a.publicProduct)
	register(a, h, add(huma.Operation{OperationID: "public-live", Path: "/c/{show}/{file}",
		Summary: "A show: its present state (live.json), what viewers may know of its line-up (lineup.json), its chapters (chapters.json), all products so far (products.json), its polls with their results (polls.json)"}), a.publicShow)
	register(a, h, add(huma.Operation{OperationID: "public-room", Path: "/c/room/{file}",
		Summary: "Whether a room is live, and where to watch: ROOM.json"}), a.publicRoom)
}

func (a *API) publicProduct(ctx context.Context, in *struct {
	Show string `path:"show"`
	File string `path:"file" doc:"PRODUCT@REV.json, with the product's id or SKU"`
}) (*cached[publicProduct], error) {
	missing := overlay.Errorf(overlay.NotFound, "there is no such product in this show")
	name, ok := strings.CutSuffix(in.File, jsonName)
	at := strings.LastIndexByte(name, '@') // a SKU may have one, too
	if !ok || at < 0 {
		return nil, missing
	}
	id, revText := name[:at], name[at+1:]
	rev, err := strconv.ParseInt(revText, 10, 64)
	if err != nil || rev < 1 || revText != strconv.FormatInt(rev, 10) {
		return nil, missing
	}
	if err := a.forViewers(ctx, in.Show); err != nil {
		return nil, err
	}
	// A product that was not shown yet may still be a secret.
	now, err := a.viewers.Offered(ctx, in.Show, id)
	if err != nil {
		return nil, err
	}
	p, err := a.viewers.ProductIn(ctx, in.Show, now.ID, rev)
	if err != nil {
		return nil, err
	}
	out, err := a.publish(ctx, in.Show, p)
	if err != nil {
		return nil, err
	}
	keep := forever
	if id != now.ID || !out.buyable() {
		keep = aMoment // a SKU can be given to another product, and a shop may still come to list this one
	}
	return &cached[publicProduct]{keep, out}, nil
}

func (a *API) publicShow(ctx context.Context, in *struct {
	Show string `path:"show"`
	File string `path:"file" doc:"live.json, lineup.json, chapters.json, products.json or polls.json" example:"live.json"`
}) (*cached[showFile], error) {
	f, err := a.fileNow(ctx, in.Show, in.File) // a wildcard, since /c/room/{file} is one as well
	if err != nil {
		return nil, err
	}
	return &cached[showFile]{aMoment, showFile{f.text}}, nil
}

// forViewers refuses a rehearsal as if it were not there.
func (a *API) forViewers(ctx context.Context, id string) error {
	show, err := a.viewers.GetShow(ctx, id)
	if err == nil && show.Rehearsal {
		err = overlay.Errorf(overlay.NotFound, "there is no such show")
	}
	return err
}

func (a *API) publicLive(ctx context.Context, id string) (*liveBody, error) {
	show, pins, err := a.viewers.ShowNow(ctx, id)
	if err != nil {
		return nil, err
	}
	b := &liveBody{V: 1, Show: show.ID, Title: show.Title, Seq: show.Seq, Live: show.State == overlay.ShowLive, Ended: show.State == overlay.ShowEnded,
		Pinned: []publicProduct{}, beatWord: a.word(show.ID)}
	for _, p := range pins {
		out, err := a.publish(ctx, show.ID, p.Product)
		if err != nil {
			return nil, err
		}
		b.Pinned = append(b.Pinned, out)
	}
	offers, err := a.viewers.OffersNow(ctx, id)
	if err != nil {
		return nil, err
	}
	b.Offers = publishOffers(offers)
	coupons, err := a.viewers.CouponsShown(ctx, id)
	if err != nil {
		return nil, err
	}
	b.Coupons = append([]overlay.CouponCard{}, coupons...)
	if b.Poll, err = a.viewers.PollOpen(ctx, id); err != nil {
		return nil, err
	}
	if b.Rewards, err = a.viewers.RewardsOpen(ctx, id); err != nil {
		return nil, err
	}
	b.Pulse, err = a.pulse(ctx, show)
	return b, err
}

func (a *API) publicRoom(ctx context.Context, in *struct {
	File string `path:"file" doc:"ROOM.json"`
}) (*cached[roomFile], error) {
	slug, ok := strings.CutSuffix(in.File, jsonName)
	if !ok {
		return nil, overlay.Errorf(overlay.NotFound, "there is no such room")
	}
	f, err := a.editionNow(ctx, a.roomFiles, slug)
	if err != nil {
		return nil, err
	}
	return &cached[roomFile]{aMoment, roomFile{f.text}}, nil
}

// roomFile is the file of a room.
type roomFile struct{ json.RawMessage }

// Schema tells of it.
func (roomFile) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[publicRoom](), true, "PublicRoom")
}

// onAir is what the file of a room says of its broadcast, which no commit tells.
type onAir struct {
	live, waiting bool
	until, since  time.Time
	class         overlay.Latency
}

func (a *API) onAir(slug string) any {
	s := a.o.Broadcasts.Status(slug)
	now := onAir{live: s.Live, waiting: s.Waiting, since: s.Since, class: s.OnAir}
	if s.Away != nil {
		now.until = s.Away.Until
	}
	return now
}

// roomNow makes the file of a room.
func (a *API) roomNow(ctx context.Context, slug string) (any, error) {
	room, err := a.viewers.RoomBySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	show, replay, err := a.viewers.RoomShows(ctx, slug)
	if err != nil {
		return nil, err
	}
	status := a.o.Broadcasts.Status(slug)
	if show != nil && show.Rehearsal { // viewers see a room that is not on air
		show, status = nil, Status{}
	}
	b := publicRoom{Slug: slug, Title: room.Title, Live: status.Live, Waiting: status.Waiting, Playback: a.o.Addresses.Live(slug, ""), Protected: a.o.PlaybackToken != nil, Latency: room.Latency}
	if status.OnAir != "" {
		b.Latency = status.OnAir
	}
	if status.Away != nil {
		b.Away = &publicAway{*status.Away, max(0, time.Until(status.Away.Until).Round(100*time.Millisecond).Seconds())}
	}
	if show != nil {
		b.Show, b.ShowTitle, b.Paused = show.ID, show.Title, show.State == overlay.ShowPaused
	}
	if b.Live && a.o.Rewind > 0 {
		b.Since, b.Rewind, b.Seconds = &status.Since, a.o.Addresses.Rewind(slug, ""), int(a.o.Rewind.Seconds())
	}
	if !b.Live {
		planned, err := a.viewers.UpcomingShows(ctx, slug, 1)
		if err != nil {
			return nil, err
		}
		for _, p := range planned {
			remind, err := a.remind(ctx, p.ID)
			if err != nil {
				return nil, err
			}
			b.Next = &publicNext{p.ID, p.Title, p.Starts, time.Until(p.Starts).Round(100 * time.Millisecond).Seconds(), remind}
		}
	}
	if replay != nil && !b.Live {
		b.Replay = a.o.Addresses.Replay(replay.ID, "")
		if show == nil {
			b.ShowTitle = replay.Title
		}
	}
	return b, nil
}
