package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"mediad/overlay"
)

// EnsureRoom makes the room that the configuration names. A key is used as
// given; an empty key is generated for a new room, and keeps the key of an
// existing one. An empty title keeps the existing title. So does a title that
// the configuration already had at the last start: the room may have been
// renamed since.
func (s *Store) EnsureRoom(ctx context.Context, slug, title, key string) (overlay.Room, error) {
	var room overlay.Room
	if key != "" {
		defer s.known.forget(slug)
	}
	err := s.write(ctx, func(t *tx) (err error) {
		room, err = roomBySlug(ctx, t, slug)
		if overlay.CodeOf(err) == overlay.NotFound {
			if room, err = t.addRoom(ctx, NewRoom{Slug: slug, Title: title}, key); err != nil {
				return err
			}
			_, err = t.ExecContext(ctx, `UPDATE room SET config_title = ? WHERE id = ?`, orNull(title), room.ID)
			return err
		}
		if err != nil {
			return err
		}
		if room, err = t.configTitle(ctx, room, title); err != nil {
			return err
		}
		if key == "" {
			return nil
		}
		return t.setKey(ctx, room, key)
	})
	if err != nil {
		return overlay.Room{}, fmt.Errorf("set up room %q: %w", slug, err)
	}
	return room, nil
}

// NewRoom describes a room to create.
type NewRoom struct {
	Slug, Title string            // Title "": the slug
	Org         string            // "": the first one
	Latency     overlay.Latency   // "": low
	Retention   overlay.Retention // not set: the configuration's
}

// CreateRoom makes a room with a generated key.
func (s *Store) CreateRoom(ctx context.Context, n NewRoom, o Once) (overlay.Room, error) {
	var room overlay.Room
	err := s.write(ctx, func(t *tx) (err error) {
		room, err = once(ctx, t, "rooms", o, func() (string, overlay.Room, error) {
			if _, err := roomBySlug(ctx, t, n.Slug); err == nil {
				return "", overlay.Room{}, overlay.Errorf(overlay.Conflict, "slug: there is a room %q already", n.Slug)
			} else if overlay.CodeOf(err) != overlay.NotFound {
				return "", overlay.Room{}, err
			}
			made, err := t.addRoom(ctx, n, "")
			if err == nil && n.Retention.Set {
				made, err = t.setRetention(ctx, made, n.Retention)
			}
			return n.Slug, made, err
		}, func(slug string) (overlay.Room, error) { return roomBySlug(ctx, t, slug) })
		return err
	})
	return room, err
}

// RoomChange is a change of a room; a zero field changes nothing.
type RoomChange struct {
	Title     string
	Latency   overlay.Latency
	Retention *overlay.Retention
	CueDelay  *overlay.CueDelay
	Ladder    *overlay.Ladder // empty: the default one
}

// ChangeRoom changes a room, all fields or none, and records who did.
func (s *Store) ChangeRoom(ctx context.Context, slug string, c RoomChange, actor string) (overlay.Room, error) {
	var room overlay.Room
	err := s.write(ctx, func(t *tx) (err error) {
		if room, err = roomBySlug(ctx, t, slug); err != nil {
			return err
		}
		before := room
		if c.Title != "" && c.Title != room.Title {
			if room, err = t.rename(ctx, room, c.Title); err != nil {
				return err
			}
			if err := t.audit(ctx, actor, "room.rename", slug, overlay.Altered{Field: "title", From: before.Title, To: room.Title}); err != nil {
				return err
			}
		}
		if c.Latency != "" && c.Latency != room.Latency {
			if room, err = t.setLatency(ctx, room, c.Latency); err != nil {
				return err
			}
			if err := t.audit(ctx, actor, "room.latency", slug, overlay.Altered{Field: "latency", From: string(before.Latency), To: string(room.Latency)}); err != nil {
				return err
			}
		}
		if c.CueDelay != nil && *c.CueDelay != room.CueDelay {
			if room, err = t.setCueDelay(ctx, room, *c.CueDelay); err != nil {
				return err
			}
			if err := t.audit(ctx, actor, "room.cue_delay", slug, overlay.Altered{Field: "cue_delay", From: before.CueDelay.String(), To: room.CueDelay.String()}); err != nil {
				return err
			}
		}
		if c.Ladder != nil && !slices.Equal(*c.Ladder, room.Ladder) {
			if room, err = t.setLadder(ctx, room, *c.Ladder); err != nil {
				return err
			}
			if err := t.audit(ctx, actor, "room.ladder", slug, overlay.Altered{Field: "ladder", From: before.Ladder.String(), To: room.Ladder.String()}); err != nil {
				return err
			}
		}
		if c.Retention == nil || *c.Retention == room.Retention {
			return nil
		}
		if room, err = t.setRetention(ctx, room, *c.Retention); err != nil {
			return err
		}
		return t.audit(ctx, actor, "room.retention", slug, overlay.Altered{Field: "retention", From: before.Retention.String(), To: room.Retention.String()})
	})
	return room, err
}

func (t *tx) addRoom(ctx context.Context, n NewRoom, key string) (overlay.Room, error) {
	slug, title, latency := n.Slug, n.Title, n.Latency
	if err := overlay.CheckSlug(slug); err != nil {
		return overlay.Room{}, err
	}
	var going int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM room WHERE slug = ?`, slug).Scan(&going); err != nil {
		return overlay.Room{}, fmt.Errorf("find room: %w", err)
	}
	if going > 0 {
		return overlay.Room{}, overlay.Errorf(overlay.Conflict, "slug: a room %q is being deleted; try again when that is done", slug)
	}
	if title == "" {
		title = slug
	}
	if err := overlay.CheckRoomTitle(title); err != nil {
		return overlay.Room{}, err
	}
	if latency == "" {
		latency = overlay.LowLatency
	}
	if err := overlay.CheckLatency(latency); err != nil {
		return overlay.Room{}, err
	}
	if key == "" {
		key = randomKey()
	}
	room := overlay.Room{ID: t.s.newID(), Slug: slug, Title: title, Latency: latency, Org: orHome(n.Org)}
	_, err := t.ExecContext(ctx, `INSERT INTO room(id, slug, title, key_hash, key_sealed, created_at, latency, org) VALUES (?,?,?,?,'',?,?,?)`,
		room.ID, slug, title, []byte(room.ID), t.now.UnixMilli(), latency, room.Org)
	if err != nil {
		return overlay.Room{}, fmt.Errorf("add room: %w", err)
	}
	return room, t.setKey(ctx, room, key)
}

// SetLatency sets the latency class of the broadcasts that begin in a room from
// now on, and records who did. A broadcast on air keeps its class.
func (s *Store) SetLatency(ctx context.Context, slug string, latency overlay.Latency, actor string) (overlay.Room, error) {
	if err := overlay.CheckLatency(latency); err != nil {
		return overlay.Room{}, err
	}
	return s.ChangeRoom(ctx, slug, RoomChange{Latency: latency}, actor)
}

func (t *tx) setLatency(ctx context.Context, room overlay.Room, latency overlay.Latency) (overlay.Room, error) {
	if err := overlay.CheckLatency(latency); err != nil {
		return room, err
	}
	if _, err := t.ExecContext(ctx, `UPDATE room SET latency = ? WHERE id = ?`, latency, room.ID); err != nil {
		return room, fmt.Errorf("set latency class: %w", err)
	}
	room.Latency, t.changed = latency, true // viewers are told of it
	return room, nil
}

// setKey gives a room its key. Where the room has that key already, nothing is
// written: a server must start on a full disk.
func (t *tx) setKey(ctx context.Context, room overlay.Room, key string) error {
	if err := overlay.CheckKey(key); err != nil {
		return err
	}
	hash := t.s.secret.hash("stream key", key)
	var owner string
	err := t.QueryRowContext(ctx, `SELECT slug FROM room WHERE key_hash = ?`, hash).Scan(&owner)
	switch {
	case err == nil && owner == room.Slug:
		return nil
	case err == nil:
		return overlay.Errorf(overlay.Conflict, "stream_key: room %q has the same key; each room needs its own key", owner)
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	_, err = t.ExecContext(ctx, `UPDATE room SET key_hash = ?, key_sealed = ? WHERE id = ?`, hash, t.s.secret.seal(room.ID, key), room.ID)
	return err
}

// RoomByKey finds the room of a stream key; NotFound: no room has that key.
func (s *Store) RoomByKey(ctx context.Context, key string) (overlay.Room, error) {
	hash, seen := s.secret.hash("stream key", key), s.known.seen()
	room, err := findRoom(ctx, s.reader, `key_hash = ?`, hash)
	switch overlay.CodeOf(err) {
	case "":
		s.known.remember(room.Slug, hash, seen)
	case overlay.NotFound:
		s.known.drop(hash)
	}
	return room, err
}

// RoomBySlug finds a room by its name in URLs.
func (s *Store) RoomBySlug(ctx context.Context, slug string) (overlay.Room, error) {
	return roomBySlug(ctx, s.reader, slug)
}

const roomColumns = `id, slug, title, org, latency, retention, cue_delay, ladder`

// ListRooms gives at most limit rooms of a scope whose slug comes after the given one,
// by slug.
func (s *Store) ListRooms(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Room, error) {
	return s.FindRooms(ctx, in, "", after, limit)
}

// FindRooms is ListRooms for those that have these words in title or slug.
func (s *Store) FindRooms(ctx context.Context, in overlay.Scope, text, after string, limit int) ([]overlay.Room, error) {
	where, args := s.scoped(in, "org", "slug")
	worded, words := wordedAs(text, "title", "slug")
	where, args = where+worded, append(args, words...)
	rooms, err := collect(ctx, s.reader, scanRoom, `SELECT `+roomColumns+` FROM room WHERE `+where+` AND slug > ? AND deleting_at IS NULL ORDER BY slug LIMIT ?`, append(args, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list rooms: %w", err)
	}
	return rooms, nil
}

// ShortKeys lists the rooms whose stream keys are shorter than today's minimum:
// former versions allowed them.
func (s *Store) ShortKeys(ctx context.Context) (rooms []string, err error) {
	type sealed struct {
		room, slug string
		key        []byte
	}
	all, err := collect(ctx, s.reader, func(row scanner) (k sealed, err error) {
		err = row.Scan(&k.room, &k.slug, &k.key)
		return k, err
	}, `SELECT id, slug, key_sealed FROM room ORDER BY slug`)
	if err != nil {
		return nil, fmt.Errorf("look at stream keys: %w", err)
	}
	for _, k := range all {
		key, err := s.secret.unseal(k.room, k.key)
		if err != nil {
			return nil, fmt.Errorf("open the stream key of room %q: %w", k.slug, err)
		}
		if len(key) < overlay.MinSecret {
			rooms = append(rooms, k.slug)
		}
	}
	return rooms, nil
}

// RevealKey gives the stream key of a room and records who saw it.
func (s *Store) RevealKey(ctx context.Context, slug, actor string) (string, error) {
	var key string
	err := s.write(ctx, func(t *tx) error {
		room, err := roomBySlug(ctx, t, slug)
		if err != nil {
			return err
		}
		if key, err = t.key(ctx, room); err != nil {
			return err
		}
		return t.audit(ctx, actor, "stream_key.reveal", slug)
	})
	if err != nil {
		return "", err
	}
	return key, nil
}

// RotateKey gives a room a new stream key, returns it, and records who did. The
// former key is refused from now on; a publisher who is on air with it stays on
// air. A repeated request (the same Once) returns the room's present key.
func (s *Store) RotateKey(ctx context.Context, slug, actor string, o Once) (string, error) {
	var key string
	defer s.known.forget(slug) // also where it is not known whether the database took it
	err := s.write(ctx, func(t *tx) error {
		room, err := roomBySlug(ctx, t, slug)
		if err != nil {
			return err
		}
		err = t.onceSecret(ctx, "rooms/"+slug+"/key", o, func() (string, error) {
			if err := t.setKey(ctx, room, randomKey()); err != nil {
				return "", err
			}
			return slug, t.audit(ctx, actor, "stream_key.rotate", slug)
		})
		if err != nil {
			return err
		}
		key, err = t.key(ctx, room)
		return err
	})
	if err != nil {
		return "", err
	}
	return key, nil
}

// key opens the stream key of a room.
func (t *tx) key(ctx context.Context, room overlay.Room) (string, error) {
	var sealed []byte
	if err := t.QueryRowContext(ctx, `SELECT key_sealed FROM room WHERE id = ?`, room.ID).Scan(&sealed); err != nil {
		return "", err
	}
	key, err := t.s.secret.unseal(room.ID, sealed)
	if err != nil {
		return "", fmt.Errorf("open the stream key of room %q: %w", room.Slug, err)
	}
	return key, nil
}

func roomBySlug(ctx context.Context, q querier, slug string) (overlay.Room, error) {
	return findRoom(ctx, q, `slug = ?`, slug)
}

func findRoom(ctx context.Context, q querier, where string, arg any) (overlay.Room, error) {
	room, err := scanRoom(q.QueryRowContext(ctx, `SELECT `+roomColumns+` FROM room WHERE deleting_at IS NULL AND `+where, arg))
	if errors.Is(err, sql.ErrNoRows) {
		return overlay.Room{}, overlay.Errorf(overlay.NotFound, "there is no such room")
	}
	if err != nil {
		return overlay.Room{}, fmt.Errorf("find room: %w", err)
	}
	return room, nil
}

func scanRoom(row scanner) (r overlay.Room, err error) {
	var kept, delay sql.NullInt64
	var ladder sql.NullString
	if err = row.Scan(&r.ID, &r.Slug, &r.Title, &r.Org, &r.Latency, &kept, &delay, &ladder); err != nil {
		return r, err
	}
	r.Retention, r.CueDelay = retention(kept), cueDelay(delay)
	r.Ladder, _ = overlay.ParseLadder(ladder.String) // one that cannot be, is like none
	return r, nil
}
