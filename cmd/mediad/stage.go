package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/ingest"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/feed"
	"mediad/overlay/store"
	"mediad/packager"
	"mediad/packager/archive"
	"mediad/packager/spool"
)

// stage is where publishers meet rooms: it begins, continues and ends
// broadcasts. It is the ingest.Publisher.
//
// A broadcast begins with the first publish. Unpublishing, or the host, ends
// it. A lost connection does not: the room waits, and only when nobody comes
// back in time it ends. A shutdown never ends it.
type stage struct {
	live    *packager.Live
	store   *store.Store
	archive *archive.Archive
	spool   *spool.Spool
	feed    *feed.Feed
	marks   *marks
	watch   *watcher
	hls     config.HLS
	log     *slog.Logger
	// permit is asked about publishers with the right key; nil: nobody is.
	permit func(ctx context.Context, room string, r ingest.Request) error
	// listed hears of each part that players can have, how long after it began to
	// arrive; nil: nobody does.
	listed func(time.Duration)
	// over hears of each broadcast that has ended; nil: nobody does.
	over func(room, epoch string)

	history history // of publishers; never asked for the stage's mu

	mu sync.Mutex
	// Guarded by mu.
	rooms   map[string]*onAir // by slug
	notices notices
	closing bool
	owed    map[string]owedEnd // by slug; nil until there is one
	// by slug: what a former process left on air and could not be taken up yet
	left map[string]overlay.Broadcast
	// by slug: rooms whose host ended a broadcast; nil until there is one
	curtains map[string]*curtain
}

// onAir is one room's broadcast. Guarded by the stage's mu.
type onAir struct {
	begin   overlay.Begin
	stream  *packager.Stream
	stored  *archive.Stream
	spooled *spool.Stream
	forgot  bool              // a former process stored segments, and the journal of them is gone
	session *packager.Session // nil: nobody publishes
	request ingest.Request    // of the present publisher
	since   time.Time
	heard   *atomic.Int64 // when the present publisher last sent media, in ns since 1970
	fight   fight
	timer   *time.Timer // ends the broadcast; set while nobody publishes
	away    api.Away    // since when nobody does, and until when the room waits; holds while timer does
}

var errClosing = fmt.Errorf("%w: %w", ingest.ErrRefused, ingest.ErrClosing)

// Publish lets a publisher with a room's key onto the room's stream. One who
// is there already makes way.
func (s *stage) Publish(ctx context.Context, r ingest.Request) (ingest.Sink, error) {
	r.Encoder = overlay.Plain(r.Encoder, maxEncoder) // from here on it is shown
	room, err := s.store.RoomByKey(ctx, r.Key)
	if overlay.CodeOf(err) == overlay.NotFound {
		return nil, ingest.ErrBadKey
	}
	if err != nil {
		s.log.Error("stream key could not be looked up", "err", err)
		return nil, fmt.Errorf("%w: the server could not look up the stream key", ingest.ErrRefused)
	}
	if s.permit != nil {
		if err := s.permit(ctx, room.Slug, r); err != nil {
			s.refused(room.Slug, r, err)
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return nil, errClosing
	}
	if err := s.takeUpLeft(ctx, room.Slug); err != nil {
		return nil, notBegun(err)
	}
	a := s.rooms[room.Slug]
	if err := s.mayTakeOver(a, r); err != nil {
		return nil, err
	}
	first, replaces, was := a == nil, a != nil && a.session != nil, ingest.Request{}
	if first {
		if err := s.mayBegin(room.Slug, r); err != nil {
			return nil, err
		}
		if a, err = s.begin(ctx, room.Slug); err != nil {
			s.log.Error("broadcast could not begin", "room", room.Slug, "err", err)
			return nil, notBegun(err)
		}
	} else if err := s.resume(ctx, a); err != nil {
		s.log.Error("broadcast could not go on", "room", room.Slug, "err", err)
	}
	if replaces {
		was = a.request
		was.Kick(ingest.ErrTakenOver)
	}
	a.session, a.request, a.since, a.heard = a.stream.Attach(), r, time.Now(), new(atomic.Int64)
	a.heard.Store(a.since.UnixNano())
	s.admitted(a, was, first, replaces)
	return &sink{Session: a.session, stage: s, room: room.Slug, heard: a.heard}, nil
}

// notBegun refuses a publisher whose broadcast cannot begin or go on, in words
// for its host where the reason has some.
func notBegun(err error) error {
	words := "the server could not begin the broadcast"
	var why *overlay.Error
	if errors.As(err, &why) && why.Code == overlay.Unavailable {
		words += ": " + why.Message
	}
	return fmt.Errorf("%w: %s", ingest.ErrRefused, words)
}

// mayTakeOver refuses a newcomer while two encoders fight for a room.
func (s *stage) mayTakeOver(a *onAir, r ingest.Request) error {
	if a == nil {
		return nil
	}
	if a.session == nil {
		a.fight.vacant()
		return nil
	}
	now := time.Now()
	wait, begins := a.fight.takeOver(r.Remote.Addr(), now, time.Unix(0, a.heard.Load()))
	if wait == 0 {
		return nil
	}
	room := a.begin.Room
	s.log.Warn("another encoder is fighting for the room; the present one stays", "room", room,
		"present", a.request.Remote, "refused", r.Remote, "wait", wait)
	if begins { // one that tries again and again would push all else out of the history
		e := came(room, api.PublisherFight, "Two encoders fight for this room. The one on air stays; stop the other one.", r)
		e.Until = now.Add(wait)
		s.tell(e)
	}
	return fmt.Errorf("%w: another encoder is fighting for this room; stop one of the two, and try again in %v",
		ingest.ErrRefused, wait.Round(time.Second))
}

// refused tells a room's host that a publisher with the right key was not let
// on.
func (s *stage) refused(room string, r ingest.Request, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tellRefused(room, r, why)
}

// tellRefused is refused where mu is held.
func (s *stage) tellRefused(room string, r ingest.Request, why error) {
	e := came(room, api.PublisherRefused, "", r)
	e.Reason = strings.TrimPrefix(why.Error(), ingest.ErrRefused.Error()+": ")
	e.Text = "A publisher with the right key was not let on: " + e.Reason + "."
	s.tell(e)
}

// sink is a packager session that tells the stage when its publisher is gone.
type sink struct {
	*packager.Session
	stage *stage
	room  string
	heard *atomic.Int64 // shared with the stage
}

func (k *sink) WriteUnit(u ingest.Unit) error {
	k.heard.Store(time.Now().UnixNano())
	return k.Session.WriteUnit(u)
}

// Explain implements ingest.Explainer.
func (k *sink) Explain(reason error) {
	e := happened(k.room, api.PublisherClosed, "The publisher was closed: "+reason.Error()+".")
	e.Reason = reason.Error()
	k.stage.mu.Lock()
	defer k.stage.mu.Unlock()
	k.stage.tell(e)
}

func (k *sink) Close(end ingest.End) {
	k.Session.Close(end)
	k.stage.gone(k.room, k.Session, end)
}

// begin opens a broadcast, or the one that a former process left open.
func (s *stage) begin(ctx context.Context, room string) (*onAir, error) {
	if err := s.payEnd(ctx, room); err != nil {
		return nil, fmt.Errorf("note the end of the room's last broadcast: %w", err)
	}
	b, err := s.store.BeginBroadcast(ctx, room, time.Now())
	if err != nil {
		return nil, err
	}
	return s.open(ctx, b)
}

// open puts a broadcast's stream on air.
func (s *stage) open(ctx context.Context, b overlay.Begin) (*onAir, error) {
	from := packager.Marks(b.Marks)
	if b.Resumed {
		from = unused(from, time.Since(b.Reserved))
	}
	if err := s.marks.begin(ctx, b.Epoch, from); err != nil {
		return nil, fmt.Errorf("reserve numbers: %w", err)
	}
	class := classOf(b.Latency, s.hls)
	target := max(ingest.Ticks(class.segment), from.Target) / ingest.Clock
	left, err := s.recover(b.Room, b.Epoch, int(target), class.window)
	if err != nil {
		return nil, err
	}
	if left.edge.IsZero() {
		// Nothing was written anywhere. What was listed ended after this.
		left.edge = b.Reserved
	}
	stream := packager.NewStream(packager.Options{
		Listed: s.listed,
		Room:   b.Room, Epoch: b.Epoch, Anchor: b.Anchor,
		Part: class.part, Segment: class.segment, Window: class.window, SegmentsOnly: class.segmentsOnly, DVR: s.hls.DVR,
		Begin: from, Resumed: b.Resumed, State: b.State, Edge: left.edge, Past: left.past, Stored: left.records,
		Archive: left.stored, Spool: left.spooled,
		Advance: func(m packager.Marks) { s.marks.advance(b.Epoch, m) },
	})
	a := &onAir{begin: b, stream: stream, stored: left.stored, spooled: left.spooled}
	// Where the spool reaches back to the broadcast's begin, nothing is lost.
	whole := !left.first.IsZero() && left.first.Sub(b.Anchor) < time.Second
	if made, _ := left.stored.Journal(); made && !whole && b.Resumed && b.Marks.Target > 0 && s.archive.Stores() {
		a.forgot = true
		s.log.Error("the journal of a broadcast on air is gone: what was stored of it before is not known, and is missing from its replay until mediad storage repair is run behind its end",
			"room", b.Room, "epoch", b.Epoch)
	}
	s.rooms[b.Room] = a
	s.live.Add(stream)
	s.feed.Attach(b.Show, b.Seq)
	return a, nil
}

// resume stops the clock of a room that waits for its publisher.
func (s *stage) resume(ctx context.Context, a *onAir) error {
	if a.timer == nil {
		return nil
	}
	a.timer.Stop()
	a.timer = nil
	_, err := s.store.BeginBroadcast(ctx, a.begin.Room, time.Now())
	return err
}

// gone hears that a publisher's connection has ended.
func (s *stage) gone(room string, session *packager.Session, end ingest.End) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.rooms[room]
	if a == nil || a.session != session {
		return // taken over, or ended by the host
	}
	a.session = nil
	switch {
	case s.closing:
		s.log.Info("publisher off", "room", room)
	case end == ingest.Unpublished:
		s.end(a, "unpublished")
	case !a.stream.Begun():
		// Refused before its first segment, as for its codec: there is nothing
		// to wait for, and viewers must not be told to.
		s.end(a, "nothing was published")
	default:
		s.log.Warn("publisher lost", "room", room, "wait", s.hls.Reconnect)
		e := happened(room, api.PublisherLost, "The connection to the publisher was lost; the room waits for it.")
		e.Until = e.At.Add(s.hls.Reconnect)
		if err := s.store.Interrupted(context.Background(), a.begin.Epoch, e.At, e.Until); err != nil {
			s.log.Error("interruption could not be noted", "room", room, "err", err)
		}
		s.wait(a, e.At)
		s.tell(e)
	}
}

// wait ends the broadcast unless its publisher, who is away since, comes back in
// time.
func (s *stage) wait(a *onAir, since time.Time) {
	a.away = api.Away{Since: since, Until: since.Add(s.hls.Reconnect)}
	var timer *time.Timer
	timer = time.AfterFunc(s.hls.Reconnect, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		// Another timer: while this one waited for mu the publisher came back,
		// and was lost once more.
		if s.rooms[a.begin.Room] == a && a.timer == timer && !s.closing {
			s.end(a, "publisher did not come back")
		}
	})
	a.timer = timer
}

// end closes a broadcast for good.
func (s *stage) end(a *onAir, reason string) {
	room, epoch := a.begin.Room, a.begin.Epoch
	if a.timer != nil {
		a.timer.Stop()
	}
	if a.session != nil {
		a.request.Kick(errors.New(reason))
		a.session = nil
	}
	a.stream.End()
	a.stored.End()
	s.live.Remove(a.stream)
	s.feed.Detach(a.begin.Show)
	used, unsaved := s.marks.end(epoch)
	delete(s.rooms, room)
	s.oweEnd(room, owedEnd{epoch: epoch, used: used, unsaved: unsaved, at: time.Now(), reason: reason})
	if s.over != nil {
		s.over(room, epoch)
	}
	e := happened(room, api.PublisherEnded, "The broadcast ended: "+reason+".")
	e.Reason = reason
	s.tell(e)
	s.log.Info("broadcast ended", "room", room, "epoch", epoch, "reason", reason)
}

// End is the host's end of a broadcast.
func (s *stage) End(ctx context.Context, room string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.takeUpLeft(ctx, room); err != nil {
		return err // it is on air, and its end could not be noted
	}
	a := s.rooms[room]
	if a == nil {
		return overlay.Errorf(overlay.Conflict, "the room is not live")
	}
	if s.curtains == nil {
		s.curtains = map[string]*curtain{}
	}
	s.curtains[room] = new(curtain)
	s.curtains[room].fall(time.Now()) // one who was lost tries to come back, too
	s.end(a, "ended by the host")
	return nil
}
