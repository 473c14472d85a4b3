package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"mediad/overlay"
)

const selectParticipant = `SELECT p.id, p.festival, p.name, p.region, p.status, coalesce(p.org, ''), coalesce((SELECT name FROM org WHERE id = p.org), ''), p.invited_at, p.expires_at, p.answered_at, p.left_at FROM festival_part p `

func scanParticipant(row scanner) (p overlay.Participant, err error) {
	var invited, expires int64
	var accepted, left sql.NullInt64
	err = row.Scan(&p.ID, &p.Festival, &p.Name, &p.Region, &p.Status, &p.Org, &p.OrgName, &invited, &expires, &accepted, &left)
	p.Invited, p.Expires, p.Accepted, p.Left = at0(invited), at0(expires), momentOrNil(accepted), momentOrNil(left)
	p.Rooms = []overlay.FestivalRoom{}
	return p, err
}

func participant(ctx context.Context, q querier, id string) (overlay.Participant, error) {
	p, err := scanParticipant(q.QueryRowContext(ctx, selectParticipant+`WHERE p.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, overlay.Errorf(overlay.NotFound, "the festival has no such merchant")
	}
	if err != nil {
		return p, fmt.Errorf("find merchant of a festival: %w", err)
	}
	all := []overlay.Participant{p}
	err = withRooms(ctx, q, all)
	return all[0], err
}

// withRooms adds the rooms with which merchants take part now.
func withRooms(ctx context.Context, q querier, all []overlay.Participant) error {
	for i := range all {
		if all[i].Status != overlay.FestivalAccepted {
			continue
		}
		rooms, err := collect(ctx, q, func(row scanner) (r overlay.FestivalRoom, err error) {
			var since int64
			err = row.Scan(&r.Slug, &r.Title, &since)
			r.Since = at0(since)
			return r, err
		}, `SELECT r.slug, r.title, k.since FROM festival_room k JOIN room r ON r.id = k.room WHERE k.part = ? AND k.until IS NULL AND r.deleting_at IS NULL ORDER BY r.slug`, all[i].ID)
		if err != nil {
			return fmt.Errorf("find rooms of a festival: %w", err)
		}
		all[i].Rooms = rooms
	}
	return nil
}

// Participant gives a merchant of a festival.
func (s *Store) Participant(ctx context.Context, id string) (overlay.Participant, error) {
	return participant(ctx, s.reader, id)
}

// Participants lists at most limit merchants of a festival behind an id, in the order in which they were invited.
func (s *Store) Participants(ctx context.Context, slug, after string, limit int) ([]overlay.Participant, error) {
	all, err := collect(ctx, s.reader, scanParticipant, selectParticipant+`WHERE p.festival = ? AND p.id > ? ORDER BY p.id LIMIT ?`, slug, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list merchants of a festival: %w", err)
	}
	return all, withRooms(ctx, s.reader, all)
}

// Participations lists at most limit festivals in which organisations of a scope take part, or took part, behind an id.
func (s *Store) Participations(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Participation, error) {
	where, args := s.scoped(in, "p.org", "")
	parts, err := collect(ctx, s.reader, scanParticipant, selectParticipant+`WHERE p.org IS NOT NULL AND `+where+` AND p.id > ? ORDER BY p.id LIMIT ?`, append(args, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list festivals of merchants: %w", err)
	}
	if err := withRooms(ctx, s.reader, parts); err != nil {
		return nil, err
	}
	all := make([]overlay.Participation, 0, len(parts))
	for _, p := range parts {
		one, err := participation(ctx, s.reader, p)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func participation(ctx context.Context, q querier, p overlay.Participant) (one overlay.Participation, err error) {
	if one.Festival, err = festival(ctx, q, p.Festival); err != nil {
		return one, err
	}
	by, err := org(ctx, q, one.Festival.Org)
	one.Organiser, one.Part = by.Name, p
	return one, err
}

// madeLink is a merchant that was invited, with its link, as it is answered once.
type madeLink struct {
	Made overlay.Participant
	Link string
}

// InviteToFestival makes a link by which a merchant comes to a festival: only its hash is kept.
func (s *Store) InviteToFestival(ctx context.Context, slug, name, region, actor string, o Once) (made overlay.Participant, link string, err error) {
	if name, region, err = overlay.CheckParticipant(name, region); err != nil {
		return made, "", err
	}
	var out madeLink
	err = s.write(ctx, func(t *tx) (err error) {
		out, err = onceSealed(ctx, t, "festivals/"+slug+"/rooms", o, func() (string, madeLink, error) {
			link := randomKey()
			p, err := t.invite(ctx, slug, overlay.Participant{Name: name, Region: region}, link, actor)
			return p.ID, madeLink{p, link}, err
		})
		return err
	})
	return out.Made, out.Link, err
}

func (t *tx) invite(ctx context.Context, slug string, p overlay.Participant, link, actor string) (overlay.Participant, error) {
	f, err := festival(ctx, t, slug)
	if err != nil {
		return p, err
	}
	if !t.now.Before(f.Ends) {
		return p, overlay.Errorf(overlay.Conflict, "the festival has ended")
	}
	var n int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM festival_part WHERE festival = ?`, slug).Scan(&n); err != nil {
		return p, fmt.Errorf("count merchants of a festival: %w", err)
	}
	if n >= overlay.MaxParticipants {
		return p, overlay.Errorf(overlay.Conflict, "the festival has %d merchants, the most that it may have", n)
	}
	p.ID, p.Festival, p.Status, p.Rooms = t.s.newID(), slug, overlay.FestivalInvited, []overlay.FestivalRoom{}
	p.Invited, p.Expires = at0(t.now.UnixMilli()), at0(t.now.Add(overlay.FestivalInvitationLife).UnixMilli())
	if p.Expires.After(f.Ends) {
		p.Expires = f.Ends
	}
	_, err = t.ExecContext(ctx, `INSERT INTO festival_part(id, festival, name, region, status, hash, invited_at, expires_at) VALUES (?,?,?,?,?,?,?,?)`,
		p.ID, slug, p.Name, p.Region, p.Status, t.s.secret.hash("festival", link), p.Invited.UnixMilli(), p.Expires.UnixMilli())
	if err != nil {
		return p, fmt.Errorf("invite merchant: %w", err)
	}
	return p, t.auditIn(ctx, f.Org, actor, "festival.invite", p.Name)
}

// ChangeParticipant changes what the organiser calls a merchant, and its region; nil leaves it.
func (s *Store) ChangeParticipant(ctx context.Context, id string, name, region *string, actor string) (p overlay.Participant, err error) {
	err = s.write(ctx, func(t *tx) error {
		if p, err = participant(ctx, t, id); err != nil {
			return err
		}
		if name != nil {
			p.Name = *name
		}
		if region != nil {
			p.Region = *region
		}
		if p.Name, p.Region, err = overlay.CheckParticipant(p.Name, p.Region); err != nil {
			return err
		}
		f, err := festival(ctx, t, p.Festival)
		if err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE festival_part SET name = ?, region = ? WHERE id = ?`, p.Name, p.Region, id); err != nil {
			return fmt.Errorf("change merchant of a festival: %w", err)
		}
		return t.auditIn(ctx, f.Org, actor, "festival.merchant", p.Name)
	})
	return p, err
}

// FestivalInvitation gives what a link stands for that still holds.
func (s *Store) FestivalInvitation(ctx context.Context, link string) (overlay.Participation, error) {
	return s.festivalInvitation(ctx, s.reader, link)
}

func (s *Store) festivalInvitation(ctx context.Context, q querier, link string) (none overlay.Participation, err error) {
	p, err := scanParticipant(q.QueryRowContext(ctx, selectParticipant+`WHERE p.hash = ? AND p.status = 'invited' AND p.expires_at > ?`, s.secret.hash("festival", link), s.now().UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		return none, overlay.Errorf(overlay.NotFound, "this link does not hold any more; ask the organiser of the festival for another one")
	}
	if err != nil {
		return none, fmt.Errorf("find invitation to a festival: %w", err)
	}
	return participation(ctx, q, p)
}

// AcceptFestival takes part in a festival with rooms of an organisation, and uses the link up.
func (s *Store) AcceptFestival(ctx context.Context, link, org string, rooms []string, actor string) (out overlay.Participation, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		out, err = t.acceptFestival(ctx, link, org, rooms, actor)
		return err
	})
	return out, err
}

func (t *tx) acceptFestival(ctx context.Context, link, org string, rooms []string, actor string) (out overlay.Participation, err error) {
	if out, err = t.s.festivalInvitation(ctx, t, link); err != nil {
		return out, err
	}
	var n int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM festival_part WHERE festival = ? AND org = ? AND status = 'accepted'`, out.Festival.Slug, org).Scan(&n); err != nil {
		return out, fmt.Errorf("find merchant of a festival: %w", err)
	}
	if n > 0 {
		return out, overlay.Errorf(overlay.Conflict, "this organisation takes part already; change its rooms instead")
	}
	_, err = t.ExecContext(ctx, `UPDATE festival_part SET status = 'accepted', hash = NULL, org = ?, answered_at = ? WHERE id = ?`, org, t.now.UnixMilli(), out.Part.ID)
	if err != nil {
		return out, fmt.Errorf("accept invitation to a festival: %w", err)
	}
	if out.Part, err = t.takePart(ctx, out.Part.ID, rooms); err != nil {
		return out, err
	}
	if err := t.auditIn(ctx, out.Festival.Org, actor, "festival.accept", out.Part.Name); err != nil {
		return out, err
	}
	return out, t.auditIn(ctx, org, actor, "festival.join", out.Festival.Slug)
}

// SetFestivalRooms says with which rooms a merchant takes part from now on.
func (s *Store) SetFestivalRooms(ctx context.Context, id string, rooms []string, actor string) (p overlay.Participant, err error) {
	err = s.write(ctx, func(t *tx) error {
		if p, err = t.takePart(ctx, id, rooms); err != nil {
			return err
		}
		return t.auditIn(ctx, p.Org, actor, "festival.rooms", p.Festival)
	})
	return p, err
}

// takePart makes these rooms those of a merchant. They are of its organisation, or of one below it.
func (t *tx) takePart(ctx context.Context, id string, rooms []string) (p overlay.Participant, err error) {
	if p, err = participant(ctx, t, id); err != nil {
		return p, err
	}
	if p.Status != overlay.FestivalAccepted {
		return p, overlay.Errorf(overlay.Conflict, "the organisation does not take part in this festival any more")
	}
	rooms = slices.Compact(slices.Sorted(slices.Values(rooms)))
	if len(rooms) == 0 {
		return p, overlay.Errorf(overlay.Invalid, "rooms: choose at least one room")
	}
	below, err := grants(ctx, t, overlay.Grant{Org: p.Org})
	if err != nil {
		return p, err
	}
	for _, r := range p.Rooms {
		if !slices.Contains(rooms, r.Slug) {
			if _, err := t.ExecContext(ctx, `UPDATE festival_room SET until = ? WHERE part = ? AND room = (SELECT id FROM room WHERE slug = ?) AND until IS NULL`, t.now.UnixMilli(), id, r.Slug); err != nil {
				return p, fmt.Errorf("take room out of a festival: %w", err)
			}
		}
	}
	for _, slug := range rooms {
		if slices.ContainsFunc(p.Rooms, func(r overlay.FestivalRoom) bool { return r.Slug == slug }) {
			continue
		}
		room, err := roomBySlug(ctx, t, slug)
		if err != nil {
			return p, err
		}
		if !slices.ContainsFunc(below, func(g overlay.Grant) bool { return g.Org == room.Org }) {
			return p, overlay.Errorf(overlay.Invalid, "rooms: %s is not a room of this organisation", slug)
		}
		if err := t.addFestivalRoom(ctx, p, room); err != nil {
			return p, err
		}
	}
	return participant(ctx, t, id)
}

func (t *tx) addFestivalRoom(ctx context.Context, p overlay.Participant, room overlay.Room) error {
	var taken, all int
	if err := t.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM festival_room WHERE festival = ?1 AND room = ?2 AND until IS NULL), (SELECT count(*) FROM festival_room WHERE festival = ?1 AND until IS NULL)`, p.Festival, room.ID).Scan(&taken, &all); err != nil {
		return fmt.Errorf("count rooms of a festival: %w", err)
	}
	if taken > 0 {
		return overlay.Errorf(overlay.Conflict, "rooms: %s takes part already, with another organisation", room.Slug)
	}
	if all >= overlay.MaxFestivalRooms {
		return overlay.Errorf(overlay.Conflict, "the festival has %d rooms, the most that it may have", all)
	}
	// A room that went and came back within a millisecond goes on as if it had stayed.
	_, err := t.ExecContext(ctx, `INSERT INTO festival_room(part, room, since, festival) VALUES (?,?,?,?) ON CONFLICT(part, room, since) DO UPDATE SET until = NULL`, p.ID, room.ID, t.now.UnixMilli(), p.Festival)
	if err != nil {
		return fmt.Errorf("add room to a festival: %w", err)
	}
	return nil
}

// LeaveFestival ends a merchant's part, or takes the invitation back. What its shows brought
// until now stays in the organiser's figures. left: by itself; otherwise the organiser took it out.
func (s *Store) LeaveFestival(ctx context.Context, id string, left bool, actor string) error {
	return s.write(ctx, func(t *tx) error {
		p, err := participant(ctx, t, id)
		if err != nil {
			return err
		}
		f, err := festival(ctx, t, p.Festival)
		if err != nil {
			return err
		}
		switch p.Status {
		case overlay.FestivalInvited:
			if _, err := t.ExecContext(ctx, `DELETE FROM festival_part WHERE id = ?`, id); err != nil {
				return fmt.Errorf("take back invitation to a festival: %w", err)
			}
			return t.auditIn(ctx, f.Org, actor, "festival.withdraw", p.Name)
		case overlay.FestivalLeft:
			return nil
		}
		if _, err := t.ExecContext(ctx, `UPDATE festival_part SET status = 'left', left_at = ? WHERE id = ?`, t.now.UnixMilli(), id); err != nil {
			return fmt.Errorf("leave festival: %w", err)
		}
		if _, err := t.ExecContext(ctx, `UPDATE festival_room SET until = ? WHERE part = ? AND until IS NULL`, t.now.UnixMilli(), id); err != nil {
			return fmt.Errorf("leave festival: %w", err)
		}
		action := "festival.remove"
		if left {
			action = "festival.leave"
		}
		if err := t.auditIn(ctx, f.Org, actor, action, p.Name); err != nil {
			return err
		}
		return t.auditIn(ctx, p.Org, actor, action, f.Slug)
	})
}
