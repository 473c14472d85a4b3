package broadcast

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"mediad/ingest"
	"mediad/ingest/rtmp/restream"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/packager"
)

// maxEncoder is how long an encoder's name may be, in characters.
const maxEncoder = 128

var errNotLookedUp = fmt.Errorf("%w: the server could not look up the stream key", ingest.ErrRefused)

var errClosing = fmt.Errorf("%w: %w", ingest.ErrRefused, ingest.ErrClosing)

// Publish puts a publisher that has a room's key onto the room's stream. It
// replaces a publisher that is there already.
func (m *Manager) Publish(ctx context.Context, r ingest.Request) (ingest.Sink, error) {
	r.Encoder = overlay.Plain(r.Encoder, maxEncoder) // from here on the name is shown to people
	slug, returns, err := m.lookUp(ctx, r.Key)
	if overlay.CodeOf(err) == overlay.NotFound {
		return nil, ingest.ErrBadKey
	}
	if err != nil {
		m.log.Error("stream key could not be looked up", "err", err)
		return nil, errNotLookedUp
	}
	if m.permit != nil {
		if err := m.permit(ctx, slug, r); err != nil {
			m.refused(slug, r, err)
			return nil, err
		}
	}
	in := m.room(slug)
	if err := in.acquire(ctx); err != nil {
		return nil, notBegun(err)
	}
	defer in.release()
	if m.closing.Load() {
		return nil, errClosing
	}
	if err := m.restoreLeft(ctx, in); err != nil {
		return nil, notBegun(err)
	}
	a := in.air
	if err := m.mayTakeOver(a, r); err != nil {
		return nil, err
	}
	if a == nil && returns { // it ended meanwhile
		return nil, errNotLookedUp
	}
	first, replaces, was := a == nil, a != nil && a.session != nil, ingest.Request{}
	if first {
		if err := m.mayBegin(in, r); err != nil {
			return nil, err
		}
		if a, err = m.begin(ctx, in); err != nil {
			if errors.Is(err, errClosing) {
				return nil, errClosing
			}
			m.log.Error("broadcast could not begin", "room", slug, "err", err)
			return nil, notBegun(err)
		}
	} else if err := m.resume(ctx, in, returns); err != nil {
		m.log.Error("broadcast could not go on", "room", slug, "err", err)
	}
	if replaces {
		was = a.request
		was.Kick(ingest.ErrTakenOver)
	}
	s := m.attach(in, r)
	if s == nil { // the stream was suspended meanwhile
		return nil, errClosing
	}
	m.admitted(a, was, first, replaces)
	return s, nil
}

// attach puts a publisher on air; nil: the server shuts down. The caller has
// the room's turn.
func (m *Manager) attach(in *room, r ingest.Request) *sink {
	in.mu.Lock()
	defer in.mu.Unlock()
	if m.closing.Load() {
		return nil
	}
	a := in.air
	a.session, a.request, a.since, a.heard = a.stream.Attach(), r, time.Now(), new(atomic.Int64)
	a.heard.Store(a.since.UnixNano())
	s := &sink{Session: a.session, manager: m, room: in, heard: a.heard}
	if !a.begin.Rehearsal { // which is private
		s.restream = m.restream.Open(in.slug)
	}
	return s
}

// notBegun refuses a publisher whose broadcast cannot begin or go on. If the
// reason has words for users, the host gets them.
func notBegun(err error) error {
	words := "the server could not begin the broadcast"
	var why *overlay.Error
	if errors.As(err, &why) && why.Code == overlay.Unavailable {
		words += ": " + why.Message
	}
	return fmt.Errorf("%w: %s", ingest.ErrRefused, words)
}

// mayTakeOver refuses a newcomer while two encoders contend for a room. The caller
// has the room's turn.
func (m *Manager) mayTakeOver(a *onAir, r ingest.Request) error {
	if a == nil {
		return nil
	}
	if a.session == nil {
		a.contention.noneOnAir()
		return nil
	}
	now := time.Now()
	wait, begins := a.contention.takeOver(r.Remote.Addr(), now, time.Unix(0, a.heard.Load()))
	if wait == 0 {
		return nil
	}
	room := a.begin.Room
	m.log.Warn("two encoders compete for the room; the present one stays", "room", room,
		"present", a.request.Remote, "refused", r.Remote, "wait", wait)
	if begins { // told once: an encoder that retries would push all other events out of the history
		e := came(room, api.PublisherContention, "Two encoders compete for this room. The one on air stays; stop the other one.", r)
		e.Until = now.Add(wait)
		m.tell(e)
	}
	return fmt.Errorf("%w: another encoder is competing for this room; stop one of the two, and try again in %v",
		ingest.ErrRefused, wait.Round(time.Second))
}

// refused tells a room's host that a publisher with the right key was
// refused.
func (m *Manager) refused(room string, r ingest.Request, why error) {
	e := came(room, api.PublisherRefused, "", r)
	e.Reason = strings.TrimPrefix(why.Error(), ingest.ErrRefused.Error()+": ")
	e.Text = "A publisher with the right key was not let on: " + e.Reason + "."
	m.tell(e)
}

// sink is a packager session that tells the Manager when its publisher is gone.
type sink struct {
	*packager.Session
	manager *Manager
	room    *room
	heard   *atomic.Int64 // shared with the Manager

	restream *restream.Feed // nil: nothing is sent on
}

func (k *sink) SetTracks(tracks []ingest.Track) error {
	if err := k.Session.SetTracks(tracks); err != nil {
		return err
	}
	k.restream.SetTracks(tracks)
	return nil
}

func (k *sink) WriteUnit(u ingest.Unit) error {
	k.heard.Store(time.Now().UnixNano())
	if err := k.Session.WriteUnit(u); err != nil {
		return err
	}
	k.restream.WriteUnit(u)
	return nil
}

// Explain implements ingest.Explainer.
func (k *sink) Explain(reason error) {
	e := happened(k.room.slug, api.PublisherClosed, "The server disconnected the publisher: "+reason.Error()+".")
	e.Reason = reason.Error()
	k.manager.tell(e)
}

func (k *sink) Close(end ingest.End) {
	k.Session.Close(end)
	k.restream.Close(end == ingest.Lost)
	k.manager.gone(k.room, k.Session, end)
}
