package archive

import (
	"context"
	"fmt"

	"mediad/packager/layout"
)

// publish puts the plain playlist whenever it changed, and finishes when the
// uploader has drained the stream.
func (s *Recorder) publish(ctx context.Context) {
	for {
		s.a.mu.Lock()
		behind, drained := s.published != s.version, s.drained
		s.a.mu.Unlock()
		switch {
		case behind || drained:
			if !s.plain(ctx) {
				return
			}
			if drained {
				s.finish(ctx)
				return
			}
		default:
			select {
			case <-s.list:
			case <-ctx.Done():
				return
			}
		}
	}
}

// plain puts the newest version of the plain playlist. It answers false when
// ctx ended before.
//
// Puts of a stream's playlist never overlap here; one that was given up after
// Options.Timeout and reaches the store later than its successor fails there for
// its condition.
func (s *Recorder) plain(ctx context.Context) bool {
	var version uint64
	var rival string
	var err error
	if s.lists() {
		err = s.a.attempt(ctx, s.a.lists, s.log, layout.TopOf(s.room).Key(), func(ctx context.Context) (err error) {
			var text []byte
			if text, version, err = s.render(); err != nil {
				return err
			}
			rival, err = s.exchange(ctx, text)
			return err
		})
		if err == nil {
			s.displaced(rival)
		}
	} else {
		_, version, err = s.render()
	}
	if err != nil {
		if ctx.Err() != nil {
			return false
		}
		s.log.Error("plain playlist cannot be stored", "err", err)
	}
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	s.published = version
	s.a.notify()
	return true
}

// lists tells whether there is anything to put under the stable name.
func (s *Recorder) lists() bool {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	return !s.old && len(s.shown.records) > 0
}

// render writes the newest version. A text that cannot be written is no reason
// to try again: the error is permanent.
func (s *Recorder) render() (text []byte, version uint64, err error) {
	s.a.mu.Lock()
	shown, ended := s.shown, s.drained
	version = s.version
	s.a.mu.Unlock()
	if len(shown.records) == 0 {
		return nil, version, nil
	}
	text, err = shown.media(s.epoch, ended).Bytes()
	if err != nil {
		err = unwritable{err}
	}
	return text, version, err
}

// unwritable is an error of values, which no retry cures.
type unwritable struct{ error }

func (u unwritable) Unwrap() error   { return u.error }
func (u unwritable) Permanent() bool { return true }

// finish puts the playlist of the replay and writes down that all is done.
func (s *Recorder) finish(ctx context.Context) {
	text, err := s.replay(ctx)
	if err == nil && text != nil {
		key := layout.Of(s.room, s.epoch).Recording().Key()
		err = s.a.attempt(ctx, s.a.lists, s.log, key, func(ctx context.Context) error { return s.a.create(ctx, key, text) })
	}
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		s.log.Error("replay's playlist cannot be stored", "err", err)
	}
	if s.write(ctx, line{Done: true}) != nil {
		return
	}
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	s.complete = true
	s.log.Info("broadcast stored")
}

// replay writes the VOD playlist from the journal, which knows more than memory
// holds. A broadcast of which nothing was stored has none.
func (s *Recorder) replay(ctx context.Context) (text []byte, err error) {
	err = s.a.retry(ctx, s.log, func() error {
		w, err := s.a.stored(s.room, s.epoch)
		if err != nil {
			return err
		}
		if text, err = w.replay(); err != nil {
			return unwritable{fmt.Errorf("write replay: %w", err)}
		}
		return nil
	})
	return text, err
}

func anyStored(records []Record) bool {
	for _, r := range records {
		if !r.Gap && !r.StandIn {
			return true
		}
	}
	return false
}
