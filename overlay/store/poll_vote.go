package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"mediad/overlay"
)

// vote is a viewer's vote on its way to the database.
type vote struct {
	show, poll string
	overlay.Vote
	card    overlay.PollCard
	refused error
	answer  chan error // has room for one
}

// Vote counts the vote of a viewer, or changes it, and gives the poll as it stands then. It
// answers when that is on the disk. Of several who vote at the same time, one transaction
// counts all, behind what hosts do: many vote when a poll opens.
func (s *Store) Vote(ctx context.Context, show, poll string, v overlay.Vote) (overlay.PollCard, error) {
	w := &vote{show: show, poll: poll, Vote: v, answer: make(chan error, 1)}
	_, err := s.votes.ask(ctx, w, w.answer, maxWaiting, s.countVotes)
	return w.card, err
}

func (s *Store) countVotes(batch []*vote) {
	err := s.behind(context.Background(), func(t *tx) error {
		found := map[string]*keptPoll{}
		for _, w := range batch {
			if err := t.countVote(t.ctx, w, found); err != nil {
				return err
			}
		}
		for _, p := range found {
			if err := t.keepSums(t.ctx, p); err != nil {
				return err
			}
		}
		for _, w := range batch {
			if p := found[w.poll]; p != nil {
				w.card = p.Card()
			}
		}
		return nil
	})
	for _, w := range batch {
		if err == nil && w.refused != nil {
			w.answer <- w.refused
			continue
		}
		w.answer <- err
	}
}

// countVote judges a vote, and counts it in the poll as this transaction found it.
func (t *tx) countVote(ctx context.Context, w *vote, found map[string]*keptPoll) error {
	w.refused = nil
	p := found[w.poll]
	if p == nil {
		kept, err := pollOf(ctx, t, w.show, w.poll)
		if overlay.CodeOf(err) == overlay.NotFound {
			w.refused = err
			return nil
		}
		if err != nil {
			return err
		}
		p = &kept
		p.Votes = slices.Clone(p.Votes)
		found[w.poll] = p
	}
	if p.Show != w.show {
		w.refused = overlay.Errorf(overlay.NotFound, "the show has no such poll")
		return nil
	}
	if w.refused = p.Takes(w.Option, t.now); w.refused != nil {
		return nil
	}
	var before int
	err := t.QueryRowContext(ctx, `SELECT choice FROM poll_vote WHERE poll = ? AND viewer = ?`, w.poll, w.Viewer).Scan(&before)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if p.Total >= overlay.MaxVotes {
			w.refused = overlay.Errorf(overlay.Conflict, "The poll has as many votes as it takes.")
			return nil
		}
		_, err = t.ExecContext(ctx, `INSERT INTO poll_vote(poll, viewer, choice) VALUES (?,?,?)`, w.poll, w.Viewer, w.Option)
		p.Total++
	case err == nil && before == w.Option:
		return nil
	case err == nil:
		_, err = t.ExecContext(ctx, `UPDATE poll_vote SET choice = ? WHERE poll = ? AND viewer = ?`, w.Option, w.poll, w.Viewer)
		p.Votes[before]--
	}
	if err != nil {
		return fmt.Errorf("count vote: %w", err)
	}
	p.Votes[w.Option]++
	p.voted = true
	return nil
}

// keepSums writes the sums of a poll in which votes were counted, and has the picture tell
// them at the next moment at which it may.
func (t *tx) keepSums(ctx context.Context, p *keptPoll) error {
	if !p.voted {
		return nil
	}
	votes, err := json.Marshal(p.Votes)
	if err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, `UPDATE poll SET votes = ? WHERE id = ?`, string(votes), p.ID); err != nil {
		return fmt.Errorf("keep the sums of a poll: %w", err)
	}
	t.wrote = true
	next := p.NextSums(p.told, t.now)
	if p.Hidden || !p.due.IsZero() && !next.Before(p.due) {
		return nil
	}
	t.changed = true // so that the feed looks for when it is due
	return t.setPollDue(ctx, *p, next)
}

const deleteVotes = `DELETE FROM poll_vote WHERE (poll, viewer) IN (SELECT poll, viewer FROM poll_vote WHERE poll IN (SELECT id FROM poll WHERE show = ?) LIMIT ?)`

// sweepVotes forgets who voted in shows that have ended: nobody chooses anew there, and the
// sums stand in the polls.
func (s *Store) sweepVotes(ctx context.Context) error {
	shows, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT DISTINCT p.show FROM poll p JOIN show s ON s.id = p.show WHERE s.state = 'ended' AND EXISTS (SELECT 1 FROM poll_vote WHERE poll = p.id) ORDER BY p.show`)
	if err != nil {
		return fmt.Errorf("find votes of shows that ended: %w", err)
	}
	for _, show := range shows {
		for n := 1; n > 0; {
			if n, err = s.sweep(ctx, deleteVotes, show, sweepRows); err != nil {
				return err
			}
		}
	}
	return nil
}
