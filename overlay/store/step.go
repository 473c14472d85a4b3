package store

import (
	"cmp"
	"context"
	"fmt"

	"mediad/overlay"
)

// Step says which line of the line-up to pin.
type Step struct {
	Back bool // the one before, not the next one
	// From, if not nil, is the product of the line that the host takes for the present
	// one, "" for none: any other is a conflict, since another host was faster.
	From *string
}

// Step pins the next line of a room's present or next show, or the one before, and
// takes down what the present line has pinned. It answers as Pin does.
func (s *Store) Step(ctx context.Context, slug string, step Step, actor string, o Once) (overlay.CueInfo, error) {
	return s.cueOnce(ctx, slug, "step/"+slug, o, func(t *tx, room overlay.Room) (string, error) { return t.step(ctx, room, step, actor) })
}

func (t *tx) step(ctx context.Context, room overlay.Room, step Step, actor string) (string, error) {
	show, ok, err := openShow(ctx, t, room, t.now)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", overlay.Errorf(overlay.Conflict, "the room has no show on air and none that begins soon")
	}
	l, err := lineup(ctx, t, show.ID)
	if err != nil {
		return "", err
	}
	if step.From != nil && *step.From != l.Line {
		return "", overlay.Errorf(overlay.Conflict, "from: another line is the present one by now; read the line-up again")
	}
	line, err := t.stepTo(ctx, show, l, step.Back)
	if err != nil {
		return "", err
	}
	if err := t.unpinLast(ctx, show); err != nil {
		return "", err
	}
	return t.addCue(ctx, room, request{kind: overlay.KindProductPin, product: line.Product, actor: actor}, overlay.At{})
}

// stepTo gives the line to step to. Those whose products are not granted any more are
// left out.
func (t *tx) stepTo(ctx context.Context, show overlay.Show, l overlay.Lineup, back bool) (overlay.Line, error) {
	for {
		line, err := l.Step(back)
		if err != nil {
			return line, err
		}
		if err := t.mayShow(ctx, show, line.Catalogue); overlay.CodeOf(err) != overlay.Conflict {
			return line, err
		}
		l.Line = line.Product
	}
}

// moveLine makes the product that a request shows the present line, if it has one, or the
// line that the request names: next goes on from there.
func (t *tx) moveLine(ctx context.Context, show overlay.Show, r request) error {
	l, err := lineup(ctx, t, show.ID)
	if err != nil {
		return err
	}
	to := r.product
	if r.line != nil {
		to = *r.line
	}
	if at := l.At(to); at >= 0 {
		to = l.Lines[at].Product
	} else if r.line == nil {
		return nil
	} else if to != "" {
		return overlay.Errorf(overlay.Invalid, "line: the product is not in the line-up")
	}
	_, err = t.ExecContext(ctx, `UPDATE show SET line = ?, line_pin = (SELECT max(id) FROM pin WHERE show = show.id AND product = ? AND unpinned_at IS NULL) WHERE id = ?`, orNull(to), to, show.ID)
	if err != nil {
		return fmt.Errorf("move in the line-up: %w", err)
	}
	if to == l.Line {
		return nil
	}
	return t.tellLineup(ctx, show.ID, overlay.LineupChanged{By: cmp.Or(r.actor, t.by.Name), Line: to})
}

// unpinLast takes down what the present line has pinned, if it is still there.
func (t *tx) unpinLast(ctx context.Context, show overlay.Show) error {
	up, err := collect(ctx, t, func(row scanner) (product string, err error) { return product, row.Scan(&product) },
		`SELECT i.product FROM pin i JOIN show s ON s.line_pin = i.id WHERE s.id = ? AND i.show = s.id AND i.unpinned_at IS NULL`, show.ID)
	if err != nil {
		return fmt.Errorf("find the last line's pin: %w", err)
	}
	for _, product := range up {
		if _, err := t.unpin(ctx, show, draft{product: product}); err != nil {
			return err
		}
	}
	return nil
}
