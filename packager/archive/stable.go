package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"mediad/packager/layout"
)

// lastTop is the playlist under a room's stable name as this process last saw or left it. It
// belongs to the stream's lister.
type lastTop struct {
	known bool
	etag  string // "": nothing stands there

	// rival is the ETag of a playlist there that is to be left alone, and since
	// when it has stood there unchanged; "": there is none such.
	rival string
	since time.Time
}

// exchange puts a version of the plain playlist under the stable name on the
// condition that there stands what this process saw there. So neither a process
// that was replaced nor a request that was given up and arrives late can put an
// older version over a newer one. Where a playlist stands that must stay, it
// gives its epoch and puts nothing.
func (s *Recorder) exchange(ctx context.Context, text []byte) (rival string, err error) {
	key := layout.TopOf(s.room).Key()
	if s.a.unconditional() {
		return s.compare(ctx, text)
	}
	// Once more at once after a look; then with retry's pauses.
	for range 2 {
		if !s.topSeen.known {
			if there, rival, err := s.look(ctx, text); there || rival != "" || err != nil {
				return rival, err
			}
		}
		etag, err := s.a.opts.Store.PutIf(ctx, key, text, s.topSeen.etag)
		switch {
		case err == nil:
			s.topSeen.etag = etag
			return "", nil
		case isUnconditional(err):
			s.a.withoutConditions(err)
			return s.compare(ctx, text)
		case !isChanged(err):
			// It may be there, or come late: with its condition it can only
			// replace what it was meant to, and the next look finds it.
			return "", err
		}
		s.topSeen.known = false
	}
	return "", errors.New("somebody else keeps changing the playlist under the stable name")
}

// compare is exchange for a store without conditional writes: between the look
// and the put somebody else may put something.
func (s *Recorder) compare(ctx context.Context, text []byte) (rival string, err error) {
	if there, rival, err := s.look(ctx, text); there || rival != "" || err != nil {
		return rival, err
	}
	return "", s.a.opts.Store.Put(ctx, layout.TopOf(s.room).Key(), text)
}

// look reads the playlist under the stable name, and tells whether it is text already:
// then the answer to an earlier attempt was lost. rival is the epoch of a playlist that
// must stay: it is further, and its writer still lives.
func (s *Recorder) look(ctx context.Context, text []byte) (there bool, rival string, err error) {
	body, etag, err := s.a.opts.Store.Read(ctx, layout.TopOf(s.room).Key())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.topSeen = lastTop{known: true}
		return false, "", nil
	case err != nil:
		return false, "", fmt.Errorf("read what stands under the stable name: %w", err)
	case bytes.Equal(body, text):
		s.topSeen = lastTop{known: true, etag: etag}
		return true, "", nil
	}
	theirs, ours := progressOf(body), progressOf(text)
	if theirs.before(ours, s.over()) {
		s.found(theirs)
		s.topSeen = lastTop{known: true, etag: etag}
		return false, "", nil
	}
	// Whoever is on air puts a version every few seconds. One that does not has
	// ended without saying so, and the name must not stay with nobody.
	now := time.Now()
	if s.topSeen.rival != etag {
		s.topSeen = lastTop{rival: etag, since: now}
	}
	if s.over() || now.Sub(s.topSeen.since) < s.a.opts.Patience {
		return false, theirs.epoch, nil
	}
	s.log.Warn("the playlist under the stable name is newer than ours, and nobody writes it any more: it is replaced",
		"key", layout.TopOf(s.room).Key(), "their_epoch", theirs.epoch, "unchanged", now.Sub(s.topSeen.since).Round(time.Second))
	s.topSeen.known, s.topSeen.etag = true, etag
	return false, "", nil
}

// found tells of a broadcast that is replaced under the stable name, and that
// this data directory does not know.
func (s *Recorder) found(theirs progress) {
	if theirs.epoch == "" || theirs.epoch == s.epoch || theirs.ended {
		return
	}
	if all, err := s.a.epochs(s.room); err != nil || slices.Contains(all, theirs.epoch) {
		return
	}
	s.a.mu.Lock()
	s.replaced, s.replacedAt = theirs.epoch, time.Now()
	s.a.mu.Unlock()
	s.log.Warn("a broadcast that this data_dir does not know stands under the stable name, not ended; it is replaced. "+
		"If another server still runs for this room, give each a prefix (or directory) of its own in the store",
		"key", layout.TopOf(s.room).Key(), "their_epoch", theirs.epoch)
}

// over tells whether the broadcast has ended, here at least.
func (s *Recorder) over() bool {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	return s.ended
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

// displaced notes who has the stable name instead of us; "": nobody.
func (s *Recorder) displaced(rival string) {
	s.a.mu.Lock()
	was := s.rival
	s.rival = rival
	if was == "" && rival != "" {
		s.a.stats.Displaced++
	}
	s.a.mu.Unlock()
	switch {
	case was == "" && rival == s.epoch:
		s.log.Error("the stored playlist is not written for this broadcast now: a version that is further stands under the stable name. "+
			"The broadcast has gone on from an old copy of its data, or without its journal. It is looked at again with each segment, and replaced where nobody writes it",
			"key", layout.TopOf(s.room).Key())
	case was == "" && rival != "":
		s.log.Error("the stored playlist is not written for this broadcast now: that of a newer one stands under the stable name. "+
			"Another server writes for this room: give each a prefix (or directory) of its own in the store. It is looked at again with each segment",
			"key", layout.TopOf(s.room).Key(), "their_epoch", rival)
	case was != "" && rival == "":
		s.log.Info("the stored playlist is written for this broadcast again", "key", layout.TopOf(s.room).Key())
	}
}

// Replaced gives the epoch of a broadcast that this data directory does not know,
// that had not ended, and was replaced under the stable name; "": there was none.
// Whether another server still writes it cannot be seen.
func (s *Recorder) Replaced() (epoch string, at time.Time) {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	return s.replaced, s.replacedAt
}

// Rival gives the epoch of a broadcast, not this one's, that stands under the
// room's stable name and is left there; "": none does.
func (s *Recorder) Rival() string {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	if s.rival == s.epoch {
		return ""
	}
	return s.rival
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
			"err", err)
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
