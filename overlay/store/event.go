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

// append gives an event the next place in the show's log. The counter is in the
// row of the show, so two events never get the same place. An event for the
// picture also gets the show's next seq, and the state that holds after it. The
// caller has already made the change that the event reports, in this
// transaction.
func (t *tx) append(ctx context.Context, show overlay.Show, d draft) (overlay.Event, error) {
	if d.id == "" {
		d.id = t.s.newID()
	}
	if d.at.IsZero() {
		d.at = t.now
	}
	e := overlay.Event{ID: d.id, Room: show.Room, Show: show.ID, Audience: d.kind.Audience(), Kind: d.kind, At: d.at, NotBefore: d.notBefore, Product: d.product, By: t.by}
	var err error
	if e.Audience == overlay.ForPicture {
		err = t.forPicture(ctx, &e, d.body)
	} else {
		err = t.outOfBand(ctx, &e, d.body)
	}
	if err != nil {
		return e, err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO event(show, pos, id, audience, kind, at, not_before, product, payload, seq, state, actor) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
		e.Show, int64(e.Pos), e.ID, e.Audience, e.Kind, e.At.UnixMilli(), millis(e.NotBefore), orNull(e.Product), string(e.Payload), numberOrNull(e.Seq), orNull(string(e.State)), byText(e.By))
	if err != nil {
		return e, fmt.Errorf("append event: %w", err)
	}
	t.changed = true
	return e, t.tellEvent(ctx, show, e, d.body)
}

// forPicture numbers an event for the picture, and writes it as the stream
// carries it. A show that has ended takes none.
func (t *tx) forPicture(ctx context.Context, e *overlay.Event, b overlay.Body) error {
	err := t.QueryRowContext(ctx, `UPDATE show SET pos = pos + 1, seq = seq + 1 WHERE id = ? AND state <> 'ended' RETURNING pos, seq`, e.Show).Scan(&e.Pos, &e.Seq)
	if err != nil {
		return fmt.Errorf("count event of show %s: %w", e.Show, err)
	}
	if e.Payload, err = overlay.EventJSON(e.Kind, e.Show, e.Seq, e.At, b); err != nil {
		return err
	}
	e.State, err = stateAfter(ctx, t, e.Show, e.Seq, e.At)
	return err
}

// outOfBand numbers an event that never enters the stream.
func (t *tx) outOfBand(ctx context.Context, e *overlay.Event, b overlay.Body) error {
	err := t.QueryRowContext(ctx, `UPDATE show SET pos = pos + 1 WHERE id = ? RETURNING pos`, e.Show).Scan(&e.Pos)
	if err != nil {
		return fmt.Errorf("count event of show %s: %w", e.Show, err)
	}
	e.Payload, err = overlay.LogJSON(e.Kind, e.Show, e.At, b)
	return err
}

// stateAfter gives what holds in a show, in-band.
func stateAfter(ctx context.Context, q querier, show string, seq uint64, at time.Time) ([]byte, error) {
	state := overlay.State{Show: show, Seq: seq, At: at}
	pins, err := pinned(ctx, q, show)
	if err != nil {
		return nil, err
	}
	for _, p := range pins {
		state.Pinned = append(state.Pinned, overlay.PinCard(p.Product))
	}
	if state.Offers, err = toldOffers(ctx, q, show); err != nil {
		return nil, err
	}
	if state.Coupons, err = shownCoupons(ctx, q, show); err != nil {
		return nil, err
	}
	if state.Poll, err = openPoll(ctx, q, show); err != nil {
		return nil, err
	}
	return overlay.StateJSON(state)
}

const selectEvent = `SELECT e.id, r.slug, e.show, e.pos, e.audience, e.kind, e.at, e.not_before, coalesce(e.product,''), e.payload, e.seq, e.state, e.landed, e.actor
	FROM event e JOIN show s ON s.id = e.show JOIN room r ON r.id = s.room `

func scanEvent(row scanner) (e overlay.Event, err error) {
	var at, notBefore, seq sql.NullInt64
	var landed, actor sql.NullString
	err = row.Scan(&e.ID, &e.Room, &e.Show, &e.Pos, &e.Audience, &e.Kind, &at, &notBefore, &e.Product, &e.Payload, &seq, &e.State, &landed, &actor)
	if err != nil {
		return e, err
	}
	e.At, e.NotBefore, e.Seq = moment(at), moment(notBefore), uint64(seq.Int64)
	if e.By, err = readBy(actor); err != nil {
		return e, err
	}
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
