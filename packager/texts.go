package packager

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// How much memory playlists of the store may take, in bytes, those of answers that are
// being written included; and how long one is given to whoever asks without a look at
// the store: as long as caches keep the answer.
const (
	mostTexts = 64 << 20
	textAge   = time.Second
	textStays = 10 * time.Second // in memory, once nobody reads it: its text may be the same again
	textWait  = time.Minute      // for a store that does not answer
)

// errCrowd means that no memory for playlists is left.
var errCrowd = errors.New("too many recordings are asked for at once")

// texts shares stored playlists: each is in memory once, however many ask for it, or read
// it slowly.
type texts struct {
	reading singleflight.Group // by key

	mu sync.Mutex
	// Guarded by mu.
	by    map[string]*text
	bytes int64 // of by, and of those that are still being read by somebody
}

// text is one version of a playlist. What follows size is guarded by texts.mu.
type text struct {
	key     string
	made    *rendered
	size    int64
	read    time.Time // when the store had it last
	readers int
	counted bool // in bytes
}

// get gives the text under key. The caller releases it.
func (t *texts) get(ctx context.Context, key string, now time.Time, open func(context.Context) (io.ReadCloser, int64, error)) (*text, error) {
	if one := t.fresh(key, now); one != nil {
		return one, nil
	}
	read := t.reading.DoChan(key, func() (_ any, err error) {
		// On a goroutine of its own: nobody else would catch it.
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("read a playlist: %v\n%s", p, debug.Stack())
			}
		}()
		// Whoever asked first may leave while others wait.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), textWait)
		defer cancel()
		return t.load(ctx, key, now, open)
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-read:
		one, _ := r.Val.(*text)
		if r.Err != nil {
			return nil, r.Err
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		t.hold(one)
		return one, nil
	}
}

// fresh gives what was read just now, if anything was.
func (t *texts) fresh(key string, now time.Time) *text {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.by[key]
	if one == nil || now.Sub(one.read) >= textAge || now.Before(one.read) {
		return nil
	}
	t.hold(one)
	return one
}

// hold counts a reader. mu is held.
func (t *texts) hold(one *text) {
	if one.readers++; !one.counted {
		one.counted = true
		t.bytes += one.size
	}
}

// release ends what get began.
func (t *texts) release(one *text) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one.readers--
	t.forget(one, time.Now())
}

// forget lets go of a text that nobody reads and nobody will get any more. mu is held.
func (t *texts) forget(one *text, now time.Time) {
	if one.readers > 0 {
		return
	}
	if t.by[one.key] == one {
		if now.Sub(one.read) < textStays {
			return
		}
		delete(t.by, one.key)
	}
	t.drop(one)
}

// drop counts a text no longer. mu is held.
func (t *texts) drop(one *text) {
	if one.counted {
		one.counted = false
		t.bytes -= one.size
	}
}

// load reads what the store has; the same as before stays in memory once.
func (t *texts) load(ctx context.Context, key string, now time.Time, open func(context.Context) (io.ReadCloser, int64, error)) (*text, error) {
	body, n, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	if n > maxReplay {
		return nil, fmt.Errorf("read %s: it is longer than %d bytes", key, maxReplay)
	}
	size := 2 * n // compressed it may be read at the same time
	if !t.room(size) {
		return nil, errCrowd
	}
	plain := make([]byte, n)
	_, err = io.ReadFull(body, plain)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bytes -= size
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	before := t.by[key]
	if before != nil && bytes.Equal(before.made.plain, plain) {
		before.read = now
		return before, nil
	}
	if before != nil && before.readers == 0 {
		t.drop(before) // otherwise its last reader does
	}
	one := &text{key: key, made: newRendered(tagOf(plain), plain, nil), size: size, read: now, counted: true}
	t.bytes += size
	if t.by == nil {
		t.by = map[string]*text{}
	}
	t.by[key] = one
	time.AfterFunc(2*textStays, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.forget(one, time.Now())
	})
	return one, nil
}

// room takes size bytes. Texts that nobody reads make way; false: there is no room.
func (t *texts) room(size int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.bytes+size > mostTexts {
		var oldest *text
		for _, one := range t.by {
			if one.readers == 0 && (oldest == nil || one.read.Before(oldest.read)) {
				oldest = one
			}
		}
		if oldest == nil {
			return false
		}
		delete(t.by, oldest.key)
		t.drop(oldest)
	}
	t.bytes += size
	return true
}
