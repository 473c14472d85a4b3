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

// keptPoll is a poll with what the store alone needs of it.
type keptPoll struct {
	overlay.Poll
	told, due time.Time
	voted     bool // in this transaction
}

const selectPoll = `SELECT p.id, p.show, p.question, p.options, p.votes, p.state, p.hidden, p.seconds, p.opened_at, p.ends_at, p.closed_at, p.told_at, p.due FROM poll p `

func scanPoll(row scanner) (p keptPoll, err error) {
	var options, votes string
	var hidden int64
	var opened, ends, closed, told, due sql.NullInt64
	if err := row.Scan(&p.ID, &p.Show, &p.Question, &options, &votes, &p.State, &hidden, &p.Seconds, &opened, &ends, &closed, &told, &due); err != nil {
		return p, err
	}
	if err := errors.Join(json.Unmarshal([]byte(options), &p.Options), json.Unmarshal([]byte(votes), &p.Votes)); err != nil {
		return p, fmt.Errorf("read poll %s: %w", p.ID, err)
	}
	p.Hidden, p.Opened, p.Ends, p.Closed, p.told, p.due = hidden != 0, moment(opened), moment(ends), moment(closed), moment(told), moment(due)
	for _, n := range p.Votes {
		p.Total += n
	}
	return p, nil
}

func polls(ctx context.Context, q querier, where string, args ...any) ([]keptPoll, error) {
	all, err := collect(ctx, q, scanPoll, selectPoll+where, args...)
	if err != nil {
		return nil, fmt.Errorf("find polls: %w", err)
	}
	return all, nil
}

func pollOf(ctx context.Context, q querier, show, id string) (keptPoll, error) {
	p, err := scanPoll(q.QueryRowContext(ctx, selectPoll+`WHERE p.id = ? AND p.show = ?`, id, show))
	if errors.Is(err, sql.ErrNoRows) {
		return p, overlay.Errorf(overlay.NotFound, "the show has no such poll")
	}
	if err != nil {
		return p, fmt.Errorf("find poll: %w", err)
	}
	return p, nil
}

// Polls gives the polls of a show behind an id, in the order in which they were prepared.
func (s *Store) Polls(ctx context.Context, show, after string, limit int) ([]overlay.Poll, error) {
	all, err := polls(ctx, s.reader, `WHERE p.show = ? AND p.id > ? ORDER BY p.id LIMIT ?`, show, after, limit)
	list := make([]overlay.Poll, len(all))
	for i, p := range all {
		list[i] = p.Poll
	}
	return list, err
}

// Poll gives a poll of a show.
func (s *Store) Poll(ctx context.Context, show, id string) (overlay.Poll, error) {
	p, err := pollOf(ctx, s.reader, show, id)
	return p.Poll, err
}

// PollsTold gives what viewers know of the polls of a show: those that were opened.
func (s *Store) PollsTold(ctx context.Context, show string) ([]overlay.PollCard, error) {
	all, err := polls(ctx, s.reader, `WHERE p.show = ? AND p.state <> 'draft' ORDER BY p.opened_at, p.id LIMIT ?`, show, overlay.MaxPolls)
	cards := make([]overlay.PollCard, len(all))
	for i, p := range all {
		cards[i] = p.Card()
	}
	return cards, err
}

// openPoll gives the open poll of a show; nil: there is none.
func openPoll(ctx context.Context, q querier, show string) (*overlay.PollCard, error) {
	all, err := polls(ctx, q, `WHERE p.show = ? AND p.state = 'open'`, show)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	card := all[0].Card()
	return &card, nil
}

// PollOpen gives the open poll of a show as a state has it now; nil: there is none.
func (s *Store) PollOpen(ctx context.Context, show string) (*overlay.PollCard, error) {
	return openPoll(ctx, s.reader, show)
}

// CreatePoll prepares a poll of a show that has not ended; open: viewers see it at once.
func (s *Store) CreatePoll(ctx context.Context, p overlay.Poll, open bool, actor string, o Once) (made overlay.Poll, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "polls/"+p.Show, o, func() (string, overlay.Poll, error) {
			id, err := t.addPoll(ctx, p, open, actor)
			if err != nil {
				return "", p, err
			}
			kept, err := pollOf(ctx, t, p.Show, id)
			return id, kept.Poll, err
		}, func(id string) (overlay.Poll, error) {
			kept, err := pollOf(ctx, t, p.Show, id)
			return kept.Poll, err
		})
		return err
	})
	return made, err
}

func (t *tx) addPoll(ctx context.Context, p overlay.Poll, open bool, actor string) (id string, err error) {
	show, err := t.openShow(ctx, p.Show)
	if err != nil {
		return "", err
	}
	if p, err = p.Checked(); err != nil {
		return "", err
	}
	var others int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM poll WHERE show = ?`, p.Show).Scan(&others); err != nil {
		return "", fmt.Errorf("count polls: %w", err)
	}
	if others >= overlay.MaxPolls {
		return "", overlay.Errorf(overlay.Conflict, "the show has %d polls already; delete one of them first", others)
	}
	options, votes, err := pollTexts(p)
	if err != nil {
		return "", err
	}
	id = t.s.newID()
	_, err = t.ExecContext(ctx, `INSERT INTO poll(id, show, question, options, votes, state, hidden, seconds) VALUES (?,?,?,?,?,'draft',?,?)`,
		id, p.Show, p.Question, options, votes, truth(p.Hidden), p.Seconds)
	if err != nil {
		return "", fmt.Errorf("create poll: %w", err)
	}
	t.changed = true
	if err := t.auditIn(ctx, show.Org, actor, "poll.create", p.Question); err != nil || !open {
		return id, err
	}
	kept, err := pollOf(ctx, t, p.Show, id)
	if err != nil {
		return "", err
	}
	return id, t.openPoll(ctx, show, kept, actor)
}

func pollTexts(p overlay.Poll) (options, votes string, err error) {
	o, err := json.Marshal(p.Options)
	if err != nil {
		return "", "", err
	}
	v, err := json.Marshal(p.Votes)
	return string(o), string(v), err
}

// PollChange says what changes of a poll that was not opened yet; nil: that stays.
type PollChange struct {
	Question *string
	Options  *[]string
	Seconds  *int
	Hidden   *bool
}

// ChangePoll changes a poll that was not opened yet.
func (s *Store) ChangePoll(ctx context.Context, show, id string, c PollChange, actor string) (overlay.Poll, error) {
	return s.turnPoll(ctx, show, id, func(t *tx, found overlay.Show, p keptPoll) error {
		if p.State != overlay.PollDraft {
			return overlay.Errorf(overlay.Conflict, "viewers have seen this poll; make a new one")
		}
		set(&p.Question, c.Question)
		set(&p.Options, c.Options)
		set(&p.Seconds, c.Seconds)
		set(&p.Hidden, c.Hidden)
		checked, err := p.Checked()
		if err != nil {
			return err
		}
		options, votes, err := pollTexts(checked)
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `UPDATE poll SET question = ?, options = ?, votes = ?, hidden = ?, seconds = ? WHERE id = ?`, checked.Question, options, votes, truth(checked.Hidden), checked.Seconds, id)
		if err != nil {
			return fmt.Errorf("change poll: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, found.Org, actor, "poll.change", checked.Question)
	})
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// turnPoll does something with a poll of a show that has not ended, and gives it as it is then.
func (s *Store) turnPoll(ctx context.Context, show, id string, do func(*tx, overlay.Show, keptPoll) error) (after overlay.Poll, err error) {
	err = s.write(ctx, func(t *tx) error {
		found, err := t.openShow(ctx, show)
		if err != nil {
			return err
		}
		p, err := pollOf(ctx, t, show, id)
		if err != nil {
			return err
		}
		if err := do(t, found, p); err != nil {
			return err
		}
		p, err = pollOf(ctx, t, show, id)
		after = p.Poll
		return err
	})
	return after, err
}

// OpenPoll lets viewers vote. A poll that was closed goes on with the votes that it has.
func (s *Store) OpenPoll(ctx context.Context, show, id, actor string) (overlay.Poll, error) {
	return s.turnPoll(ctx, show, id, func(t *tx, found overlay.Show, p keptPoll) error {
		if p.State == overlay.PollOpen {
			return nil
		}
		return t.openPoll(ctx, found, p, actor)
	})
}

func (t *tx) openPoll(ctx context.Context, show overlay.Show, p keptPoll, actor string) error {
	other, err := openPoll(ctx, t, show.ID)
	if err != nil {
		return err
	}
	if other != nil {
		return overlay.Errorf(overlay.Conflict, "another poll is open; close it first")
	}
	free, ok, err := t.take(ctx, show.ID, "")
	if err != nil {
		return err
	}
	if !ok {
		return &overlay.TooSoon{Until: free, Limit: t.s.pace}
	}
	p.State, p.Ends = overlay.PollOpen, time.Time{}
	if p.Seconds > 0 {
		p.Ends = t.now.Add(time.Duration(p.Seconds) * time.Second)
	}
	_, err = t.ExecContext(ctx, `UPDATE poll SET state = 'open', opened_at = ?, ends_at = ?, closed_at = NULL, told_at = ?, due = ? WHERE id = ?`,
		t.now.UnixMilli(), millis(p.Ends), t.now.UnixMilli(), millis(p.Ends), p.ID)
	if err != nil {
		return fmt.Errorf("open poll: %w", err)
	}
	if err := t.tellPoll(ctx, show, overlay.KindPollOpen, p.Card()); err != nil {
		return err
	}
	return t.auditIn(ctx, show.Org, actor, "poll.open", p.Question)
}

func (t *tx) tellPoll(ctx context.Context, show overlay.Show, kind overlay.Kind, card overlay.PollCard) error {
	card.Closed = false // the kind says so
	_, err := t.append(ctx, show, draft{kind: kind, body: overlay.Body{Poll: &card}})
	return err
}

// ClosePoll ends the voting, and tells viewers the result.
func (s *Store) ClosePoll(ctx context.Context, show, id, actor string) (overlay.Poll, error) {
	return s.turnPoll(ctx, show, id, func(t *tx, found overlay.Show, p keptPoll) error {
		switch p.State {
		case overlay.PollClosed:
			return nil
		case overlay.PollDraft:
			return overlay.Errorf(overlay.Conflict, "the poll was not opened yet")
		}
		if err := t.closePoll(ctx, found, p); err != nil {
			return err
		}
		return t.auditIn(ctx, found.Org, actor, "poll.close", p.Question)
	})
}

func (t *tx) closePoll(ctx context.Context, show overlay.Show, p keptPoll) error {
	p.State = overlay.PollClosed
	if _, err := t.ExecContext(ctx, `UPDATE poll SET state = 'closed', closed_at = ?, due = NULL WHERE id = ?`, t.now.UnixMilli(), p.ID); err != nil {
		return fmt.Errorf("close poll: %w", err)
	}
	return t.tellPoll(ctx, show, overlay.KindPollClose, p.Card())
}

// tellPolls closes the open poll of a show whose time is over, or, at the end of the show,
// any. Of one that goes on, it tells viewers the new sums where that is due.
func (t *tx) tellPolls(ctx context.Context, show overlay.Show, all bool) error {
	now := t.now.UnixMilli()
	list, err := polls(ctx, t, `WHERE p.show = ? AND p.state = 'open' AND (p.due <= ? OR ? = 1)`, show.ID, now, truth(all))
	if err != nil {
		return err
	}
	for _, p := range list {
		if all || !p.Ends.IsZero() && !t.now.Before(p.Ends) {
			if err := t.closePoll(ctx, show, p); err != nil {
				return err
			}
			continue
		}
		free, ok, err := t.take(ctx, show.ID, "")
		if err != nil {
			return err
		}
		if t.changed = true; !ok {
			err = t.setPollDue(ctx, p, free)
		} else if _, err = t.ExecContext(ctx, `UPDATE poll SET told_at = ?, due = ends_at WHERE id = ?`, now, p.ID); err == nil {
			err = t.tellPoll(ctx, show, overlay.KindPollUpdate, p.Sums())
		}
		if err != nil {
			return fmt.Errorf("tell how a poll stands: %w", err)
		}
	}
	return nil
}

// setPollDue has the picture tell new sums at a moment, or the result, if that is before.
func (t *tx) setPollDue(ctx context.Context, p keptPoll, at time.Time) error {
	if !p.Ends.IsZero() && p.Ends.Before(at) {
		at = p.Ends
	}
	_, err := t.ExecContext(ctx, `UPDATE poll SET due = ? WHERE id = ?`, at.UnixMilli(), p.ID)
	return err
}

// DeletePoll deletes a poll that is not open. What the picture told of it stays there.
func (s *Store) DeletePoll(ctx context.Context, show, id, actor string) error {
	return s.write(ctx, func(t *tx) error {
		found, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		p, err := pollOf(ctx, t, show, id)
		if err != nil {
			return err
		}
		if p.State == overlay.PollOpen {
			return overlay.Errorf(overlay.Conflict, "the poll is open; close it first")
		}
		for _, rows := range []string{`DELETE FROM poll_vote WHERE poll = ?`, `DELETE FROM poll WHERE id = ?`} {
			if _, err := t.ExecContext(ctx, rows, id); err != nil {
				return fmt.Errorf("delete poll: %w", err)
			}
		}
		t.changed = true
		return t.auditIn(ctx, found.Org, actor, "poll.delete", p.Question)
	})
}
