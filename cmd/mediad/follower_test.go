package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/packager/archive"
	"mediad/packager/check"
	"mediad/packager/m3u8"
	"mediad/storage"
)

// follower polls a room's Low-Latency playlist as a player does, and keeps
// everything that was listed, over crashes of the server.
type follower struct {
	t    *testing.T
	c    *child
	room string

	mu       sync.Mutex
	url      string                       // of the media playlist, as a path
	first    uint64                       // the media sequence number that came first in the newest version
	end      uint64                       // behind the last closed segment
	segments map[string][sha256.Size]byte // by name, as 7.ts
	parts    []listedPart                 // in the order in which they were listed
	known    map[string]bool              // part URIs
}

// listedPart is a part that a player may have played.
type listedPart struct {
	uri  string
	msn  uint64
	seen time.Time
	body []byte
}

func follow(t *testing.T, c *child, room string) *follower {
	return &follower{t: t, c: c, room: room, segments: map[string][sha256.Size]byte{}, known: map[string]bool{}}
}

// run follows until ctx ends. If the server does not answer, it tries again.
func (f *follower) run(ctx context.Context, parts bool) {
	for ctx.Err() == nil {
		if f.path(ctx) {
			f.once(ctx, parts)
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// path finds the media playlist, once.
func (f *follower) path(ctx context.Context) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.url != "" {
		return true
	}
	status, text, err := f.c.get(ctx, "/live/"+f.room+"/index.m3u8")
	if err != nil || status != http.StatusOK {
		return false
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			f.url = path.Join("/live", f.room, line)
		}
	}
	return f.url != ""
}

func (f *follower) once(ctx context.Context, parts bool) {
	status, text, err := f.c.get(ctx, f.url)
	if err != nil || status != http.StatusOK {
		return
	}
	m, err := m3u8.Parse(text)
	if err != nil {
		f.t.Errorf("room %s: %v", f.room, err)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if end := m.Sequence + uint64(len(m.Segments)); m.Sequence < f.first || end < f.end {
		f.t.Errorf("room %s: the live playlist steps back from %d-%d to %d-%d", f.room, f.first, f.end, m.Sequence, end)
	}
	f.first, f.end = m.Sequence, m.Sequence+uint64(len(m.Segments))
	for i, seg := range append(m.Segments, m.Open) {
		if parts {
			for _, p := range seg.Parts {
				f.part(ctx, m.Sequence+uint64(i), p)
			}
		}
		if name := path.Base(seg.URI); !parts && seg.URI != "" && !seg.Gap {
			if _, known := f.segments[name]; !known {
				if body, ok := f.media(ctx, seg.URI); ok {
					f.segments[name] = sha256.Sum256(body)
				}
			}
		}
	}
}

func (f *follower) part(ctx context.Context, msn uint64, p m3u8.Part) {
	if p.Gap || f.known[p.URI] {
		return
	}
	seen := time.Now()
	if body, ok := f.media(ctx, p.URI); ok {
		f.known[p.URI] = true
		f.parts = append(f.parts, listedPart{p.URI, msn, seen, body})
	}
}

func (f *follower) media(ctx context.Context, uri string) ([]byte, bool) {
	status, body, err := f.c.get(ctx, path.Join(path.Dir(f.url), uri))
	if err != nil {
		return nil, false // killed; asked again while it is listed
	}
	if status != http.StatusOK {
		f.t.Errorf("room %s: %s is listed and answers %d", f.room, uri, status)
		return nil, false
	}
	return body, true
}

// epoch gives the epoch of the broadcast.
func (f *follower) epoch() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Split(f.url, "/")[3]
}

// listed tells how many parts were seen.
func (f *follower) listed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.parts)
}

// watchBucket reads a room's stored playlist every 100 ms until ctx ends. It
// reads the files of the store directly, so it sees them during outages too. It
// returns how many versions it saw.
func watchBucket(ctx context.Context, t *testing.T, dir, room string) int {
	s := check.Stored{Key: "live/" + room + "/index.m3u8", Has: func(key string) (bool, error) {
		info, err := os.Stat(filepath.Join(dir, key))
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return err == nil && info.Size() > 0, err
	}}
	look := func() {
		text, err := os.ReadFile(filepath.Join(dir, s.Key))
		if errors.Is(err, fs.ErrNotExist) && s.Versions == 0 {
			return
		}
		var found []check.Violation
		if err == nil {
			found, err = s.Next(text)
		}
		if err != nil {
			t.Errorf("stored playlist of room %s: %v", room, err)
		}
		for _, v := range found {
			t.Errorf("stored playlist of room %s: %v\n%s", room, v, text)
		}
	}
	for tick := time.NewTicker(100 * time.Millisecond); ; {
		select {
		case <-tick.C:
			look()
		case <-ctx.Done():
			tick.Stop()
			look()
			return s.Versions
		}
	}
}

// replayOf reads the replay's playlist and the objects that it lists, by name.
func replayOf(t *testing.T, dir, room, epoch string) (*m3u8.Media, map[string][]byte) {
	t.Helper()
	folder := filepath.Join(dir, "live", room, epoch)
	text, err := os.ReadFile(filepath.Join(folder, "vod.m3u8"))
	if err != nil {
		t.Fatal(err)
	}
	var p check.Playlist
	p.Kind = check.VODPlaylist
	for _, v := range p.Next(text) {
		t.Errorf("replay of room %s: %v", room, v)
	}
	m, err := m3u8.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string][]byte{}
	for _, seg := range m.Segments {
		if seg.Gap {
			continue
		}
		body, err := os.ReadFile(filepath.Join(folder, seg.URI))
		if err != nil {
			t.Errorf("replay of room %s: %v", room, err)
		}
		bodies[path.Base(seg.URI)] = body
	}
	return m, bodies
}

// judgeReplay checks that the replay lists everything that was published, in
// order, and that everything that was served is stored with the same bytes.
// The slate for the time without a publisher, as on a busy machine, is stored
// but in no replay.
func (f *follower) judgeReplay(dir string) {
	f.t.Helper()
	objects, err := storage.OpenDir(dir)
	if err != nil {
		f.t.Fatal(err)
	}
	defer objects.Close()
	journal := archive.New(archive.Options{Store: objects, Dir: filepath.Join(f.c.data, "spool")})
	records, err := journal.Segments(f.room, f.epoch())
	if err != nil {
		f.t.Fatal(err)
	}
	var want, got []string
	for i, r := range records {
		if r.Gap || i > 0 && r.MSN != records[i-1].MSN+1 {
			f.t.Errorf("room %s: segment %d is a gap or comes behind one", f.room, r.MSN)
		}
		if !r.StandIn {
			want = append(want, fmt.Sprintf("main/%d.ts", r.MSN))
		}
	}
	m, bodies := replayOf(f.t, dir, f.room, f.epoch())
	for _, seg := range m.Segments {
		got = append(got, seg.URI)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		f.t.Errorf("room %s: the replay does not list what was published: %s", f.room, diff)
	}
	f.judgeStored(dir, bodies)
	if n := len(want); n > 0 && len(records)-n > 0 {
		f.t.Logf("room %s: %d of %d segments stood in for a silent publisher", f.room, len(records)-n, len(records))
	}
}

// judgeStored checks that everything that was served is stored with the same
// bytes: in the replay, whose objects are given, or as slate.
func (f *follower) judgeStored(dir string, replayed map[string][]byte) {
	f.t.Helper()
	stood := f.standIns(dir, replayed)
	for name, hash := range f.segments {
		body, ok := replayed[name]
		if !ok {
			body = stood[name]
		}
		if sha256.Sum256(body) != hash {
			f.t.Errorf("room %s: %s was served with other bytes than are stored (%d)", f.room, name, len(body))
		}
	}
}

// holds tells which object has the bytes of a part.
func holds(objects map[string][]byte, part []byte) bool {
	for _, body := range objects {
		if bytes.Contains(body, part) {
			return true
		}
	}
	return false
}
