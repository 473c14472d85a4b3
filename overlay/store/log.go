package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"mediad/overlay"
)

// The log of a show has three readers. Each gets at most limit events, in order,
// that come after the last one it has. Hosts may go back, too.

// PictureAfter gives the events for the picture with a greater seq.
func (s *Store) PictureAfter(ctx context.Context, show string, seq uint64, limit int) ([]overlay.Event, error) {
	return s.log(ctx, `e.seq > ? ORDER BY e.seq`, show, seq, limit)
}

// HostsAfter gives the events that hosts may see behind a place in the log: those
// for the picture, and those for hosts.
func (s *Store) HostsAfter(ctx context.Context, show string, pos uint64, limit int) ([]overlay.Event, error) {
	return s.log(ctx, `e.pos > ? AND e.audience <> 'private' ORDER BY e.pos`, show, pos, limit)
}

// HostsBefore gives those events in front of a place in the log, the latest first; 0: of
// all of it.
func (s *Store) HostsBefore(ctx context.Context, show string, pos uint64, limit int) ([]overlay.Event, error) {
	if pos == 0 {
		pos = math.MaxInt64
	}
	return s.log(ctx, `e.pos < ? AND e.audience <> 'private' ORDER BY e.pos DESC`, show, pos, limit)
}

// After gives all events behind a place in the log. They are for the server's own
// code, which decides what others may learn of them.
func (s *Store) After(ctx context.Context, show string, pos uint64, limit int) ([]overlay.Event, error) {
	return s.log(ctx, `e.pos > ? ORDER BY e.pos`, show, pos, limit)
}

func (s *Store) log(ctx context.Context, where, show string, number uint64, limit int) ([]overlay.Event, error) {
	list, err := collect(ctx, s.reader, scanEvent, selectEvent+`WHERE e.show = ? AND `+where+` LIMIT ?`, show, int64(number), limit)
	if err != nil {
		return nil, fmt.Errorf("read log of show %s: %w", show, err)
	}
	return list, nil
}

// headsKept is how long an ended show stays among the heads, so that readers
// that were disconnected get its last events.
const headsKept = 10 * time.Minute

const selectHead = `SELECT s.id, r.slug, s.pos, s.seq, r.cue_delay FROM show s JOIN room r ON r.id = s.room `

func scanHead(row scanner) (h overlay.Head, err error) {
	var delay sql.NullInt64
	err = row.Scan(&h.Show, &h.Room, &h.Pos, &h.Seq, &delay)
	h.CueDelay = cueDelay(delay)
	return h, err
}

// Heads gives the ends of the logs that may still grow, or just ended.
func (s *Store) Heads(ctx context.Context) ([]overlay.Head, error) {
	list, err := collect(ctx, s.reader, scanHead, selectHead+`WHERE s.state <> 'ended' OR s.ended_at > ? ORDER BY s.id`, s.now().Add(-headsKept).UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read heads: %w", err)
	}
	return list, nil
}
