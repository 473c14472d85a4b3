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

// Chat gives what the chat of a show goes by: its show, the settings and the mutes of its
// room, and its pinned comment.
func (s *Store) Chat(ctx context.Context, show string) (c overlay.Chat, err error) {
	if c.Show, err = s.GetShow(ctx, show); err != nil {
		return c, err
	}
	if c.RoomID, c.Settings, err = chatOf(ctx, s.reader, show); err != nil {
		return c, err
	}
	if c.Mutes, err = s.mutes(ctx, c.RoomID, "", overlay.MaxMutes); err != nil {
		return c, err
	}
	pinned, err := comments(ctx, s.reader, `WHERE c.show = ? AND c.pinned = 1`+seen, show)
	if len(pinned) > 0 {
		c.Pinned = &pinned[0]
	}
	return c, err
}

// chatOf gives the room of a show, and the settings of its chat.
func chatOf(ctx context.Context, q querier, show string) (room string, set overlay.ChatSettings, err error) {
	var body sql.NullString
	err = q.QueryRowContext(ctx, `SELECT s.room, t.body FROM show s LEFT JOIN chat_setting t ON t.room = s.room WHERE s.id = ?`, show).Scan(&room, &body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", set, overlay.Errorf(overlay.NotFound, "there is no such show")
	case err != nil:
		return "", set, fmt.Errorf("read the settings of a chat: %w", err)
	}
	set = overlay.DefaultChat()
	if body.Valid {
		err = json.Unmarshal([]byte(body.String), &set)
	}
	return room, set, err
}

// chatIn gives a show as well, for those who change its chat.
func chatIn(ctx context.Context, t *tx, show string) (found overlay.Show, room string, set overlay.ChatSettings, err error) {
	if found, err = getShow(ctx, t, show); err == nil {
		room, set, err = chatOf(ctx, t, show)
	}
	return found, room, set, err
}

// ChatSettings gives those of the chat of a show, which are its room's.
func (s *Store) ChatSettings(ctx context.Context, show string) (overlay.ChatSettings, error) {
	_, set, err := chatOf(ctx, s.reader, show)
	return set, err
}

// SetChat sets the chat of a show's room.
func (s *Store) SetChat(ctx context.Context, show string, set overlay.ChatSettings, actor string) (overlay.ChatSettings, error) {
	set, err := set.Checked()
	if err != nil {
		return set, err
	}
	text, err := json.Marshal(set)
	if err != nil {
		return set, err
	}
	return set, s.write(ctx, func(t *tx) error {
		found, room, before, err := chatIn(ctx, t, show)
		if err != nil {
			return err
		}
		if was, err := json.Marshal(before); err != nil || string(was) == string(text) {
			return err
		}
		if _, err := t.ExecContext(ctx, `INSERT INTO chat_setting(room, body) VALUES (?,?) ON CONFLICT (room) DO UPDATE SET body = excluded.body`, room, string(text)); err != nil {
			return fmt.Errorf("set chat: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, found.Org, actor, "chat.settings", found.Room)
	})
}

// NewMute is a viewer to be muted: the one who wrote a comment, or who is named.
type NewMute struct {
	Comment, Viewer string
	For             time.Duration // 0: for good
	Shadow          bool
}

// Mute keeps a viewer from writing in the room of a show. A further one takes the place of the first.
func (s *Store) Mute(ctx context.Context, show string, n NewMute, actor string) (m overlay.Mute, err error) {
	if n.For < 0 || n.For > overlay.MaxMuteTime {
		return m, overlay.Errorf(overlay.Invalid, "minutes: must be from 1 to %d", int(overlay.MaxMuteTime.Minutes()))
	}
	err = s.write(ctx, func(t *tx) error {
		found, room, _, err := chatIn(ctx, t, show)
		if err != nil {
			return err
		}
		m = overlay.Mute{Viewer: n.Viewer, Shadow: n.Shadow, By: actor, Made: t.now}
		if n.Comment != "" {
			c, err := comment(ctx, t, show, n.Comment)
			if err != nil {
				return err
			}
			m.Viewer, m.Name = c.Viewer, c.Name
			if m.Viewer == "" {
				return overlay.Errorf(overlay.Conflict, "the comment is the host's own, or erased: there is no viewer to be muted")
			}
		} else if err := overlay.CheckViewer(m.Viewer); err != nil {
			return err
		}
		if n.For > 0 {
			m.Until = t.now.Add(n.For)
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM chat_mute WHERE room = ? AND until_at <= ?`, room, t.now.UnixMilli()); err != nil {
			return fmt.Errorf("forget mutes: %w", err)
		}
		var others int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM chat_mute WHERE room = ? AND viewer <> ?`, room, m.Viewer).Scan(&others); err != nil {
			return fmt.Errorf("count mutes: %w", err)
		}
		if others >= overlay.MaxMutes {
			return overlay.Errorf(overlay.Conflict, "%d viewers of the room are muted already; let some of them write again first", others)
		}
		_, err = t.ExecContext(ctx, `INSERT INTO chat_mute(room, viewer, name, until_at, shadow, made_by, made_at) VALUES (?,?,?,?,?,?,?)
			ON CONFLICT (room, viewer) DO UPDATE SET name = CASE WHEN excluded.name = '' THEN chat_mute.name ELSE excluded.name END, until_at = excluded.until_at, shadow = excluded.shadow, made_by = excluded.made_by, made_at = excluded.made_at`,
			room, m.Viewer, m.Name, millis(m.Until), truth(m.Shadow), m.By, m.Made.UnixMilli())
		if err != nil {
			return fmt.Errorf("mute viewer: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, found.Org, actor, "chat.mute", m.Viewer)
	})
	return m, err
}

// Unmute lets a viewer write again.
func (s *Store) Unmute(ctx context.Context, show, viewer, actor string) error {
	return s.write(ctx, func(t *tx) error {
		found, room, _, err := chatIn(ctx, t, show)
		if err != nil {
			return err
		}
		r, err := t.ExecContext(ctx, `DELETE FROM chat_mute WHERE room = ? AND viewer = ?`, room, viewer)
		if err != nil {
			return fmt.Errorf("unmute viewer: %w", err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			if err == nil {
				err = overlay.Errorf(overlay.NotFound, "this viewer is not muted")
			}
			return err
		}
		t.changed = true
		return t.auditIn(ctx, found.Org, actor, "chat.unmute", viewer)
	})
}

// Mutes gives those who are muted in the room of a show, in the order of their names.
func (s *Store) Mutes(ctx context.Context, show, after string, limit int) ([]overlay.Mute, error) {
	room, _, err := chatOf(ctx, s.reader, show)
	if err != nil {
		return nil, err
	}
	return s.mutes(ctx, room, after, limit)
}

func (s *Store) mutes(ctx context.Context, room, after string, limit int) ([]overlay.Mute, error) {
	all, err := collect(ctx, s.reader, func(row scanner) (m overlay.Mute, err error) {
		var until, made sql.NullInt64
		var shadow int64
		err = row.Scan(&m.Viewer, &m.Name, &until, &shadow, &m.By, &made)
		m.Until, m.Shadow, m.Made = moment(until), shadow != 0, moment(made)
		return m, err
	}, `SELECT viewer, name, until_at, shadow, made_by, made_at FROM chat_mute WHERE room = ? AND viewer > ? AND (until_at IS NULL OR until_at > ?) ORDER BY viewer LIMIT ?`, room, after, s.now().UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("find mutes: %w", err)
	}
	return all, nil
}

// EraseViewer forgets what a viewer wrote in the shows of a show's room, and the name, and
// what the viewer voted. The rows of comments and the sums of polls stay, so that no count changes. ids are the comments of this show.
func (s *Store) EraseViewer(ctx context.Context, show, viewer, actor string) (n int64, ids []string, err error) {
	if err := overlay.CheckViewer(viewer); err != nil {
		return 0, nil, err
	}
	err = s.write(ctx, func(t *tx) error {
		found, room, _, err := chatIn(ctx, t, show)
		if err != nil {
			return err
		}
		if ids, err = collect(ctx, t, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT id FROM comment WHERE viewer = ? AND show = ? ORDER BY id`, viewer, show); err != nil {
			return fmt.Errorf("find comments of a viewer: %w", err)
		}
		r, err := t.ExecContext(ctx, `UPDATE comment SET viewer = '', name = '', body = '', pinned = 0, erased_at = ? WHERE viewer = ? AND show IN (SELECT id FROM show WHERE room = ?)`, t.now.UnixMilli(), viewer, room)
		if err != nil {
			return fmt.Errorf("erase comments: %w", err)
		}
		if n, err = r.RowsAffected(); err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE chat_mute SET name = '' WHERE room = ? AND viewer = ?`, room, viewer); err != nil {
			return fmt.Errorf("erase the name of a mute: %w", err)
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM poll_vote WHERE viewer = ? AND poll IN (SELECT id FROM poll WHERE show IN (SELECT id FROM show WHERE room = ?))`, viewer, room); err != nil {
			return fmt.Errorf("forget votes: %w", err)
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM reward_taken WHERE viewer = ? AND reward IN (SELECT w.id FROM reward w JOIN show s ON s.id = w.show WHERE s.room = ?)`, viewer, room); err != nil {
			return fmt.Errorf("erase who has got rewards: %w", err)
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM point_friend WHERE show = ? AND code = ?`, show, s.PointCode(show, viewer)); err != nil {
			return fmt.Errorf("erase who came by a viewer's link: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, found.Org, actor, "chat.erase", found.Room)
	})
	return n, ids, err
}
