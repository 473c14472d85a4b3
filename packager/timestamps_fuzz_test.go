package packager

import (
	"strings"
	"testing"
	"time"
)

// encoder sends pictures at 30 fps with a key frame every two seconds, and
// sound at 48 kHz, until it is told to do otherwise.
type encoder struct {
	s             *studio
	video, audio  int64 // when the next of each is due, ms
	pictures      int64 // moved by
	sound         int64 // moved by
	cts           int64
	held          int64 // for how long pictures are kept back, ms
	kept          []av
	n             int
	noVideo       int64 // until when none is made
	noAudio       int64
	key, finished bool
}

// step makes the next unit.
func (e *encoder) step() {
	if e.audio <= e.video {
		at := e.audio
		e.audio += 21 + at/21%3/2
		if at >= e.noAudio {
			e.send(at, av{audio: true, dts: at + e.sound})
		}
		return
	}
	at := e.video
	e.video += 33 + e.video/33%3/2
	if at < e.noVideo {
		return
	}
	u := av{dts: at + e.pictures, cts: e.cts, key: e.n%60 == 0 || e.key}
	e.n, e.key = e.n+1, false
	e.kept = append(e.kept, u)
	if e.held > 0 {
		e.held -= 33
		return
	}
	for _, u := range e.kept {
		e.send(at, u)
	}
	e.kept = e.kept[:0]
}

// send writes a unit. An encoder whose time stands still is cut off.
func (e *encoder) send(at int64, u av) {
	if e.finished {
		return
	}
	if now := testAnchor.Add(time.Duration(at) * time.Millisecond); now.After(e.s.now) {
		e.s.now = now
	}
	e.s.stream.Tick(e.s.now)
	if err := e.s.sink.WriteUnit(u.unit(byte(at))); err != nil {
		if e.finished = strings.Contains(err.Error(), "does not end"); !e.finished {
			e.s.t.Fatal(err)
		}
	}
	e.s.look()
}

// FuzzTimestamps has an encoder do to its timestamps whatever it likes: two
// bytes for each oddity, what and how much. Parts and playlists obey the rules
// all the same; the studio judges each.
func FuzzTimestamps(f *testing.F) {
	for _, seed := range []string{
		"", "a\x20c\x60", "b\x40a\x40a\x40", "b\x80a\xffa\xff", "d\x60a\xff", "e\x7fa\xffa\x20", "fxa\xff", "f\x80a\xff", "g\x01a\x10g\x01a\x10g\x01",
		"h\x40a\x30h\x90a\xff", "i\x40a\xff", "c\x83a\x90", "j\x30a\x60", "b\x20a\x90f\x10i\x50a\xa0",
		"8010", "9X0a", "000X90800", "800\xef!78000", "00000000000920", "z0!10!10@0 0A2\xffx9", "70707070707Ly0yy0y0y0y0y", "f\xffbyb\x93ctjyf\x00e0",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		script = script[:min(len(script), 64)] // oddities beyond these would only take long
		e := &encoder{s: newStudio(t, Options{State: state(0)})}
		run := func(n int) {
			for range n {
				e.step()
			}
		}
		run(200)
		for ; len(script) > 1; script = script[2:] {
			much, signed := int64(script[1]), int64(int8(script[1]))
			switch script[0] % 10 {
			case 'a' % 10: // all is well
				run(int(much))
			case 'b' % 10:
				e.sound += signed * 23 // three seconds would be another timeline to ingest
				run(20)
			case 'c' % 10:
				e.pictures += signed * 4
			case 'd' % 10:
				e.noVideo = e.video + much*20
			case 'e' % 10:
				e.noAudio = e.audio + much*20
			case 'f' % 10:
				e.cts = signed * 40
			case 'g' % 10:
				e.key = true
				run(int(much % 8))
			case 'h' % 10: // one picture elsewhere
				e.pictures += signed * 40
				run(3)
				e.pictures -= signed * 40
			case 'i' % 10:
				e.held = much * 20
			case 'j' % 10: // all stands still
				e.video, e.audio = e.video+much*50, e.audio+much*50
				e.s.now = e.s.now.Add(time.Duration(much) * 50 * time.Millisecond)
				e.s.stream.Tick(e.s.now)
				e.s.look()
			}
		}
		run(300)
		e.s.stream.End()
		e.s.look()
	})
}
