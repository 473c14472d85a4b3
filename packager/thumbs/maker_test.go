package thumbs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"mediad/packager/layout"
)

// bucket is a store in memory.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	opened  []string
	putting func(key string) // called before each put
}

func (b *bucket) Open(_ context.Context, key string) (io.ReadCloser, int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened = append(b.opened, key)
	body, ok := b.objects[key]
	if !ok {
		return nil, 0, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
}

type other struct{}

func (other) Error() string   { return "other bytes stand there" }
func (other) Permanent() bool { return true }

func (b *bucket) Delete(_ context.Context, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.objects, key)
	return nil
}

func (b *bucket) Put(_ context.Context, key string, body []byte) error {
	if b.putting != nil {
		b.putting(key)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if was, ok := b.objects[key]; ok && !bytes.Equal(was, body) {
		return other{}
	}
	b.objects[key] = bytes.Clone(body)
	return nil
}

func (b *bucket) asked(key string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range b.opened {
		if k == key {
			n++
		}
	}
	return n
}

const replayed = `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:1
#EXT-X-PLAYLIST-TYPE:VOD
#EXTINF:2.000,
main/1.ts
#EXT-X-GAP
#EXTINF:2.000,
main/2.ts
#EXTINF:2.000,
main/3.ts
#EXTINF:2.000,
main/4.ts
#EXT-X-ENDLIST
`

func TestMake(t *testing.T) {
	wide, sound := media(t, video("640x360", "null")...), media(t, "-f", "lavfi", "-i", "sine", "-c:a", "aac")
	quiet := slog.New(slog.DiscardHandler)
	b := layout.Of("r", "e")
	none := func(context.Context, string) (string, error) { return b.Epoch, nil }
	fresh := func(segments map[string][]byte) (*bucket, *Maker) {
		s := &bucket{objects: map[string][]byte{"live/r/e/vod.m3u8": []byte(replayed)}}
		for name, media := range segments {
			s.objects["live/r/e/main/"+name] = media
		}
		r := NewRunner(run)
		p := NewPosters(PosterOptions{Runner: r, Store: s, OnAir: func(string) string { return "" }, Last: none, Log: quiet})
		return s, NewMaker(MakerOptions{Runner: r, Store: s, Posters: p, Log: quiet})
	}

	// One segment is gone: its tile is there all the same.
	s, m := fresh(map[string][]byte{"1.ts": wide, "4.ts": wide})
	if err := m.make(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	cues, err := Parse(s.objects["live/r/e/thumbs.vtt"])
	if err != nil || len(cues) != 3 || cues[2].To != 6*time.Second || cues[1].X != 160 || cues[1].W != 160 || cues[1].H != 90 {
		t.Errorf("cues %+v: %v", cues, err)
	}
	sheet, err := jpeg.Decode(bytes.NewReader(s.objects["live/r/e/thumbs.jpg"]))
	if err != nil || sheet.Bounds().Dx() != 480 || sheet.Bounds().Dy() != 90 {
		t.Errorf("sprite: %v", err)
	}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(s.objects["live/r/e/poster.jpg"])); err != nil || c.Width != 640 || c.Height != 360 {
		t.Errorf("poster: %+v, %v", c, err)
	}
	if p, err := m.o.Posters.Of(t.Context(), "r"); err != nil || p == nil || !bytes.Equal(p.JPEG, s.objects["live/r/e/poster.jpg"]) {
		t.Errorf("the stored poster is not given: %v", err)
	}
	// Once is enough.
	before := s.asked("live/r/e/main/1.ts")
	if err := m.make(t.Context(), b); err != nil || s.asked("live/r/e/main/1.ts") != before {
		t.Errorf("made again: %v", err)
	}
	// Broken off before the track, and done anew by another ffmpeg.
	delete(s.objects, "live/r/e/thumbs.vtt")
	s.objects["live/r/e/thumbs.jpg"] = []byte("others")
	if err := m.make(t.Context(), b); err != nil || s.objects["live/r/e/thumbs.vtt"] == nil {
		t.Errorf("not resumed: %v", err)
	}

	// Sound alone has no pictures, and nothing is stored.
	s, m = fresh(map[string][]byte{"1.ts": sound, "3.ts": sound, "4.ts": sound})
	if err := m.make(t.Context(), b); !errors.Is(err, errNoPictures) || len(s.objects) != 4 {
		t.Errorf("sound alone: %v, %v", err, slices.Sorted(maps.Keys(s.objects)))
	}
	// A show that is deleted just before a put keeps nothing: nobody would delete it.
	for _, name := range []layout.Name{b.Poster(), b.Sprite(), b.Track()} {
		s, m = fresh(map[string][]byte{"1.ts": wide, "4.ts": wide})
		s.putting = func(key string) {
			if key == name.Key() {
				clear(s.objects)
			}
		}
		m.Add(b)
		m.work(t.Context(), m.jobs[0])
		if len(s.objects) != 0 || len(m.jobs) != 0 {
			t.Errorf("deleted before %s: %v is left, and %d jobs", name.File(), slices.Sorted(maps.Keys(s.objects)), len(m.jobs))
		}
	}
	s, m = fresh(nil)
	delete(s.objects, "live/r/e/vod.m3u8")
	if err := m.make(t.Context(), b); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no replay yet: %v", err)
	}
}

// source is a room on air.
type source struct {
	msn   uint64
	media []byte
}

func (source) Room() string                 { return "r" }
func (source) Epoch() string                { return "e" }
func (s source) KeyFrame() (uint64, []byte) { return s.msn, s.media }

func TestPosters(t *testing.T) {
	live, last := "e", ""
	p := NewPosters(PosterOptions{
		Runner: NewRunner(run), Log: slog.New(slog.DiscardHandler),
		OnAir: func(string) string { return live }, Last: func(context.Context, string) (string, error) { return last, nil },
	})
	given := func() *Poster {
		one, err := p.Of(t.Context(), "r")
		if err != nil {
			t.Fatal(err)
		}
		return one
	}
	if p.renew(t.Context(), source{}) || given() != nil {
		t.Error("a poster without a picture")
	}
	wide := media(t, video("640x360", "null")...)
	if !p.renew(t.Context(), source{7, wide}) || given() == nil || given().ETag == "" {
		t.Error("no poster")
	}
	if p.renew(t.Context(), source{7, wide}) {
		t.Error("taken again of the same segment")
	}
	was := given()
	if !p.renew(t.Context(), source{8, []byte("noise")}) || given() != was {
		t.Error("a failure changed the poster")
	}
	if live, last = "", "e"; given() != was || p.taken("r", "e") == nil || p.taken("r", "f") != nil {
		t.Error("the poster is not kept after the end")
	}
	if last = "f"; given() != nil {
		t.Error("the poster of another broadcast")
	}
	if live = "g"; given() != nil {
		t.Error("the poster of the broadcast before")
	}
	for i := range mostPosters + 5 {
		p.keep(fmt.Sprint(i), newPoster("x", 1, []byte("x")))
	}
	p.forget(map[string]bool{"e": true})
	if len(p.rooms) != mostPosters+1 || p.rooms["r"] == nil {
		t.Errorf("%d posters are kept", len(p.rooms))
	}
}
