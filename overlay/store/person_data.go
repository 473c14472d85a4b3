package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"mediad/overlay"
)

// maxPersonRows is how many rows of a kind an export has at most.
const maxPersonRows = 20_000

// erased stands in the audit where the address of a person was.
const erased = "erased"

// PersonData gives all that an organisation keeps of one person.
func (s *Store) PersonData(ctx context.Context, org string, h overlay.Handle) (d overlay.PersonData, err error) {
	if h, err = h.Checked(); err != nil {
		return d, err
	}
	d = overlay.PersonData{Org: org, At: s.now().UTC(), By: h.Way(), Found: map[string]int64{}}
	for _, read := range []func(context.Context, overlay.Handle, *overlay.PersonData) error{s.saidBy, s.watchedBy, s.boughtBy, s.remindedOf, s.accountOf, s.deedsOf} {
		if err := read(ctx, h, &d); err != nil {
			return d, fmt.Errorf("read what is kept of a person: %w", err)
		}
	}
	for kind, n := range map[string]int{"comments": len(d.Comments), "mutes": len(d.Mutes), "votes": len(d.Votes), "rewards": len(d.Rewards), "views": len(d.Views), "orders": len(d.Orders), "reminders": len(d.Reminders),
		"invitations": len(d.Invitations), "letters": len(d.Letters), "audit": len(d.Audit)} {
		if n > 0 {
			d.Found[kind] = int64(n)
		}
	}
	if d.Account != nil {
		d.Found["account"] = 1
	}
	return d, nil
}

func (s *Store) saidBy(ctx context.Context, h overlay.Handle, d *overlay.PersonData) (err error) {
	who := h.InChat(d.Org)
	if who == "" {
		return nil
	}
	d.Comments, err = collect(ctx, s.reader, func(row scanner) (c overlay.PersonComment, err error) {
		var sent, deleted sql.NullInt64
		err = row.Scan(&c.ID, &c.Show, &c.Title, &c.Name, &c.Text, &sent, &c.Likes, &deleted)
		c.Sent, c.Deleted = moment(sent), deleted.Valid
		return c, err
	}, `SELECT c.id, c.show, s.title, c.name, c.body, c.sent_at, c.likes, c.deleted_at FROM comment c JOIN show s ON s.id = c.show WHERE c.viewer = ? AND s.org = ? ORDER BY c.id LIMIT ?`, who, d.Org, maxPersonRows)
	if err != nil {
		return err
	}
	d.Mutes, err = collect(ctx, s.reader, func(row scanner) (m overlay.PersonMute, err error) {
		var until, made sql.NullInt64
		err = row.Scan(&m.Room, &m.Name, &until, &made)
		m.Until, m.Made = moment(until), moment(made)
		return m, err
	}, `SELECT r.slug, m.name, m.until_at, m.made_at FROM chat_mute m JOIN room r ON r.id = m.room WHERE m.viewer = ? AND r.org = ? ORDER BY r.slug LIMIT ?`, who, d.Org, maxPersonRows)
	if err != nil {
		return err
	}
	d.Votes, err = collect(ctx, s.reader, func(row scanner) (v overlay.PersonVote, err error) {
		return v, row.Scan(&v.Show, &v.Question, &v.Choice)
	}, `SELECT p.show, p.question, v.choice FROM poll_vote v JOIN poll p ON p.id = v.poll JOIN show s ON s.id = p.show WHERE v.viewer = ? AND s.org = ? ORDER BY p.id LIMIT ?`, who, d.Org, maxPersonRows)
	if err != nil {
		return err
	}
	d.Rewards, err = collect(ctx, s.reader, func(row scanner) (r overlay.PersonReward, err error) {
		var at sql.NullInt64
		err = row.Scan(&r.Show, &r.Points, &at)
		r.At = moment(at)
		return r, err
	}, `SELECT w.show, t.points, t.at FROM reward_taken t JOIN reward w ON w.id = t.reward JOIN show s ON s.id = w.show WHERE t.viewer = ? AND s.org = ? ORDER BY t.reward LIMIT ?`, who, d.Org, maxPersonRows)
	return err
}

func (s *Store) watchedBy(ctx context.Context, h overlay.Handle, d *overlay.PersonData) (err error) {
	n := h.Number()
	if n == 0 {
		return nil
	}
	d.Views, err = collect(ctx, s.reader, func(row scanner) (v overlay.PersonView, err error) {
		var replay int64
		err = row.Scan(&v.Show, &v.Title, &v.What, &replay)
		v.Replay = replay != 0
		return v, err
	}, `SELECT v.show, s.title, 'watched', v.replay FROM show_viewer v JOIN show s ON s.id = v.show WHERE v.number = ?1 AND s.org = ?2
		UNION ALL SELECT v.show, s.title, 'clicked', v.replay FROM show_clicker v JOIN show s ON s.id = v.show WHERE v.number = ?1 AND s.org = ?2 ORDER BY 1, 3 LIMIT ?3`, n, d.Org, maxPersonRows)
	return err
}

// buyerHash is by what the orders of a person are found; nil: by nothing.
func (s *Store) buyerHash(h overlay.Handle) []byte {
	text := h.Mail + h.Buyer
	if text == "" {
		return nil
	}
	return s.secret.hash("buyer", strings.ToLower(text))
}

func (s *Store) boughtBy(ctx context.Context, h overlay.Handle, d *overlay.PersonData) error {
	buyer := s.buyerHash(h)
	if buyer == nil {
		return nil
	}
	orders, err := collect(ctx, s.reader, func(row scanner) (o overlay.PersonOrder, err error) {
		var paid sql.NullInt64
		err = row.Scan(&o.ID, &o.Name, &o.Show, &o.State, &o.Currency, &o.Gross, &o.Refunded, &paid)
		o.Paid = moment(paid)
		return o, err
	}, `SELECT id, name, coalesce(show, ''), state, currency, gross, refunded, paid_at FROM shop_order WHERE buyer = ? AND org = ? ORDER BY id LIMIT ?`, buyer, d.Org, maxPersonRows)
	if err != nil {
		return err
	}
	for i := range orders {
		orders[i].Titles, err = collect(ctx, s.reader, func(row scanner) (title string, err error) { return title, row.Scan(&title) }, `SELECT title FROM order_line WHERE shop_order = ? ORDER BY n`, orders[i].ID)
		if err != nil {
			return err
		}
	}
	d.Orders = orders
	return nil
}

// contactOf is by what the reminders of a person are found; nil: by nothing.
func (s *Store) contactOf(h overlay.Handle) []byte {
	switch {
	case h.Mail != "":
		return s.contactHash(overlay.Contact{Mail: h.Mail})
	case h.Push != "":
		return s.contactHash(overlay.Contact{Push: &overlay.Push{Endpoint: h.Push}})
	}
	return nil
}

func (s *Store) remindedOf(ctx context.Context, h overlay.Handle, d *overlay.PersonData) (err error) {
	contact := s.contactOf(h)
	if contact == nil {
		return nil
	}
	d.Reminders, err = collect(ctx, s.reader, func(row scanner) (r overlay.PersonReminder, err error) {
		var confirmed, told, came int64
		var created sql.NullInt64
		err = row.Scan(&r.Show, &r.Title, &r.Way, &r.Language, &confirmed, &told, &came, &created)
		r.Address, r.Confirmed, r.Told, r.Came, r.Created = h.Mail+h.Push, confirmed != 0, told != 0, came != 0, moment(created)
		return r, err
	}, `SELECT r.show, s.title, r.way, r.language, r.confirmed, r.told, r.came, r.created_at FROM reminder r JOIN show s ON s.id = r.show WHERE r.contact = ? AND s.org = ? ORDER BY r.id LIMIT ?`, contact, d.Org, maxPersonRows)
	return err
}

// accountOf tells of an account that is, or was, of the organisation: of any other nobody
// here may hear.
func (s *Store) accountOf(ctx context.Context, h overlay.Handle, d *overlay.PersonData) error {
	if h.Mail == "" {
		return nil
	}
	var a overlay.PersonAccount
	var id string
	var created sql.NullInt64
	err := s.reader.QueryRowContext(ctx, `SELECT p.id, p.email, p.name, p.created_at, coalesce((SELECT role FROM membership WHERE person = p.id AND org = ?2), ''), (SELECT count(*) FROM session WHERE person = p.id)
		FROM person p WHERE p.email = ?1`, h.Mail, d.Org).Scan(&id, &a.Email, &a.Name, &created, &a.Role, &a.Sessions)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err == nil {
		a.Created, d.Member = moment(created), a.Role != ""
		former, err := formerMember(ctx, s.reader, d.Org, id, h.Mail)
		if err != nil {
			return err
		}
		if d.Member || former {
			d.Account = &a
		}
	}
	d.Invitations, err = collect(ctx, s.reader, func(row scanner) (i overlay.PersonInvitation, err error) {
		var created, expires sql.NullInt64
		err = row.Scan(&i.Role, &created, &expires)
		i.Created, i.Expires = moment(created), moment(expires)
		return i, err
	}, `SELECT coalesce(role, ''), created_at, expires_at FROM invitation WHERE org = ? AND email = ? ORDER BY id`, d.Org, h.Mail)
	if err != nil {
		return err
	}
	d.Letters, err = collect(ctx, s.reader, func(row scanner) (l overlay.PersonLetter, err error) {
		var created sql.NullInt64
		err = row.Scan(&l.Kind, &l.State, &created)
		l.Created = moment(created)
		return l, err
	}, `SELECT kind, state, created_at FROM letter WHERE org = ? AND email = ? ORDER BY id`, d.Org, h.Mail)
	return err
}

// formerMember tells whether an account was of an organisation, and is of none now.
func formerMember(ctx context.Context, q querier, org, person, mail string) (former bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM membership WHERE person = ?1) AND EXISTS (SELECT 1 FROM audit WHERE org = ?2 AND action IN ('member.remove', 'member.join') AND (object = ?3 OR actor = ?3))`,
		person, org, mail).Scan(&former)
	return former, err
}

// deedsOf tells of entries of the audit that have the handle.
func (s *Store) deedsOf(ctx context.Context, h overlay.Handle, d *overlay.PersonData) (err error) {
	name := auditName(h, d.Org)
	if name == "" {
		return nil
	}
	d.Audit, err = collect(ctx, s.reader, func(row scanner) (e overlay.PersonDeed, err error) {
		var at int64
		err = row.Scan(&at, &e.Actor, &e.Action, &e.Object)
		e.At = at0(at)
		return e, err
	}, `SELECT at, actor, action, object FROM audit WHERE org = ? AND (actor = ? OR object = ?) ORDER BY id LIMIT ?`, d.Org, name, name, maxPersonRows)
	return err
}

// auditName is what the audit calls a person; "": it does not know such a handle.
func auditName(h overlay.Handle, org string) string {
	if h.Mail != "" {
		return h.Mail
	}
	return h.InChat(org)
}

// ErasePerson erases all of that. Rows that are counted stay without the person, so no sum
// changes. said are the erased comments by their shows, whose listeners are to be told.
func (s *Store) ErasePerson(ctx context.Context, org string, h overlay.Handle, actor string) (e overlay.ErasedPerson, said map[string][]string, err error) {
	if h, err = h.Checked(); err != nil {
		return e, nil, err
	}
	e = overlay.ErasedPerson{Erased: map[string]int64{}, Proof: hex.EncodeToString(s.secret.hash("erased person", org+" "+h.Way()+" "+h.Text())[:8])}
	err = s.write(ctx, func(t *tx) (err error) {
		if h.Mail != "" {
			var member bool
			if err := t.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM membership m JOIN person p ON p.id = m.person WHERE m.org = ? AND p.email = ?)`, org, h.Mail).Scan(&member); err != nil {
				return fmt.Errorf("find a member: %w", err)
			}
			if member {
				return overlay.Errorf(overlay.Conflict, "this is a member of the team; take the person out of it first")
			}
		}
		clear(e.Erased)
		if said, err = t.eraseSaid(ctx, org, h, e.Erased); err != nil {
			return err
		}
		for _, step := range []func(context.Context, string, overlay.Handle, map[string]int64) error{t.eraseWatched, t.eraseBought, t.eraseAccount, t.eraseDeeds} {
			if err := step(ctx, org, h, e.Erased); err != nil {
				return fmt.Errorf("erase a person: %w", err)
			}
		}
		t.changed = true
		return t.auditIn(ctx, org, actor, "person.erase", e.Proof)
	})
	if e.Erased["orders"] > 0 {
		s.orderNews.Add(1)
	}
	return e, said, err
}

// count carries out a statement and counts its rows.
func (t *tx) count(ctx context.Context, n map[string]int64, kind, statement string, args ...any) error {
	r, err := t.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	rows, err := r.RowsAffected()
	if rows > 0 {
		n[kind] += rows
	}
	return err
}

func (t *tx) eraseSaid(ctx context.Context, org string, h overlay.Handle, n map[string]int64) (map[string][]string, error) {
	who := h.InChat(org)
	if who == "" {
		return nil, nil
	}
	const theirs = `viewer = ? AND show IN (SELECT id FROM show WHERE org = ?)`
	said := map[string][]string{}
	_, err := collect(ctx, t, func(row scanner) (none struct{}, err error) {
		var show, id string
		err = row.Scan(&show, &id)
		said[show] = append(said[show], id)
		return none, err
	}, `SELECT show, id FROM comment WHERE `+theirs+` ORDER BY id`, who, org)
	if err == nil {
		err = t.count(ctx, n, "comments", `UPDATE comment SET viewer = '', name = '', body = '', pinned = 0, erased_at = ? WHERE `+theirs, t.now.UnixMilli(), who, org)
	}
	if err == nil {
		err = t.count(ctx, n, "mutes", `DELETE FROM chat_mute WHERE viewer = ? AND room IN (SELECT id FROM room WHERE org = ?)`, who, org)
	}
	if err == nil {
		err = t.count(ctx, n, "votes", `DELETE FROM poll_vote WHERE viewer = ? AND poll IN (SELECT p.id FROM poll p JOIN show s ON s.id = p.show WHERE s.org = ?)`, who, org)
	}
	if err == nil {
		err = t.count(ctx, n, "rewards", `DELETE FROM reward_taken WHERE viewer = ? AND reward IN (SELECT w.id FROM reward w JOIN show s ON s.id = w.show WHERE s.org = ?)`, who, org)
	}
	return said, err
}

// eraseWatched gives the number of a viewer's browser another value.
func (t *tx) eraseWatched(ctx context.Context, org string, h overlay.Handle, n map[string]int64) error {
	number := h.Number()
	if number == 0 {
		return nil
	}
	for _, table := range viewerNumbers() {
		shows, err := collect(ctx, t, func(row scanner) (show string, err error) { return show, row.Scan(&show) },
			`SELECT v.show FROM `+table+` v JOIN show s ON s.id = v.show WHERE v.number = ? AND s.org = ?`, number, org)
		if err != nil {
			return err
		}
		for _, show := range shows {
			if err := t.swapNumber(ctx, table, show, number); err != nil {
				return err
			}
		}
		if len(shows) > 0 {
			n["views"] += int64(len(shows))
		}
	}
	return nil
}

// swapNumber gives one number of a show's viewers another value.
func (t *tx) swapNumber(ctx context.Context, table, show string, number int64) error {
	counted, err := t.countedNumbers(ctx, table, show)
	if err != nil {
		return err
	}
	if number > counted {
		_, err := t.ExecContext(ctx, `DELETE FROM `+table+` WHERE show = ? AND number = ?`, show, number)
		return err
	}
	taken, highest := map[int64]bool{}, int64(0)
	_, err = collect(ctx, t, func(row scanner) (none struct{}, err error) {
		var one int64
		err = row.Scan(&one)
		taken[one], highest = true, max(highest, one)
		return none, err
	}, `SELECT number FROM `+table+` WHERE show = ? AND number <= ?`, show, counted)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `UPDATE `+table+` SET number = ? WHERE show = ? AND number = ?`, anotherNumber(number, highest, taken), show, number)
	return err
}

func (t *tx) eraseBought(ctx context.Context, org string, h overlay.Handle, n map[string]int64) error {
	if contact := t.s.contactOf(h); contact != nil {
		if err := t.count(ctx, n, "reminders", `DELETE FROM reminder WHERE contact = ? AND show IN (SELECT id FROM show WHERE org = ?)`, contact, org); err != nil {
			return err
		}
	}
	buyer := t.s.buyerHash(h)
	if buyer == nil {
		return nil
	}
	orders, err := collect(ctx, t, scanOrder, selectOrder+`WHERE org = ? AND buyer = ?`, org, buyer)
	if err != nil {
		return err
	}
	for _, o := range orders {
		if err := t.eraseFrom(ctx, o); err != nil {
			return err
		}
	}
	if len(orders) > 0 {
		n["orders"] = int64(len(orders))
	}
	return nil
}

// eraseAccount erases a former member of the organisation, and who was invited.
func (t *tx) eraseAccount(ctx context.Context, org string, h overlay.Handle, n map[string]int64) error {
	if h.Mail == "" {
		return nil
	}
	if err := t.count(ctx, n, "invitations", `DELETE FROM invitation WHERE org = ? AND email = ?`, org, h.Mail); err != nil {
		return err
	}
	if err := t.count(ctx, n, "letters", `DELETE FROM letter WHERE org = ? AND email = ?`, org, h.Mail); err != nil {
		return err
	}
	var person string
	err := t.QueryRowContext(ctx, `SELECT id FROM person WHERE email = ?`, h.Mail).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, table := range []string{"event", "cue"} {
		text, err := json.Marshal(person)
		if err != nil {
			return err
		}
		if err := t.count(ctx, n, "deeds", `UPDATE `+table+` SET actor = NULL WHERE show IN (SELECT id FROM show WHERE org = ?) AND actor LIKE ?`, org, `%"id":`+string(text)+`%`); err != nil {
			return err
		}
	}
	former, err := formerMember(ctx, t, org, person, h.Mail)
	if err != nil || !former {
		return err
	}
	for _, rows := range []string{`DELETE FROM session WHERE person = ?`, `DELETE FROM invitation WHERE org IS NULL AND email = (SELECT email FROM person WHERE id = ?)`,
		`DELETE FROM letter WHERE org IS NULL AND email = (SELECT email FROM person WHERE id = ?)`} {
		if _, err := t.ExecContext(ctx, rows, person); err != nil {
			return err
		}
	}
	return t.count(ctx, n, "account", `DELETE FROM person WHERE id = ?`, person)
}

// eraseDeeds takes the person out of the audit and of what else has who made it. What was done
// stays.
func (t *tx) eraseDeeds(ctx context.Context, org string, h overlay.Handle, n map[string]int64) error {
	name := auditName(h, org)
	if name == "" {
		return nil
	}
	for _, column := range []string{"actor", "object"} {
		if err := t.count(ctx, n, "audit", `UPDATE audit SET `+column+` = ? WHERE org = ? AND `+column+` = ?`, erased, org, name); err != nil {
			return err
		}
	}
	if h.Mail == "" {
		return nil
	}
	for _, made := range []string{`UPDATE token SET created_by = ? WHERE org = ? AND created_by = ?`, `UPDATE invitation SET created_by = ? WHERE org = ? AND created_by = ?`,
		`UPDATE chat_mute SET made_by = ? WHERE room IN (SELECT id FROM room WHERE org = ?) AND made_by = ?`} {
		if _, err := t.ExecContext(ctx, made, erased, org, name); err != nil {
			return err
		}
	}
	return nil
}
