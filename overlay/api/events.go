package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mediad/overlay"
	"mediad/overlay/chat"
	"mediad/overlay/feed"
	"mediad/overlay/store"
)

// How long one write to a listener may take, how many events one reading of the
// log gives, how often it is asked whether the listener still may listen, how often
// a listener hears of changed products at most, and how long it waits for the feed.
const (
	writeWithin = 10 * time.Second
	logPage     = 100
	checkEach   = 500 * time.Millisecond
	newsEach    = 250 * time.Millisecond
	feedWithin  = 5 * time.Second // after a start the feed has yet to find the log's end
)

// EventBody is the data of one SSE event that has an id.
type EventBody struct {
	Cue      string           `json:"cue,omitempty" doc:"The cue's id; of an event for the picture"`
	Show     string           `json:"show"`
	Audience overlay.Audience `json:"audience" doc:"picture: it goes into the stream; host: it does not"`
	Seq      uint64           `json:"seq,omitempty" doc:"As in the stream"`
	Kind     overlay.Kind     `json:"kind"`
	At       time.Time        `json:"at"`
	By       *overlay.By      `json:"by,omitempty" doc:"Who caused it; missing where nobody did, as when a publisher comes. Viewers are never told"`
	Event    json.RawMessage  `json:"event" doc:"For the picture: as in the stream"`
	State    json.RawMessage  `json:"state,omitempty" doc:"As in the stream: what holds after it"`
	Landed   *overlay.Landing `json:"landed"`
}

// productNews is the data of products.
type productNews struct {
	Products []store.Edit `json:"products,omitempty"`
	Many     bool         `json:"many,omitempty"`
}

// landedBody is the data of cue.landed.
type landedBody struct {
	Cue    string          `json:"cue"`
	Show   string          `json:"show"`
	Seq    uint64          `json:"seq"`
	Landed overlay.Landing `json:"landed"`
}

func (a *API) events(h huma.API) {
	operation(a, h, huma.Operation{OperationID: "room-events", Method: http.MethodGet, Path: "/api/v1/rooms/{room}/events",
		Summary: "Follow a room (server-sent events)", Tags: []string{"rooms"}, Errors: []int{404, 422},
		Description: "First comes an event `state` with what holds now. Then every event of the room's show that hosts may see: `event:` is its kind, `id:` its place in the show's log, " +
			"`data:` has the event, and for whom it is (`audience`). `by` names the person or the token that caused it; a page that sends a name of its own in the header X-Mediad-Page (letters, digits, - and _) with its requests finds it in `by.page`, and knows what it did itself. An event for the `picture` also has its cue's id, its `seq` in the stream and the state after it. " +
			"Events for the `host` never enter the stream: `cue.scheduled` (`event.cue` is what waits, and until when: `due`) and `cue.cancelled` (`event.cues` are ids, `event.reason` says why), `lineup.changed` (`event.lineup` has the new `rev`, who made the change, `by`, the present `line`, and, where the change was about one `product`, that one, with its price in the show before, `was`, and after it, `price`, if that has changed; that of a show planned for later comes without id). " +
			"`cue.landed` tells where in the stream a cue landed. " +
			"`products`, without id, tells which products of the catalogue changed, came or went, and who did that: `{products: [{product, by}]}`, or `{many: true}` where they are too many to name. " +
			"`health`, without id, tells which warnings about the stream appeared, which are gone, and all that hold. " +
			"`publisher`, without id, tells live what happens to publishers: `{room, kind, text, at, …}` with kind `on_air`, `back`, `lost` (`until` when the room waits), " +
			"`taken_over`, `contention` (two encoders take the room from each other: newcomers are refused `until`, and longer if they ask before), `refused` and `closed` (with `reason`) and `ended`; the last ten stand in the room as `publisher_events`. " +
			"`push`, without id, has the room's targets, `{targets: […]}` as in the room, at first and when one of them changes; a room without targets sends none. " +
			"Whoever may moderate also hears the chats of the room, without id: `chat.comment` and `chat.change` (a comment as in the list of comments), `chat.pinned` and `chat.state`, each as `{show, chat}`. " +
			"Last-Event-ID (or ?after=) resumes after an id of the current show; 0 gives all of it."}, a.follow)
}

func (a *API) follow(ctx context.Context, in *struct {
	InRoom
	LastEventID string `header:"Last-Event-ID"`
	After       string `query:"after" doc:"As Last-Event-ID"`
}) (*huma.StreamResponse, error) {
	after, resume, err := lastID(in.LastEventID, in.After)
	if err != nil {
		return nil, err
	}
	// Subscribed before the log is read, so that nothing falls between.
	start, cancel := context.WithTimeout(ctx, feedWithin)
	sub := a.o.Feed.Subscribe(start, in.Room)
	cancel()
	show, err := a.as(ctx).OpenShow(ctx, in.Room)
	if err != nil {
		sub.Close()
		return nil, err
	}
	news, stopNews, err := a.as(ctx).FollowProducts(ctx, in.Room)
	if err != nil {
		sub.Close()
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer sub.Close()
		defer stopNews()
		_, w := humago.Unwrap(hc)
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Accel-Buffering", "no") // proxies that would collect it
		l := &listener{ctx: hc.Context(), w: w, rc: http.NewResponseController(w)}
		if show != nil {
			l.show = show.ID
			l.pos = show.Pos
			a.greet(l, after, resume)
		}
		var warnings <-chan []Warning // nil: never ready
		if a.o.Health != nil {
			var stop func()
			warnings, stop = a.o.Health.FollowWarnings(in.Room)
			defer stop()
		}
		var publishers <-chan PublisherEvent
		if a.o.Publishers != nil {
			var stop func()
			publishers, stop = a.o.Publishers.FollowPublishers(in.Room)
			defer stop()
		}
		var targets <-chan []Target
		if a.o.Restreaming != nil {
			targets = a.o.Restreaming.FollowTargets(hc.Context(), in.Room)
		}
		var talk *chat.Listener
		if a.mayInRoom(ctx, overlay.Moderate, in.Room) == nil {
			talk = a.o.Chat.ListenAsHost(in.Room)
			defer talk.Close()
		}
		l.follow(sub, news, talk, warnings, publishers, targets, a.o.Beat, still(ctx))
	}}, nil
}

func lastID(header, query string) (pos uint64, ok bool, err error) {
	text := header
	if text == "" {
		text = query
	}
	if text == "" {
		return 0, false, nil
	}
	pos, err = strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, false, overlay.Errorf(overlay.Invalid, "Last-Event-ID: must be the id of an event")
	}
	return pos, true, nil
}

// greet sends the state, and the events that a listener missed while it was away.
func (a *API) greet(l *listener, after uint64, resume bool) {
	if after > l.pos {
		after = 0 // of an earlier show
	}
	defer func() {
		if l.err != nil && !l.away && l.ctx.Err() == nil {
			a.o.Logger.ErrorContext(l.ctx, "cannot begin to follow a room", "show", l.show, "err", l.err)
		}
	}()
	show, pins, err := a.as(l.ctx).ShowNow(l.ctx, l.show)
	if err != nil {
		l.fail(err)
		return
	}
	state := overlay.State{Show: show.ID, Seq: show.Seq, At: time.Now()}
	for _, p := range pins {
		state.Pinned = append(state.Pinned, overlay.PinCard(p.Product))
	}
	if state.Offers, err = a.viewers.OffersTold(l.ctx, l.show); err != nil {
		l.fail(err)
		return
	}
	if state.Coupons, err = a.viewers.CouponsShown(l.ctx, l.show); err != nil {
		l.fail(err)
		return
	}
	if state.Poll, err = a.viewers.PollOpen(l.ctx, l.show); err != nil {
		l.fail(err)
		return
	}
	text, err := overlay.StateJSON(state)
	if err != nil {
		l.fail(err)
		return
	}
	l.send(overlay.KindState, "", json.RawMessage(text))
	if !resume {
		l.pos = show.Pos
		return
	}
	for l.pos = after; l.err == nil; {
		events, err := a.as(l.ctx).HostsAfter(l.ctx, l.show, l.pos, logPage)
		if err != nil {
			l.fail(err)
		}
		for _, e := range events {
			l.event(e)
		}
		if len(events) < logPage {
			return
		}
	}
}

// listener is one SSE connection. It belongs to its request's goroutine.
type listener struct {
	ctx  context.Context
	w    io.Writer
	rc   *http.ResponseController
	show string
	pos  uint64 // in the show's log: what was sent, or is in the state that was
	err  error  // the first failure; nothing is sent after it
	away bool   // it was the failure of a write: the client does not read any more

	warnings []Warning // that were sent last
}

func (l *listener) follow(sub *feed.Subscription, news *store.News, talk *chat.Listener, warnings <-chan []Warning, publishers <-chan PublisherEvent, targets <-chan []Target, beat time.Duration, may func(context.Context) bool) {
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	check := time.NewTicker(checkEach)
	defer check.Stop()
	l.write(": hello\n\n")
	changed, soon := news.Ready, make(<-chan time.Time) // one of the two: a machine may change products without end
	for l.err == nil {
		said, ok := l.hear(talk)
		if !ok {
			return
		}
		select {
		case <-l.ctx.Done():
			return
		case <-said:
		case <-check.C:
			if !may(l.ctx) {
				return // the token was revoked, the role taken back, or the session is over
			}
		case <-ticker.C:
			l.write(": beat\n\n")
		case now := <-warnings:
			l.health(now)
		case <-changed:
			edits, many := news.Take()
			// Without an id: whoever was away reads the products again.
			l.send("products", "", productNews{edits, many})
			changed, soon = nil, time.After(newsEach)
		case <-soon:
			changed, soon = news.Ready, nil
		case e := <-publishers:
			// Without an id: it is not in the room's log.
			l.send("publisher", "", e)
		case list := <-targets:
			l.send("push", "", struct {
				Targets []Target `json:"targets"`
			}{list})
		case m, ok := <-sub.C:
			switch {
			case !ok:
				return // the client comes back with Last-Event-ID
			case m.Event != nil:
				l.event(*m.Event)
			case m.Landed != nil:
				l.send("cue.landed", "", landedBody{m.Landed.Cue, m.Landed.Show, m.Landed.Seq, m.Landed.Landing})
			}
		}
	}
}

// hear writes what was said in the chats of the room, and gives what to wait on for more; nil: for
// ever. ok is false if the listener has fallen behind.
func (l *listener) hear(talk *chat.Listener) (said <-chan struct{}, ok bool) {
	for talk != nil && l.err == nil {
		text, more, ok := talk.Hear()
		if !ok || len(text) == 0 {
			return more, ok
		}
		l.write(string(text))
	}
	return nil, true
}

func (l *listener) event(e overlay.Event) {
	if e.Show == l.show && e.Pos <= l.pos {
		return
	}
	id := strconv.FormatUint(e.Pos, 10)
	if e.Kind == overlay.KindLineupChanged && e.Show != l.show {
		id = "" // of a show that is planned for later: its place in that log is none here
	} else {
		l.show, l.pos = e.Show, e.Pos
	}
	l.send(e.Kind, id, bodyOf(e))
}

func bodyOf(e overlay.Event) EventBody {
	b := EventBody{Show: e.Show, Audience: e.Audience, Seq: e.Seq, Kind: e.Kind, At: e.At, Event: e.Payload, State: e.State, Landed: e.Landed}
	if e.Audience == overlay.ForPicture {
		b.Cue = e.ID
	}
	if e.By.Name != "" {
		b.By = &e.By
	}
	return b
}

func (l *listener) send(kind overlay.Kind, id string, data any) {
	text, err := json.Marshal(data)
	if err != nil {
		l.fail(err)
		return
	}
	var b strings.Builder
	if id != "" {
		fmt.Fprintf(&b, "id: %s\n", id)
	}
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", kind, text)
	l.write(b.String())
}

func (l *listener) write(text string) {
	if l.err != nil {
		return
	}
	l.fail(l.rc.SetWriteDeadline(time.Now().Add(writeWithin)))
	_, err := io.WriteString(l.w, text)
	l.fail(err)
	l.fail(l.rc.Flush())
	// Over HTTP/2 a deadline ends the answer also while nothing is written.
	l.fail(l.rc.SetWriteDeadline(time.Time{}))
	l.away = l.err != nil
}

func (l *listener) fail(err error) {
	if l.err == nil {
		l.err = err
	}
}
