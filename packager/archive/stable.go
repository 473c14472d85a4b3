package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// seen is what stands under a room's stable name as this process last saw or
// left it. It belongs to the stream's lister.
type seen struct {
	known bool
	etag  string // "": nothing stands there
}

// errDisplaced ends the writing of a stable name for good: somebody else, who
// is further, writes it.
var errDisplaced error = unwritable{errors.New("a newer playlist than ours stands under the stable name: another process writes for this room, or this one has gone on from an old copy of its data")}

// exchange puts a version of the plain playlist under the stable name on the
// condition that there stands what this process saw there. So neither a process
// that was replaced nor a request that was given up and arrives late can put an
// older version over a newer one.
func (s *Stream) exchange(ctx context.Context, text []byte) error {
	key := plainKey(s.room)
	if s.a.unconditional() {
		return s.compare(ctx, text)
	}
	// Once more at once after a look; then with retry's pauses.
	for range 2 {
		if !s.seen.known {
			if there, err := s.look(ctx, text); there || err != nil {
				return err
			}
		}
		etag, err := s.a.opts.Store.PutIf(ctx, key, text, s.seen.etag)
		switch {
		case err == nil:
			s.seen.etag = etag
			return nil
		case isUnconditional(err):
			s.a.withoutConditions(err)
			return s.compare(ctx, text)
		case !isChanged(err):
			// It may be there, or come late: with its condition it can only
			// replace what it was meant to, and the next look finds it.
			return err
		}
		s.seen.known = false
	}
	return errors.New("somebody else keeps changing the playlist under the stable name")
}

// compare is exchange for a store without conditional writes: between the look
// and the put somebody else may put something.
func (s *Stream) compare(ctx context.Context, text []byte) error {
	if there, err := s.look(ctx, text); there || err != nil {
		return err
	}
	return s.a.opts.Store.Put(ctx, plainKey(s.room), text)
}

// look reads what stands under the stable name, and tells whether that is text
// already: then the answer to an earlier attempt was lost. It fails for good
// when what stands there is newer.
func (s *Stream) look(ctx context.Context, text []byte) (there bool, err error) {
	body, etag, err := s.a.opts.Store.Read(ctx, plainKey(s.room))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.seen = seen{known: true}
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read what stands under the stable name: %w", err)
	case bytes.Equal(body, text):
		s.seen = seen{known: true, etag: etag}
		return true, nil
	}
	theirs, ours := progressOf(body), progressOf(text)
	if theirs.after(ours) {
		return false, errDisplaced
	}
	s.seen = seen{known: true, etag: etag}
	return false, nil
}

// errOther: caches may keep a replay's playlist for ever.
var errOther error = unwritable{errors.New("another playlist stands there already, which must not change: another process has ended this broadcast")}

// create puts an object that must not replace another.
func (a *Archive) create(ctx context.Context, key string, body []byte) error {
	if a.unconditional() {
		return a.opts.Store.Put(ctx, key, body)
	}
	_, err := a.opts.Store.PutIf(ctx, key, body, "")
	switch {
	case isUnconditional(err):
		a.withoutConditions(err)
		return a.opts.Store.Put(ctx, key, body)
	case !isChanged(err):
		return err
	}
	there, _, err := a.opts.Store.Read(ctx, key)
	switch {
	case err != nil:
		return fmt.Errorf("read what stands there: %w", err)
	case !bytes.Equal(there, body):
		return errOther
	}
	return nil // the answer to an earlier attempt was lost
}

// displace stops the writing of the stable name: this stream is not the newest.
func (s *Stream) displace() {
	s.log.Error("the stored playlist is no longer written for this broadcast", "key", plainKey(s.room), "error", errDisplaced)
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	s.old = true
	s.a.stats.Displaced++
}

// unconditional tells whether the store is known to have no conditional writes.
func (a *Archive) unconditional() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.plainPuts
}

// withoutConditions falls back to reading, comparing and putting, in which the
// last writer wins.
func (a *Archive) withoutConditions(err error) {
	a.mu.Lock()
	known := a.plainPuts
	a.plainPuts = true
	a.mu.Unlock()
	if !known {
		a.opts.Log.Warn("the store has no conditional writes: a playlist is read and compared before it is put, but a request that arrives late, or a second server, may put an older one over a newer",
			"error", err)
	}
}

func isChanged(err error) bool {
	var c interface{ Changed() bool }
	return errors.As(err, &c) && c.Changed()
}

func isUnconditional(err error) bool {
	var u interface{ Unconditional() bool }
	return errors.As(err, &u) && u.Unconditional()
}
