package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

// request says what a cue does.
type request struct {
	kind    overlay.Kind
	product string
	text    string
	data    json.RawMessage
	line    *string // the present line of the line-up after it; nil: that of the product that it shows, if it has one
	actor   string  // who moves the line; "": whoever asks
}

// AddCue takes a notice or a custom cue for a room.
func (s *Store) AddCue(ctx context.Context, room string, cue overlay.NewCue, at overlay.At, once Once) (overlay.CueInfo, error) {
	cue, err := cue.Checked()
	if err != nil {
		return overlay.CueInfo{}, err
	}
	return s.ask(ctx, room, "cues/"+room, at, once, func(*tx, overlay.Room) (request, error) {
		return request{kind: cue.Kind, text: cue.Text, data: cue.Data}, nil
	})
}

// ask takes a cue. A cue for now becomes an event at once, any other is
// scheduled. A room that is not live gets a planned show that keeps the cue.
func (s *Store) ask(ctx context.Context, slug, scope string, at overlay.At, o Once,
	what func(*tx, overlay.Room) (request, error)) (overlay.CueInfo, error) {
	return s.cueOnce(ctx, slug, scope, o, func(t *tx, room overlay.Room) (string, error) {
		r, err := what(t, room)
		if err != nil {
			return "", err
		}
		return t.addCue(ctx, room, r, at)
	})
}

// cueOnce does what makes a cue in a room, once for each key, and tells of the cue.
func (s *Store) cueOnce(ctx context.Context, slug, scope string, o Once, do func(*tx, overlay.Room) (id string, err error)) (overlay.CueInfo, error) {
	var info overlay.CueInfo
	err := s.write(ctx, func(t *tx) error {
		room, err := roomBySlug(ctx, t, slug)
		if err != nil {
			return err
		}
		read := func(id string) (overlay.CueInfo, error) { return cueInfo(ctx, t, slug, id) }
		info, err = once(ctx, t, scope, o, func() (string, overlay.CueInfo, error) {
			id, err := do(t, room)
			if err != nil {
				return "", overlay.CueInfo{}, err
			}
			made, err := read(id)
			return id, made, err
		}, read)
		return err
	})
	return info, err
}

func (t *tx) addCue(ctx context.Context, room overlay.Room, r request, at overlay.At) (string, error) {
	live, ok, err := openBroadcast(ctx, t, room)
	if err != nil {
		return "", err
	}
	var anchor time.Time
	var epoch string
	if ok {
		anchor = live.Anchor
	}
	if at.Form == overlay.AtPTS {
		epoch = live.Epoch
	}
	due, later, err := at.Due(t.now, anchor)
	if err != nil {
		return "", err
	}
	show, err := t.currentShow(ctx, room)
	if err != nil {
		return "", err
	}
	if later {
		err = t.fitsIn(ctx, show.ID, due)
	} else if free, ok, wrong := t.take(ctx, show.ID, ""); wrong != nil {
		err = wrong
	} else if !ok {
		err = &overlay.TooSoon{Until: free, Limit: t.s.pace}
	}
	if err != nil {
		return "", err
	}
	id, status := t.s.newID(), overlay.CueDue
	if later {
		status = overlay.CueScheduled
	}
	_, err = t.ExecContext(ctx, `INSERT INTO cue(id, room, show, epoch, kind, product, text, data, due, status, created_at, actor) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
		id, room.ID, show.ID, orNull(epoch), r.kind, orNull(r.product), orNull(r.text), orNull(string(r.data)), due.UnixMilli(), status, t.now.UnixMilli(), byText(t.by))
	if err != nil {
		return "", fmt.Errorf("add cue: %w", err)
	}
	if later {
		return id, t.tellScheduled(ctx, show, id, due, r)
	}
	_, err = t.perform(ctx, show, draft{id: id, at: due}, r)
	return id, err
}

// perform turns a cue into its event.
func (t *tx) perform(ctx context.Context, show overlay.Show, d draft, r request) (overlay.Event, error) {
	d.product = r.product
	switch r.kind {
	case overlay.KindProductPin:
		e, err := t.pin(ctx, show, d)
		if err != nil {
			return e, err
		}
		return e, t.moveLine(ctx, show, r)
	case overlay.KindProductUnpin:
		e, err := t.unpin(ctx, show, d)
		if err != nil || r.line == nil {
			return e, err
		}
		return e, t.moveLine(ctx, show, r)
	}
	d.kind, d.body = r.kind, overlay.Body{Text: r.text, Data: r.data}
	return t.append(ctx, show, d)
}

// CancelCue takes back a cue that has not become an event yet; after that it
// is a conflict. A cue may be cancelled twice without an error.
func (s *Store) CancelCue(ctx context.Context, room, id string) error {
	return s.write(ctx, func(t *tx) error {
		info, err := cueInfo(ctx, t, room, id)
		if err != nil {
			return err
		}
		switch info.Status {
		case overlay.CueCancelled:
			return nil
		case overlay.CueScheduled:
			return t.cancelAll(ctx, `id = ?`, id, "taken back")
		}
		return overlay.Errorf(overlay.Conflict, "the cue is due already and cannot be cancelled")
	})
}

// GetCue gives a cue of a room and its status.
func (s *Store) GetCue(ctx context.Context, room, id string) (overlay.CueInfo, error) {
	return cueInfo(ctx, s.reader, room, id)
}

func cueInfo(ctx context.Context, q querier, room, id string) (overlay.CueInfo, error) {
	c := overlay.CueInfo{ID: id, Room: room}
	var due, seq sql.NullInt64
	var landed sql.NullString
	err := q.QueryRowContext(ctx, `SELECT c.show, c.kind, coalesce(c.product,''), c.status, c.due, coalesce(c.reason,''), e.seq, e.landed
		FROM cue c JOIN room r ON r.id = c.room LEFT JOIN event e ON e.id = c.id WHERE c.id = ? AND r.slug = ?`, id, room).
		Scan(&c.Show, &c.Kind, &c.Product, &c.Status, &due, &c.Reason, &seq, &landed)
	if errors.Is(err, sql.ErrNoRows) {
		return c, overlay.Errorf(overlay.NotFound, "there is no such cue")
	}
	if err != nil {
		return c, fmt.Errorf("find cue: %w", err)
	}
	c.Due, c.Seq = moment(due), uint64(seq.Int64)
	if c.Landed, err = readLanding(landed); err != nil {
		return c, fmt.Errorf("read landing of cue %s: %w", id, err)
	}
	if c.Landed != nil {
		c.Status = overlay.CueLanded
	}
	return c, nil
}
