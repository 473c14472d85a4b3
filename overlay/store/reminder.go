package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"mediad/overlay"
)

// A contact is kept sealed, and found by a keyed hash. Its links have a text of 130 random
// bits, of which the database has a keyed hash alone.

// sealedContact is what the seal of a reminder keeps.
type sealedContact struct {
	overlay.Contact
	Token string `json:"token"`
}

func (s *Store) contactHash(c overlay.Contact) []byte {
	return s.secret.hash("reminder contact", c.Way()+" "+c.Address())
}

func (s *Store) reminderToken(token string) []byte {
	return s.secret.hash("reminder", strings.ToLower(token))
}

// reminderRef is in the address of the show that a letter has. People pass that on, so it
// leads to nothing but a count.
func (s *Store) reminderRef(token string) string {
	return fmt.Sprintf("%x", s.secret.hash("reminder ref", token)[:8])
}

// BookReminder books a reminder of a show that has not begun. A mail address gets a letter
// that asks whether it is the reader's own; whoever waits for the answer learns neither
// whether it was known, nor whether it got too many letters and gets none.
func (s *Store) BookReminder(ctx context.Context, show string, c overlay.Contact, language overlay.Language) error {
	c, err := c.Checked()
	if err != nil {
		return err
	}
	if err := overlay.CheckLanguage(language); err != nil {
		return err
	}
	if language == "" {
		language = overlay.English
	}
	return s.behind(ctx, func(t *tx) error { return t.bookReminder(ctx, show, c, language) })
}

func (t *tx) bookReminder(ctx context.Context, id string, c overlay.Contact, language overlay.Language) error {
	show, err := t.bookable(ctx, id)
	if err != nil {
		return err
	}
	hash, push := t.s.contactHash(c), c.Way() == overlay.ByPush
	var known, letter string
	err = t.QueryRowContext(ctx, `SELECT id, coalesce(letter,'') FROM reminder WHERE show = ? AND contact = ?`, id, hash).Scan(&known, &letter)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("find a reminder: %w", err)
	}
	if known != "" && (push || letter != "") {
		return nil
	}
	if !push {
		if ok, err := t.mayAsk(ctx, hash); err != nil || !ok {
			return err
		}
	}
	if known != "" {
		return t.addReminderLetter(ctx, known, overlay.ConfirmLetter, t.now, t.now.Add(overlay.ReminderLetterLife))
	}
	token, row := randomKey(), t.s.newID()
	text, err := json.Marshal(sealedContact{c, token})
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO reminder(id, show, way, contact, sealed, token, ref, language, confirmed, told, came, starts_at, tries, created_at) VALUES (?,?,?,?,?,?,?,?,?,0,0,?,0,?)`,
		row, id, c.Way(), hash, t.s.secret.seal("reminder "+row, string(text)), t.s.reminderToken(token), t.s.reminderRef(token), language, truth(push), millis(show.Starts), t.now.UnixMilli())
	if err != nil {
		return fmt.Errorf("book a reminder: %w", err)
	}
	if err := t.countReminder(ctx, id, "booked"); err != nil {
		return err
	}
	if push {
		return t.countReminder(ctx, id, "confirmed")
	}
	return t.addReminderLetter(ctx, row, overlay.ConfirmLetter, t.now, t.now.Add(overlay.ReminderLetterLife))
}

// bookable gives a show that takes reminders.
func (t *tx) bookable(ctx context.Context, id string) (overlay.Show, error) {
	show, err := getShow(ctx, t, id)
	if err == nil && show.Rehearsal {
		err = overlay.Errorf(overlay.NotFound, "there is no such show")
	}
	if err != nil {
		return show, err
	}
	if show.State != overlay.ShowPlanned {
		return show, overlay.Errorf(overlay.Conflict, "the show has begun already")
	}
	r, err := reminders(ctx, t, id)
	if err != nil {
		return show, err
	}
	var kept int64
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM reminder WHERE show = ?`, id).Scan(&kept); err != nil {
		return show, fmt.Errorf("count reminders: %w", err)
	}
	if !r.Open || kept >= overlay.MaxReminders {
		return show, overlay.Errorf(overlay.Conflict, "the show takes no reminders")
	}
	return show, nil
}

// mayAsk counts a letter to an address that strangers can name. Without it, everybody could
// fill somebody's mail box.
func (t *tx) mayAsk(ctx context.Context, contact []byte) (bool, error) {
	from := t.now.Add(-overlay.AskedWithin).UnixMilli()
	if _, err := t.ExecContext(ctx, `DELETE FROM reminder_asked WHERE since < ?`, from); err != nil {
		return false, fmt.Errorf("forget who was asked: %w", err)
	}
	r, err := t.ExecContext(ctx, `INSERT INTO reminder_asked(contact, since, n) VALUES (?,?,1)
		ON CONFLICT (contact) DO UPDATE SET n = reminder_asked.n + 1 WHERE reminder_asked.n < ?`, contact, t.now.UnixMilli(), overlay.MaxAskedTo)
	if err != nil {
		return false, fmt.Errorf("count who was asked: %w", err)
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

// addReminderLetter lets a letter wait.
func (t *tx) addReminderLetter(ctx context.Context, id string, kind overlay.LetterKind, at, until time.Time) error {
	_, err := t.ExecContext(ctx, `UPDATE reminder SET letter = ?, stage = 'waiting', tries = 0, next_at = ?, until = ? WHERE id = ?`, kind, at.UnixMilli(), until.UnixMilli(), id)
	if err != nil {
		return fmt.Errorf("add a letter of a reminder: %w", err)
	}
	return nil
}

// countReminder counts one more of the reminders of a show.
func (t *tx) countReminder(ctx context.Context, show, what string) error {
	if err := t.keepReminders(ctx, show); err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, `UPDATE show_reminder SET `+what+` = `+what+` + 1 WHERE show = ?`, show); err != nil {
		return fmt.Errorf("count a reminder: %w", err)
	}
	return nil
}

func (t *tx) keepReminders(ctx context.Context, show string) error {
	_, err := t.ExecContext(ctx, `INSERT INTO show_reminder(show, closed, early, booked, confirmed, told, came, failed) VALUES (?,0,0,0,0,0,0,0) ON CONFLICT (show) DO NOTHING`, show)
	if err != nil {
		return fmt.Errorf("keep the reminders of a show: %w", err)
	}
	return nil
}

// Reminders counts the reminders of a show.
func (s *Store) Reminders(ctx context.Context, show string) (overlay.Reminders, error) {
	return reminders(ctx, s.reader, show)
}

func reminders(ctx context.Context, q querier, show string) (r overlay.Reminders, err error) {
	var closed int64
	err = q.QueryRowContext(ctx, `SELECT closed, early, booked, confirmed, told, came, failed FROM show_reminder WHERE show = ?`, show).
		Scan(&closed, &r.Before, &r.Booked, &r.Confirmed, &r.Told, &r.Came, &r.Failed)
	if errors.Is(err, sql.ErrNoRows) {
		return overlay.Reminders{Open: true}, nil
	}
	if err != nil {
		return r, fmt.Errorf("count reminders: %w", err)
	}
	r.Open = closed == 0
	return r, nil
}

// SetReminders says whether viewers can book, and how many minutes before the planned time
// they are told; nil leaves it as it is.
func (s *Store) SetReminders(ctx context.Context, id string, open *bool, before *int64, actor string) (r overlay.Reminders, err error) {
	if before != nil && (*before < 0 || *before > int64(overlay.MaxRemindBefore/time.Minute)) {
		return r, overlay.Errorf(overlay.Invalid, "before_minutes: must be an integer from 0 to %d", int64(overlay.MaxRemindBefore/time.Minute))
	}
	err = s.write(ctx, func(t *tx) error {
		show, err := t.openShow(ctx, id)
		if err != nil {
			return err
		}
		if err := t.keepReminders(ctx, id); err != nil {
			return err
		}
		if r, err = reminders(ctx, t, id); err != nil {
			return err
		}
		if open != nil {
			r.Open = *open
		}
		if before != nil {
			r.Before = *before
		}
		if _, err := t.ExecContext(ctx, `UPDATE show_reminder SET closed = ?, early = ? WHERE show = ?`, truth(!r.Open), r.Before, id); err != nil {
			return fmt.Errorf("set the reminders of a show: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, show.Org, actor, "show.reminders", show.Title)
	})
	return r, err
}

// ReminderOf gives what the page of a reminder tells; NotFound: its link leads to nothing
// any more.
func (s *Store) ReminderOf(ctx context.Context, token string) (overlay.Reminder, error) {
	_, r, err := s.reminderOf(ctx, s.reader, token)
	return r, err
}

func (s *Store) reminderOf(ctx context.Context, q querier, token string) (id string, r overlay.Reminder, err error) {
	var confirmed int64
	var show string
	err = q.QueryRowContext(ctx, `SELECT id, show, way, language, confirmed FROM reminder WHERE token = ?`, s.reminderToken(token)).Scan(&id, &show, &r.Way, &r.Language, &confirmed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", r, overlay.Errorf(overlay.NotFound, "there is no such reminder")
	}
	if err != nil {
		return "", r, fmt.Errorf("find a reminder: %w", err)
	}
	of, err := getShow(ctx, q, show)
	r.Confirmed, r.Room, r.Title, r.Starts, r.Timezone = confirmed != 0, of.Room, of.Title, of.Starts, of.Timezone
	return id, r, err
}

// ConfirmReminder notes that the address is the reader's own. A second call does nothing.
func (s *Store) ConfirmReminder(ctx context.Context, token string) (r overlay.Reminder, err error) {
	err = s.behind(ctx, func(t *tx) (err error) {
		var id, show string
		if id, r, err = s.reminderOf(ctx, t, token); err != nil || r.Confirmed {
			return err
		}
		r.Confirmed = true
		if err := t.QueryRowContext(ctx, `UPDATE reminder SET confirmed = 1 WHERE id = ? RETURNING show`, id).Scan(&show); err != nil {
			return fmt.Errorf("confirm a reminder: %w", err)
		}
		return t.countReminder(ctx, show, "confirmed")
	})
	return r, err
}

// LeaveReminder erases the contact of a reminder.
func (s *Store) LeaveReminder(ctx context.Context, token string) error {
	return s.eraseReminder(ctx, `token = ?`, s.reminderToken(token))
}

// LeaveReminderOf erases a contact from the reminders of a show, for whoever has its keys.
func (s *Store) LeaveReminderOf(ctx context.Context, show string, c overlay.Contact) error {
	return s.eraseReminder(ctx, `show = ? AND contact = ?`, show, s.contactHash(c))
}

func (s *Store) eraseReminder(ctx context.Context, where string, args ...any) error {
	return s.behind(ctx, func(t *tx) error {
		if _, err := t.ExecContext(ctx, `DELETE FROM reminder WHERE `+where, args...); err != nil {
			return fmt.Errorf("erase a reminder: %w", err)
		}
		return nil
	})
}

// ReminderCame counts a contact that came to a show by the link of its letter while it was
// on, once. Any other reference counts nothing.
func (s *Store) ReminderCame(ctx context.Context, show, ref string) error {
	var waits int64
	err := s.reader.QueryRowContext(ctx, `SELECT count(*) FROM reminder r JOIN show s ON s.id = r.show WHERE r.show = ? AND r.ref = ? AND r.told > 0 AND r.came = 0 AND s.state IN ('live','paused')`,
		show, ref).Scan(&waits)
	if err != nil {
		return fmt.Errorf("find who came: %w", err)
	}
	if waits == 0 {
		return nil
	}
	return s.behind(ctx, func(t *tx) error {
		r, err := t.ExecContext(ctx, `UPDATE reminder SET came = 1 WHERE show = ? AND ref = ? AND told > 0 AND came = 0`, show, ref)
		if err != nil {
			return fmt.Errorf("note who came: %w", err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return t.countReminder(ctx, show, "came")
	})
}
