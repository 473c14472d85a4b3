package restream

import (
	"context"
	"time"

	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/push"
)

// sender is one connection, on which time begins at 0.
type sender struct {
	conn   *push.Conn
	tracks *tracks // that the server knows
	first  int64   // ms of what came first
	begun  bool
}

// send sends what is due until ctx ends, the room is over, or the connection breaks.
func (t *target) send(ctx context.Context, conn *push.Conn) error {
	s := sender{conn: conn}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		m, wait, ok := t.queue.next(time.Now())
		if ok {
			if err := s.message(m); err != nil || ctx.Err() != nil {
				return err
			}
			continue
		}
		if wait == 0 {
			if !t.wanted() {
				return nil
			}
			wait = time.Hour
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-t.queue.ready:
		case <-t.woken:
		case <-conn.Ended():
			return conn.Err()
		case <-ctx.Done():
			return nil
		}
	}
}

// message sends a message, and before it what the server must know of its tracks.
func (s *sender) message(m message) error {
	if !s.begun {
		s.begun, s.first = true, m.ms
	}
	if m.ms < s.first { // sound from before the first picture
		return nil
	}
	at := uint32(m.ms - s.first) // wraps, as RTMP has it
	if m.tracks != s.tracks {
		if err := s.headers(m.tracks, at); err != nil {
			return err
		}
	}
	return s.conn.Send(m.kind, at, m.body)
}

func (s *sender) headers(t *tracks, at uint32) error {
	s.tracks = t
	if err := s.conn.SendMetadata(at, t.metadata); err != nil {
		return err
	}
	if t.videoHeader != nil {
		if err := s.conn.Send(flv.Video, at, t.videoHeader); err != nil {
			return err
		}
	}
	if t.audioHeader != nil {
		return s.conn.Send(flv.Audio, at, t.audioHeader)
	}
	return nil
}
