package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"mediad/overlay"
)

// draft is an event before it has its place in the log.
type draft struct {
	id        string    // "": a new one
	at        time.Time // zero: now
	notBefore time.Time // zero: at once
	kind      overlay.Kind
	product   string
	body      overlay.Body
}

// append gives an event its place: the show's next seq, taken under the show's
// row, with the state that holds after it. The change that it tells of must
// have been made in this transaction before.
func (t *tx) append(ctx context.Context, show overlay.Show, d draft) (overlay.Event, error) {
	if d.id == "" {
		d.id = t.s.newID()
	}
	if d.at.IsZero() {
		d.at = t.now
	}
	e := overlay.Event{ID: d.id, Room: show.Room, Show: show.ID, Kind: d.kind, At: d.at, NotBefore: d.notBefore, Product: d.product}
	err := t.QueryRowContext(ctx, `UPDATE show SET seq = seq + 1 WHERE id = ? AND state <> 'ended' RETURNING seq`, show.ID).Scan(&e.Seq)
	if err != nil {
		return e, fmt.Errorf("count event of show %s: %w", show.ID, err)
	}
	if e.Payload, err = overlay.EventJSON(d.kind, show.ID, e.Seq, d.at, d.body); err != nil {
		return e, err
	}
	pins, err := pinned(ctx, t, show.ID)
	if err != nil {
		return e, err
	}
	if e.State, err = stateJSON(show.ID, e.Seq, d.at, pins); err != nil {
		return e, err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO event(show, seq, id, kind, at, not_before, product, payload, state) VALUES (?,?,?,?,?,?,?,?,?)`,
		e.Show, e.Seq, e.ID, e.Kind, e.At.UnixMilli(), millis(e.NotBefore), orNull(e.Product), string(e.Payload), string(e.State))
	if err != nil {
		return e, fmt.Errorf("append event: %w", err)
	}
	t.changed = true
	return e, nil
}

func stateJSON(show string, seq uint64, at time.Time, pins []overlay.Pin) ([]byte, error) {
	state := overlay.State{Show: show, Seq: seq, At: at}
	for _, p := range pins {
		state.Pinned = append(state.Pinned, overlay.PinCard(p.Product))
	}
	return overlay.StateJSON(state)
}

const selectEvent = `SELECT e.id, r.slug, e.show, e.seq, e.kind, e.at, e.not_before, coalesce(e.product,''), e.payload, e.state, e.landed
	FROM event e JOIN show s ON s.id = e.show JOIN room r ON r.id = s.room `

func scanEvent(row scanner) (e overlay.Event, err error) {
	var at, notBefore sql.NullInt64
	var landed sql.NullString
	err = row.Scan(&e.ID, &e.Room, &e.Show, &e.Seq, &e.Kind, &at, &notBefore, &e.Product, &e.Payload, &e.State, &landed)
	if err != nil {
		return e, err
	}
	e.At, e.NotBefore = moment(at), moment(notBefore)
	e.Landed, err = readLanding(landed)
	return e, err
}

func readLanding(text sql.NullString) (*overlay.Landing, error) {
	if !text.Valid {
		return nil, nil
	}
	var l overlay.Landing
	return &l, json.Unmarshal([]byte(text.String), &l)
}

// After gives at most limit events of a show with a greater seq, in order.
func (s *Store) After(ctx context.Context, show string, seq uint64, limit int) ([]overlay.Event, error) {
	list, err := collect(ctx, s.reader, scanEvent, selectEvent+`WHERE e.show = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`, show, int64(seq), limit)
	if err != nil {
		return nil, fmt.Errorf("read log of show %s: %w", show, err)
	}
	return list, nil
}

// headsKept is how long an ended show stays among the heads, so that readers
// who were away get its last events.
const headsKept = 10 * time.Minute

// Heads gives the ends of the logs that may still grow, or just ended.
func (s *Store) Heads(ctx context.Context) ([]overlay.Head, error) {
	list, err := collect(ctx, s.reader, func(row scanner) (h overlay.Head, err error) {
		err = row.Scan(&h.Show, &h.Room, &h.Seq)
		return h, err
	}, `SELECT s.id, r.slug, s.seq FROM show s JOIN room r ON r.id = s.room
	    WHERE s.state <> 'ended' OR s.ended_at > ? ORDER BY s.id`, s.now().Add(-headsKept).UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read heads: %w", err)
	}
	return list, nil
}
