package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"mediad/overlay"
)

// Retentions are for how many days an organisation keeps kinds of what is kept about people,
// where that is shorter than the server does, and whom viewers ask about it.
type Retentions struct {
	Days    map[overlay.PersonalKind]int64
	Contact string
}

// Retentions gives those of an organisation.
func (s *Store) Retentions(ctx context.Context, org string) (Retentions, error) {
	return retentions(ctx, s.reader, org)
}

func retentions(ctx context.Context, q querier, org string) (r Retentions, err error) {
	r.Days = map[overlay.PersonalKind]int64{}
	_, err = collect(ctx, q, func(row scanner) (none struct{}, err error) {
		var kind overlay.PersonalKind
		var days int64
		err = row.Scan(&kind, &days)
		r.Days[kind] = days
		return none, err
	}, `SELECT kind, days FROM org_retention WHERE org = ?`, org)
	if err == nil {
		err = q.QueryRowContext(ctx, `SELECT coalesce(privacy_contact, '') FROM org WHERE id = ?`, org).Scan(&r.Contact)
	}
	if err != nil {
		return r, fmt.Errorf("read for how long people's data is kept: %w", err)
	}
	return r, nil
}

// SetRetentions sets the days of some kinds, 0: those of the server, and, unless it is nil,
// the contact.
func (s *Store) SetRetentions(ctx context.Context, org string, k overlay.Keeping, days map[overlay.PersonalKind]int64, contact *string, actor string) (after Retentions, err error) {
	for kind, n := range days {
		if err := k.CheckDays(kind, n); err != nil {
			return after, err
		}
	}
	if contact != nil {
		checked, err := overlay.CheckPrivacyContact(*contact)
		if err != nil {
			return after, err
		}
		contact = &checked
	}
	err = s.write(ctx, func(t *tx) error {
		before, err := retentions(ctx, t, org)
		if err != nil {
			return err
		}
		var altered []overlay.Altered
		for _, kind := range slices.Sorted(maps.Keys(days)) {
			query, args := `DELETE FROM org_retention WHERE org = ? AND kind = ?`, []any{org, kind}
			if days[kind] > 0 {
				query, args = `INSERT INTO org_retention(org, kind, days) VALUES (?,?,?) ON CONFLICT (org, kind) DO UPDATE SET days = excluded.days`, append(args, days[kind])
			}
			if _, err := t.ExecContext(ctx, query, args...); err != nil {
				return fmt.Errorf("set for how long people's data is kept: %w", err)
			}
			altered = append(altered, overlay.Altered{Field: "keep_" + string(kind), From: daysText(before.Days[kind]), To: daysText(days[kind])})
		}
		if contact != nil {
			if _, err := t.ExecContext(ctx, `UPDATE org SET privacy_contact = ? WHERE id = ?`, orNull(*contact), org); err != nil {
				return fmt.Errorf("set whom viewers ask: %w", err)
			}
			altered = append(altered, overlay.Altered{Field: "privacy_contact", From: before.Contact, To: *contact})
		}
		if after, err = retentions(ctx, t, org); err != nil {
			return err
		}
		if altered = overlay.Alterations(altered...); len(altered) == 0 {
			return nil
		}
		return t.auditIn(ctx, org, actor, "org.retention", org, altered...)
	})
	return after, err
}

func daysText(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// Forgotten counts the rows that time has taken, by kind.
type Forgotten map[overlay.PersonalKind]int64

// ForgetPeople erases what is kept about people for longer than the server, or their
// organisation, keeps it. Sums and money stay. It works in small transactions behind all
// others, may be interrupted anywhere and called again.
func (s *Store) ForgetPeople(ctx context.Context, k overlay.Keeping) (Forgotten, error) {
	done := Forgotten{}
	if _, err := s.sweep(ctx, `DELETE FROM chat_mute WHERE until_at <= ?`, s.now().UnixMilli()); err != nil {
		return done, err
	}
	type own struct {
		org  string
		kind overlay.PersonalKind
		days int64
	}
	all, err := collect(ctx, s.reader, func(row scanner) (o own, err error) { return o, row.Scan(&o.org, &o.kind, &o.days) }, `SELECT org, kind, days FROM org_retention ORDER BY org, kind`)
	if err != nil {
		return done, fmt.Errorf("read for how long people's data is kept: %w", err)
	}
	for kind := range forgetting() {
		// Contacts and clicks that the server keeps too long are taken by what sends and counts them.
		if keep, _ := k.Of(kind); keep > 0 && kind != overlay.KeptContacts && kind != overlay.KeptClicks {
			all = append(all, own{"", kind, 0})
		}
	}
	for _, o := range all {
		keep, ok := k.Of(o.kind)
		if days := time.Duration(o.days) * 24 * time.Hour; days > 0 && (keep == 0 || days < keep) {
			keep = days
		}
		if !ok || keep == 0 {
			continue
		}
		n, err := s.forget(ctx, o.kind, o.org, s.now().Add(-keep))
		if done[o.kind] += n; err != nil {
			return done, err
		}
	}
	return done, nil
}

// forgetting are the statements that erase a kind: ?1 is since when it is too old, ?2 the
// organisation, "": any, and ?3 now. They take a few rows at a time.
func forgetting() map[overlay.PersonalKind][]string {
	const mine = ` AND (?2 = '' OR s.org = ?2) LIMIT `
	few := fmt.Sprint(sweepRows)
	return map[overlay.PersonalKind][]string{
		overlay.KeptComments: {`UPDATE comment SET viewer = '', name = '', body = '', pinned = 0, erased_at = ?3 WHERE id IN (SELECT c.id FROM comment c JOIN show s ON s.id = c.show
			WHERE c.host = 0 AND c.erased_at IS NULL AND s.ended_at < ?1` + mine + few + `)`},
		overlay.KeptViews:  {}, // their numbers are drawn anew
		overlay.KeptClicks: {`DELETE FROM click WHERE id IN (SELECT c.id FROM click c JOIN show s ON s.id = c.show WHERE c.at < ?1` + mine + few + `)`},
		overlay.KeptBuyers: {
			`UPDATE shop_order SET buyer = NULL, erased_at = ?3 WHERE id IN (SELECT s.id FROM shop_order s WHERE s.buyer IS NOT NULL AND coalesce(s.paid_at, s.created_at) < ?1` + mine + few + `)`,
			`UPDATE hold SET session = NULL, address = NULL, buyer = NULL WHERE id IN (SELECT h.id FROM hold h JOIN shop s ON s.id = h.shop
				WHERE h.state IN ('paid', 'released') AND h.created_at < ?1 AND (h.session IS NOT NULL OR h.address IS NOT NULL OR h.buyer IS NOT NULL)` + mine + few + `)`,
			`DELETE FROM coupon_got WHERE (coupon, buyer) IN (SELECT g.coupon, g.buyer FROM coupon_got g JOIN coupon c ON c.id = g.coupon JOIN show s ON s.id = c.show WHERE s.ended_at < ?1` + mine + few + `)`,
		},
		overlay.KeptContacts: {`DELETE FROM reminder WHERE id IN (SELECT r.id FROM reminder r JOIN show s ON s.id = r.show WHERE s.ended_at < ?1 AND (r.stage IS NULL OR r.stage = 'waiting')` + mine + few + `)`},
		overlay.KeptAudit:    {`DELETE FROM audit WHERE id IN (SELECT s.id FROM audit s WHERE s.at < ?1` + mine + few + `)`},
	}
}

func (s *Store) forget(ctx context.Context, kind overlay.PersonalKind, org string, before time.Time) (total int64, err error) {
	if kind == overlay.KeptViews {
		return s.forgetViews(ctx, org, before)
	}
	for _, statement := range forgetting()[kind] {
		args := []any{before.UnixMilli(), org}
		if strings.Contains(statement, "?3") {
			args = append(args, s.now().UnixMilli())
		}
		// PostgreSQL has to know what an argument is that is compared with a text alone.
		statement = strings.ReplaceAll(statement, "?2", "CAST(?2 AS TEXT)")
		for n := 1; n > 0; {
			if n, err = s.sweep(ctx, statement, args...); err != nil {
				return total, err
			}
			total += int64(n)
		}
	}
	if kind == overlay.KeptBuyers && total > 0 {
		s.orderNews.Add(1)
	}
	return total, nil
}

// forgetViews draws the numbers of viewers anew in shows that ended before a moment: so their
// count stays, and nobody is found by one of them. It does so again when somebody has watched
// the recording.
func (s *Store) forgetViews(ctx context.Context, org string, before time.Time) (total int64, err error) {
	shows, err := collect(ctx, s.reader, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT w.show FROM show_watched w JOIN show s ON s.id = w.show WHERE s.ended_at < ? AND (? = '' OR s.org = ?) AND (w.forgot_views IS NULL OR w.forgot_views <> w.views) ORDER BY 1`,
		before.UnixMilli(), org, org)
	if err != nil {
		return 0, fmt.Errorf("find viewers to forget: %w", err)
	}
	for _, show := range shows {
		var drawn int64
		err := s.atLeisure(ctx, func(t *tx) error {
			drawn = 0 // it may be tried again
			for _, table := range viewerNumbers() {
				n, err := t.renumber(ctx, table, show)
				if drawn += n; err != nil {
					return err
				}
			}
			_, err := t.ExecContext(ctx, `UPDATE show_watched SET forgot_views = views WHERE show = ?`, show)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("forget the viewers of a show: %w", err)
		}
		total += drawn
	}
	return total, nil
}

// viewerNumbers are the tables with numbers of viewers.
func viewerNumbers() []string { return []string{"show_viewer", "show_clicker"} }

// renumber gives every number of a show's viewers another one.
func (t *tx) renumber(ctx context.Context, table, show string) (int64, error) {
	type row struct{ number, replay int64 }
	counted, err := t.countedNumbers(ctx, table, show)
	if err != nil {
		return 0, err
	}
	all, err := collect(ctx, t, func(r scanner) (one row, err error) { return one, r.Scan(&one.number, &one.replay) },
		`SELECT number, replay FROM `+table+` WHERE show = ? AND number <= ? ORDER BY number`, show, counted)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	taken, rows := map[int64]bool{}, make([][3]any, len(all))
	for i, r := range all {
		rows[i] = [3]any{show, anotherNumber(r.number, all[len(all)-1].number, taken), r.replay}
	}
	if _, err := t.ExecContext(ctx, `DELETE FROM `+table+` WHERE show = ?`, show); err != nil {
		return 0, err
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return 0, err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO `+table+`(show, number, replay) SELECT c.value->>0, CAST(c.value->>1 AS BIGINT), CAST(c.value->>2 AS BIGINT) FROM `+t.s.dialect.Rows(), string(text))
	return int64(len(all)), err
}

// countedNumbers gives the number up to which those of viewers are counted.
func (t *tx) countedNumbers(ctx context.Context, table, show string) (int64, error) {
	depth := int64(0)
	if table == "show_viewer" {
		err := t.QueryRowContext(ctx, `SELECT depth FROM show_watched WHERE show = ?`, show).Scan(&depth)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return 0, fmt.Errorf("read how viewers are counted: %w", err)
		}
	}
	return math.MaxInt64 >> depth, nil
}

// anotherNumber draws one that is not taken, for a viewer's. From the highest of a show all
// viewers are estimated: that one changes by little.
func anotherNumber(number, highest int64, taken map[int64]bool) int64 {
	low, span := int64(0), highest
	if number == highest {
		span = highest >> 16
		low = highest - span
	}
	for range 1000 { // a show that has them all is none
		if n := low + rand.Int64N(span|1); !taken[n] && n != number {
			taken[n] = true
			return n
		}
	}
	taken[number] = true
	return number
}
