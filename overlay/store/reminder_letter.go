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

// A letter of a reminder waits, is being sent, is handed over, and then is none any more. It is
// noted as handed over before the mail server has the last byte. So a crash before that sends
// it anew, and a crash after that does not: nobody gets a letter twice.

// DueReminders lets the letters wait that are due now, and erases the contacts of shows that
// are over for keep. It gives when the next letter is to be sent; zero: none waits.
func (s *Store) DueReminders(ctx context.Context, keep time.Duration) (next time.Time, err error) {
	for _, d := range remindersDue() {
		if err := s.remindDue(ctx, d, keep); err != nil {
			return next, fmt.Errorf("let reminders wait: %w", err)
		}
	}
	var due sql.NullInt64
	if err := s.reader.QueryRowContext(ctx, `SELECT min(next_at) FROM reminder WHERE stage = 'waiting'`).Scan(&due); err != nil {
		return next, fmt.Errorf("find letters of reminders: %w", err)
	}
	return moment(due), nil
}

// dueStep is what becomes of the reminders r of which a condition holds. ?1 is now, and ?2 how
// long contacts are kept after the show.
type dueStep struct{ do, where string }

func remindersDue() []dueStep {
	const free = ` AND (r.stage IS NULL OR r.stage = 'waiting')`
	late := fmt.Sprint(` - `, overlay.PlannedLate.Milliseconds())
	life := fmt.Sprint(overlay.ReminderLetterLife.Milliseconds())
	wait := func(kind overlay.LetterKind, until string) string {
		return `UPDATE reminder SET letter = '` + string(kind) + `', stage = 'waiting', tries = 0, next_at = CAST(?1 AS BIGINT), until = ` + until
	}
	return []dueStep{
		{wait(overlay.BeginLetter, `NULL`), // it is on, or will be soon
			`r.confirmed = 1 AND r.told <> 1 AND coalesce(r.letter,'') <> 'begin'` + free + ` AND s.rehearsal = 0
			AND (s.state = 'live' OR s.state = 'planned' AND n.early > 0 AND s.starts_at > CAST(?1 AS BIGINT)` + late + ` AND s.starts_at - n.early * 60000 <= CAST(?1 AS BIGINT))`},
		{wait(overlay.MovedLetter, `CAST(?1 AS BIGINT) + `+life),
			`r.confirmed = 1 AND r.stage IS NULL AND s.state = 'planned' AND s.starts_at <> coalesce(r.starts_at, 0) AND s.plan_at <= CAST(?1 AS BIGINT) - ` + fmt.Sprint(overlay.MovedSettles.Milliseconds())},
		{wait(overlay.CancelledLetter, `CAST(?1 AS BIGINT) + `+life),
			`r.confirmed = 1 AND coalesce(r.letter,'') <> 'cancelled'` + free + ` AND s.state = 'ended' AND s.started_at IS NULL AND s.starts_at > CAST(?1 AS BIGINT)`},
		{`DELETE FROM reminder`, // it is over, or never came, or the reader never answered
			`(s.state = 'ended' AND s.started_at IS NOT NULL AND s.ended_at <= CAST(?1 AS BIGINT) - CAST(?2 AS BIGINT)
			OR s.state = 'ended' AND s.started_at IS NULL AND (r.confirmed = 0 OR r.letter IS NULL)
			OR s.state = 'planned' AND s.starts_at <= CAST(?1 AS BIGINT) - CAST(?2 AS BIGINT)` + late + `
			OR r.confirmed = 0 AND r.created_at <= CAST(?1 AS BIGINT) - ` + fmt.Sprint(overlay.ConfirmLife.Milliseconds()) + `)` + free},
	}
}

// remindDue carries out a step, in small transactions behind all others. A read comes first,
// since mostly there is nothing to do.
func (s *Store) remindDue(ctx context.Context, d dueStep, keep time.Duration) error {
	rows := `SELECT r.id FROM reminder r JOIN show s ON s.id = r.show LEFT JOIN show_reminder n ON n.show = s.id
		WHERE CAST(?1 AS BIGINT) >= CAST(?2 AS BIGINT) AND ` + d.where + ` LIMIT ` + fmt.Sprint(sweepRows)
	for n := 1; n > 0; {
		now := s.now().UnixMilli()
		var any bool
		if err := s.reader.QueryRowContext(ctx, `SELECT EXISTS (`+rows+`)`, now, keep.Milliseconds()).Scan(&any); err != nil || !any {
			return err
		}
		var err error
		if n, err = s.sweep(ctx, d.do+` WHERE id IN (`+rows+`)`, now, keep.Milliseconds()); err != nil {
			return err
		}
	}
	return nil
}

// NextReminder takes a letter that is due, and notes that it is being sent; nil: none is.
func (s *Store) NextReminder(ctx context.Context) (n *overlay.Note, err error) {
	err = s.behind(ctx, func(t *tx) (err error) {
		n, err = t.takeReminder(ctx)
		return err
	})
	return n, err
}

func (t *tx) takeReminder(ctx context.Context) (*overlay.Note, error) {
	n := &overlay.Note{}
	var show string
	var sealed []byte
	err := t.QueryRowContext(ctx, `SELECT id, show, letter, language, ref, sealed FROM reminder WHERE stage = 'waiting' AND next_at <= ? ORDER BY CASE letter WHEN 'confirm' THEN 1 ELSE 0 END, next_at, id LIMIT 1`,
		t.now.UnixMilli()).Scan(&n.ID, &show, &n.Kind, &n.Language, &n.Ref, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("take a letter of a reminder: %w", err)
	}
	text, err := t.s.secret.unseal("reminder "+n.ID, sealed)
	if err != nil {
		return nil, fmt.Errorf("open a reminder: %w", err)
	}
	var kept sealedContact
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, fmt.Errorf("read a reminder: %w", err)
	}
	of, err := getShow(ctx, t, show)
	if err != nil {
		return nil, err
	}
	n.To, n.Token, n.Room, n.Title, n.Starts, n.Timezone, n.Live = kept.Contact, kept.Token, of.Room, of.Title, of.Starts, of.Timezone, of.State != overlay.ShowPlanned
	if _, err := t.ExecContext(ctx, `UPDATE reminder SET stage = 'sending', tries = tries + 1 WHERE id = ?`, n.ID); err != nil {
		return nil, fmt.Errorf("begin a letter of a reminder: %w", err)
	}
	return n, nil
}

// HandReminder notes that a letter is being handed over: from now on it is not sent again.
// ok is false where it is not to be sent any more, since the reader has left.
func (s *Store) HandReminder(ctx context.Context, id string) (ok bool, err error) {
	err = s.behind(ctx, func(t *tx) error {
		r, err := t.ExecContext(ctx, `UPDATE reminder SET stage = 'handed' WHERE id = ? AND stage = 'sending'`, id)
		if err != nil {
			return fmt.Errorf("hand a letter over: %w", err)
		}
		n, err := r.RowsAffected()
		ok = n > 0
		return err
	})
	return ok, err
}

// ReminderSent notes that a letter was taken.
func (s *Store) ReminderSent(ctx context.Context, id string) error {
	return s.behind(ctx, func(t *tx) error { return t.endReminder(ctx, id) })
}

func (t *tx) endReminder(ctx context.Context, id string) error {
	var show string
	var kind overlay.LetterKind
	var told int64
	err := t.QueryRowContext(ctx, `SELECT show, coalesce(letter,''), told FROM reminder WHERE id = ?`, id).Scan(&show, &kind, &told)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // the reader has left meanwhile
	}
	if err != nil {
		return fmt.Errorf("find a reminder: %w", err)
	}
	end := `UPDATE reminder SET letter = NULL, stage = NULL, next_at = NULL, until = NULL`
	switch kind {
	case overlay.CancelledLetter:
		end = `DELETE FROM reminder`
	case overlay.MovedLetter:
		end += `, starts_at = (SELECT s.starts_at FROM show s WHERE s.id = reminder.show), told = CASE told WHEN 1 THEN 2 ELSE told END`
	case overlay.BeginLetter:
		end += `, told = 1`
		if told != 0 {
			break // it had a letter for the time before
		}
		if err := t.countReminder(ctx, show, "told"); err != nil {
			return err
		}
	}
	if _, err := t.ExecContext(ctx, end+` WHERE id = ?`, id); err != nil {
		return fmt.Errorf("end a letter of a reminder: %w", err)
	}
	return nil
}

// ReminderNotSent notes that a letter was not taken. It is tried again while it is of use;
// refused for good, the contact is erased.
func (s *Store) ReminderNotSent(ctx context.Context, id string, forGood bool) error {
	return s.behind(ctx, func(t *tx) error {
		var show, state string
		var tries int
		var until sql.NullInt64
		err := t.QueryRowContext(ctx, `SELECT r.show, s.state, r.tries, r.until FROM reminder r JOIN show s ON s.id = r.show WHERE r.id = ?`, id).Scan(&show, &state, &tries, &until)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find a reminder: %w", err)
		}
		next := t.now.Add(overlay.LetterAgain(tries))
		if forGood || until.Valid && next.After(moment(until)) || !until.Valid && state == string(overlay.ShowEnded) {
			if err := t.countReminder(ctx, show, "failed"); err != nil {
				return err
			}
			_, err = t.ExecContext(ctx, `DELETE FROM reminder WHERE id = ?`, id)
		} else {
			_, err = t.ExecContext(ctx, `UPDATE reminder SET stage = 'waiting', next_at = ? WHERE id = ?`, next.UnixMilli(), id)
		}
		if err != nil {
			return fmt.Errorf("keep a letter of a reminder: %w", err)
		}
		return nil
	})
}

// ResumeReminders takes up the letters that a former process was about to send. What it had
// handed over counts as sent. A server calls it before it sends any.
func (s *Store) ResumeReminders(ctx context.Context) error {
	handed, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT id FROM reminder WHERE stage = 'handed' ORDER BY id`)
	if err != nil {
		return fmt.Errorf("find letters of reminders: %w", err)
	}
	for _, id := range handed {
		if err := s.ReminderSent(ctx, id); err != nil {
			return err
		}
	}
	_, err = s.sweep(ctx, `UPDATE reminder SET stage = 'waiting', next_at = ? WHERE stage = 'sending'`, s.now().UnixMilli())
	return err
}
