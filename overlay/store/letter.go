package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

// keepLetters is how long a letter is told of that has ended: longer than an invitation
// holds.
const keepLetters = overlay.InvitationLife + 24*time.Hour

// Sending says whether the server sends a link by mail, and in which language; "": that
// of the organisation.
type Sending struct {
	Mail     bool
	Language overlay.Language
}

// AskReset queues a letter with which somebody sets a new password, for an address that
// may have no account: whoever waits for the answer learns nothing of that. Too many
// letters to one address are answered alike, and not sent.
func (s *Store) AskReset(ctx context.Context, email string, language overlay.Language) error {
	email, err := overlay.CheckEmail(email)
	if err != nil {
		return err
	}
	if err := overlay.CheckLanguage(language); err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		_, err := t.addLetter(ctx, overlay.ResetLetter, Invitation{Email: email}, "", language)
		if overlay.CodeOf(err) == overlay.TooMany {
			return nil
		}
		return err
	})
}

// sendLink queues a letter with a link that an organisation's people made.
func (t *tx) sendLink(ctx context.Context, kind overlay.LetterKind, org string, i Invitation, link string, how Sending) (*overlay.Posted, error) {
	if !how.Mail {
		return nil, nil
	}
	language := how.Language
	if language == "" {
		if err := t.QueryRowContext(ctx, `SELECT coalesce(language,'') FROM org WHERE id = ?`, org).Scan(&language); err != nil {
			return nil, fmt.Errorf("find the language of an organisation: %w", err)
		}
	}
	i.Org = org
	return t.addLetter(ctx, kind, i, link, language)
}

func (t *tx) addLetter(ctx context.Context, kind overlay.LetterKind, i Invitation, link string, language overlay.Language) (*overlay.Posted, error) {
	if language == "" {
		language = overlay.English
	}
	var same, waiting int
	// What strangers ask for takes no place of what an organisation's people send.
	err := t.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM letter WHERE email = ? AND created_at > ? AND (org IS NULL) = (? = '')), (SELECT count(*) FROM letter WHERE state = 'waiting')`,
		i.Email, t.now.Add(-overlay.LettersToWithin).UnixMilli(), i.Org).Scan(&same, &waiting)
	switch {
	case err != nil:
		return nil, fmt.Errorf("count letters: %w", err)
	case waiting >= overlay.MaxLettersWaited:
		return nil, overlay.Errorf(overlay.Unavailable, "%d letters wait for the mail server already; try again later", waiting)
	case same >= overlay.MaxLettersTo:
		return nil, overlay.Errorf(overlay.TooMany, "%d letters went to this address within the hour; try again later, or send the link yourself", same)
	}
	id, now := t.s.newID(), t.now.UnixMilli()
	var sealed []byte
	if link != "" {
		sealed = t.s.secret.seal("letter "+id, link)
	}
	_, err = t.ExecContext(ctx, `INSERT INTO letter(id, kind, email, language, org, invitation, secret, state, tries, next_at, created_at) VALUES (?,?,?,?,?,?,?,'waiting',0,?,?)`,
		id, kind, i.Email, language, orNull(i.Org), orNull(i.ID), sealed, now, now)
	if err != nil {
		return nil, fmt.Errorf("add letter: %w", err)
	}
	return &overlay.Posted{State: "waiting", At: t.now}, nil
}

// NextLetter takes the letter that is due, and notes that it is on its way. Without one,
// next is when to ask again; zero: when a letter was added. At most perHour letters go in
// an hour.
func (s *Store) NextLetter(ctx context.Context, perHour int) (l *overlay.Letter, next time.Time, err error) {
	var due sql.NullInt64
	if err := s.reader.QueryRowContext(ctx, `SELECT min(next_at) FROM letter WHERE state = 'waiting'`).Scan(&due); err != nil {
		return nil, next, fmt.Errorf("find letters: %w", err)
	}
	if next = moment(due); next.IsZero() || next.After(s.now()) {
		return nil, next, nil
	}
	err = s.note(ctx, func(t *tx) (err error) {
		l = nil
		if next, err = t.letterTime(ctx, perHour); err != nil || !next.IsZero() {
			return err
		}
		next = t.now // what is left when a row was no letter
		l, err = t.takeLetter(ctx)
		return err
	})
	return l, next, err
}

// letterTime is when the next letter may go; zero: now.
func (t *tx) letterTime(ctx context.Context, perHour int) (time.Time, error) {
	var at int64
	err := t.QueryRowContext(ctx, `SELECT tried_at FROM letter WHERE tried_at > ? ORDER BY tried_at DESC LIMIT 1 OFFSET ?`, t.now.Add(-time.Hour).UnixMilli(), perHour-1).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("count sent letters: %w", err)
	}
	return at0(at).Add(time.Hour), nil
}

func (t *tx) takeLetter(ctx context.Context) (*overlay.Letter, error) {
	l := &overlay.Letter{}
	var org, invitation string
	var secret []byte
	err := t.QueryRowContext(ctx, `SELECT id, kind, email, language, coalesce(org,''), coalesce(invitation,''), secret FROM letter WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at, id LIMIT 1`,
		t.now.UnixMilli()).Scan(&l.ID, &l.Kind, &l.To, &l.Language, &org, &invitation, &secret)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("take a letter: %w", err)
	}
	if invitation == "" {
		return t.makeReset(ctx, l)
	}
	if l.Secret, err = t.s.secret.unseal("letter "+l.ID, secret); err != nil {
		return nil, fmt.Errorf("open the link of a letter: %w", err)
	}
	var until int64
	err = t.QueryRowContext(ctx, `SELECT i.expires_at, i.created_by, coalesce(i.role,''), coalesce((SELECT name FROM org WHERE id = ?), '') FROM invitation i WHERE i.id = ? AND i.expires_at > ?`,
		org, invitation, t.now.UnixMilli()).Scan(&until, &l.By, &l.Role, &l.Org)
	if errors.Is(err, sql.ErrNoRows) { // it was taken back, or used
		return nil, t.endLetter(ctx, l.ID, "failed", "the link does not work any more")
	}
	if err != nil {
		return nil, fmt.Errorf("find the link of a letter: %w", err)
	}
	l.Until = at0(until)
	return l, t.beginLetter(ctx, l.ID)
}

// makeReset makes the link of a letter that somebody asked for who has forgotten the
// password. Where no account has the address, there is no letter.
func (t *tx) makeReset(ctx context.Context, l *overlay.Letter) (*overlay.Letter, error) {
	a, err := account(ctx, t, `WHERE email = ?`, l.To)
	if overlay.CodeOf(err) == overlay.NotFound {
		return nil, t.endLetter(ctx, l.ID, "nobody", "")
	}
	if err != nil {
		return nil, err
	}
	// Links that an owner made stay: a stranger could end them by asking for others.
	made := Invitation{Email: a.Email, By: a.Email, Expires: t.now.Add(overlay.ResetLife)}
	l.Secret, l.By, l.Until = randomKey(), made.By, made.Expires
	if made.ID, err = t.addInvitation(ctx, made, l.Secret); err != nil {
		return nil, err
	}
	if _, err = t.ExecContext(ctx, `UPDATE letter SET invitation = ?, secret = ? WHERE id = ?`, made.ID, t.s.secret.seal("letter "+l.ID, l.Secret), l.ID); err != nil {
		return nil, fmt.Errorf("keep the link of a letter: %w", err)
	}
	return l, t.beginLetter(ctx, l.ID)
}

func (t *tx) beginLetter(ctx context.Context, id string) error {
	if _, err := t.ExecContext(ctx, `UPDATE letter SET state = 'sending', tries = tries + 1, tried_at = ? WHERE id = ?`, t.now.UnixMilli(), id); err != nil {
		return fmt.Errorf("begin a letter: %w", err)
	}
	return nil
}

func (t *tx) endLetter(ctx context.Context, id, state, problem string) error {
	if _, err := t.ExecContext(ctx, `UPDATE letter SET state = ?, problem = ?, secret = NULL WHERE id = ?`, state, orNull(problem), id); err != nil {
		return fmt.Errorf("end a letter: %w", err)
	}
	return nil
}

// LetterSent notes that the mail server has taken a letter.
func (s *Store) LetterSent(ctx context.Context, id string) error {
	return s.note(ctx, func(t *tx) error { return t.endLetter(ctx, id, "sent", "") })
}

// LetterNotSent notes that the mail server has not taken a letter, and why in words for
// users. It is tried again, unless it was refused for good, or LetterLife is over.
func (s *Store) LetterNotSent(ctx context.Context, id, problem string, forGood bool) error {
	problem = overlay.Plain(problem, 300)
	return s.note(ctx, func(t *tx) error {
		var tries int
		var created int64
		if err := t.QueryRowContext(ctx, `SELECT tries, created_at FROM letter WHERE id = ?`, id).Scan(&tries, &created); err != nil {
			return fmt.Errorf("find letter: %w", err)
		}
		next := t.now.Add(overlay.LetterAgain(tries))
		if forGood || next.After(at0(created).Add(overlay.LetterLife)) {
			return t.endLetter(ctx, id, "failed", problem)
		}
		_, err := t.ExecContext(ctx, `UPDATE letter SET state = 'waiting', problem = ?, next_at = ? WHERE id = ?`, orNull(problem), next.UnixMilli(), id)
		if err != nil {
			return fmt.Errorf("keep a letter for later: %w", err)
		}
		return nil
	})
}

// TidyLetters makes letters due that a former process was about to send, and forgets old
// ones. A server calls it before it sends any.
func (s *Store) TidyLetters(ctx context.Context) error {
	return s.note(ctx, func(t *tx) error {
		now := t.now.UnixMilli()
		if _, err := t.ExecContext(ctx, `UPDATE letter SET state = 'waiting', next_at = ? WHERE state = 'sending'`, now); err != nil {
			return fmt.Errorf("take up letters: %w", err)
		}
		_, err := t.ExecContext(ctx, `DELETE FROM letter WHERE state IN ('sent','failed') AND created_at < ? OR state = 'nobody' AND created_at < ?`,
			t.now.Add(-keepLetters).UnixMilli(), t.now.Add(-overlay.LettersToWithin).UnixMilli())
		if err != nil {
			return fmt.Errorf("forget old letters: %w", err)
		}
		return nil
	})
}

// MailCounts are how many letters wait, and how many failed within a day, with what the
// mail server said last.
type MailCounts struct {
	Waiting, Failed int
	Problem         string
}

// MailCounts counts letters.
func (s *Store) MailCounts(ctx context.Context) (c MailCounts, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM letter WHERE state IN ('waiting','sending')), (SELECT count(*) FROM letter WHERE state = 'failed' AND tried_at > ?),
		coalesce((SELECT problem FROM letter WHERE state IN ('waiting','failed') AND problem IS NOT NULL AND tried_at > ? ORDER BY tried_at DESC LIMIT 1), '')`,
		s.now().Add(-24*time.Hour).UnixMilli(), s.now().Add(-24*time.Hour).UnixMilli()).Scan(&c.Waiting, &c.Failed, &c.Problem)
	if err != nil {
		return c, fmt.Errorf("count letters: %w", err)
	}
	return c, nil
}
