package archive_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mediad/packager/archive"
)

// Calls to the store that do not return, not even when their time is over, keep
// other rooms waiting for that time at most: they hold no place any more, neither of
// segments nor of playlists. What they were about is stored when the store answers.
func TestHangingPutsKeepNoPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		hangs := make(chan struct{})
		st.before = func(_ context.Context, key string) error {
			if strings.HasPrefix(key, "live/corn") {
				<-hangs
			}
			return nil
		}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Workers: 2})
		rooms := []string{"corn", "corn2", "corn3", "tea"}
		streams := map[string]*archive.Recorder{}
		for _, room := range rooms {
			streams[room] = a.open(room, "01"+room)
			streams[room].Add(segment(1))
			synctest.Wait() // each takes a place, as long as there is one
		}
		time.Sleep(2*time.Minute + time.Second) // three rooms hang, on two places, a minute each
		same(t, "stored", st.stored(".ts"), []string{"live/tea/01tea/main/1.ts"})
		began := time.Now()
		streams["tea"].Add(segment(2))
		streams["tea"].End()
		for len(st.stored("vod.m3u8")) == 0 && time.Since(began) < time.Hour {
			time.Sleep(time.Second)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("the other rooms are waited for again: %v", took)
		}
		close(hangs)
		for _, room := range rooms {
			streams[room].End()
		}
		a.flush()
		if n := len(st.stored("vod.m3u8")); n != len(rooms) {
			t.Errorf("%d of %d broadcasts are finished", n, len(rooms))
		}
		a.kill()
	})
}
