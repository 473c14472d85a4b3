package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// outageForm tells how long the store fails at least, in whole rounds, and for
// how many broadcasts: MEDIAD_STORE_SOAK=DURATION/STREAMS, for example 10m/20.
func outageForm(t *testing.T) (time.Duration, int) {
	t.Helper()
	form := os.Getenv("MEDIAD_STORE_SOAK")
	if form == "" {
		return 0, 4 // one round of all troubles: two minutes
	}
	length, streams, _ := strings.Cut(form, "/")
	d, err := time.ParseDuration(length)
	n, nerr := strconv.Atoi(streams)
	if err != nil || nerr != nil || d < time.Minute || n < 1 {
		t.Fatalf("MEDIAD_STORE_SOAK=%q is not like 10m/20", form)
	}
	return d, n
}

// TestStoreInTrouble: broadcasts go on in real time while the object store is
// slow, resets connections, is overloaded, does not answer, and is killed.
// Afterwards nothing is lost, and every stored playlist was legal all the time.
func TestStoreInTrouble(t *testing.T) {
	t.Parallel()
	length, streams := outageForm(t)
	b := newTrouble(t)
	storage, env := b.config()
	rooms := make([]string, streams)
	for i := range rooms {
		rooms[i] = fmt.Sprintf("room%d", i)
	}
	c := newChild(t, storage, env, rooms...)
	c.start()
	broadcasts := make([]*watched, streams)
	for i, room := range rooms {
		broadcasts[i] = c.airWatched(room, b.dir, false)
	}
	began := time.Now()
	stored := func() bool { return c.metric("mediad_storage_stored_segments_total") >= float64(2*streams) }
	eventually(t, "segments are stored", time.Minute, stored)
	measured := c.measure()

	calm := c.metric("process_resident_memory_bytes")
	slow := 15 * time.Second
	if length > 0 {
		slow = 75 * time.Second // longer than an attempt may take
	}
	for troubled := time.Now(); ; {
		for _, f := range []struct {
			name  string
			begin func() func()
			lasts time.Duration
		}{
			{"slow by 2 s", b.slow, slow},
			{"resets", b.resets, 12 * time.Second},
			{"503", b.overloaded, 12 * time.Second},
			{"dark", b.dark, time.Minute},
			{"killed and restarted", b.killed, 8 * time.Second},
		} {
			end := f.begin()
			sleep(t.Context(), f.lasts)
			waiting := c.metric("mediad_storage_queued_segments")
			end()
			caught := eventually(t, "the archive catches up after: "+f.name, 2*time.Minute, func() bool {
				return c.metric("mediad_storage_queued_segments") <= float64(streams) && c.metric("mediad_storage_lag_seconds") < 3
			})
			t.Logf("%-22s for %2.0f s: %3.0f segments waited, caught up in %.1f s", f.name, f.lasts.Seconds(), waiting, caught.Seconds())
		}
		if time.Since(troubled) >= length {
			break
		}
	}
	sleep(t.Context(), 3*time.Second)
	peak, queued := measured()
	t.Logf("memory %.0f MB before, %.0f MB at most, %.1f MB queued at most", calm/1e6, peak/1e6, queued/1e6)
	// Waiting segments are held about twice, the windows grow to some megabytes
	// a stream, and a heap may be twice the live memory.
	if bound := 2*calm + 8e6*float64(streams) + 4*queued; !(peak <= bound) { // nor may it be NaN
		t.Errorf("%.0f MB of memory at most, more than %.0f MB", peak/1e6, bound/1e6)
	}
	if n := c.metric("mediad_storage_given_up_segments_total") + c.metric("mediad_storage_displaced_broadcasts_total"); n != 0 {
		t.Errorf("%.0f segments or playlists were given up", n)
	}

	took := time.Since(began)
	for _, w := range broadcasts {
		w.off()
	}
	eventually(t, "every broadcast is stored", time.Minute, func() bool {
		return !slices.ContainsFunc(broadcasts, func(w *watched) bool { return !w.stored() }) && c.metric("mediad_storage_queued_segments") == 0
	})
	sleep(t.Context(), time.Second) // for the last look at the playlists
	for _, w := range broadcasts {
		w.leave()
	}
	c.stop(syscall.SIGTERM)
	total := 0
	for _, w := range broadcasts {
		w.judgeReplay(b.dir)
		if len(w.segments) < int(took.Seconds())/3 || w.versions < 5 {
			t.Errorf("%s: in %v a player saw %d segments, a reader %d stored playlists: that proves nothing", w.room, took, len(w.segments), w.versions)
		}
		total += len(w.segments)
	}
	t.Logf("%d segments of %d broadcasts are stored as they were served", total, streams)
}

// TestRestartInTheDark: an object store that does not answer does not delay a
// restart, and nothing is lost.
func TestRestartInTheDark(t *testing.T) {
	t.Parallel()
	b := newTrouble(t)
	storage, env := b.config()
	c := newChild(t, storage, env, "room0")
	c.start()
	f := c.airWatched("room0", b.dir, false)
	eventually(t, "a segment is stored", time.Minute, func() bool { return c.metric("mediad_storage_stored_segments_total") >= 1 })
	light := b.dark()
	eventually(t, "segments wait", time.Minute, func() bool { return c.metric("mediad_storage_queued_segments") >= 2 })
	began := time.Now()
	c.stop(syscall.SIGTERM)
	if took := time.Since(began); took >= drainStore {
		t.Errorf("it went down in %v", took)
	}
	light()
	c.start()
	// The waiting segments may be stored before the publisher is back. Then its end
	// is a loss, for which a room waits a minute.
	eventually(t, "the publisher is back", time.Minute, func() bool { return c.metric(`mediad_publisher_events_total{kind="back"}`) >= 1 })
	eventually(t, "all is stored", time.Minute, func() bool { return c.metric("mediad_storage_queued_segments") == 0 })
	f.off()
	eventually(t, "the replay", time.Minute, f.stored)
	f.leave()
	c.stop(syscall.SIGTERM)
	_, replayed := replayOf(t, b.dir, "room0", f.epoch())
	f.judgeStored(b.dir, replayed)
	if n := len(f.segments); n < 3 {
		t.Errorf("a player saw %d segments: that proves nothing", n)
	}
}

// measure reads the server's memory and its queue until most is called, which
// gives the most of both.
func (c *child) measure() (most func() (memory, queued float64)) {
	var memory, queued float64
	stop := inBackground(c.t, func(ctx context.Context) {
		for ctx.Err() == nil {
			if _, text, err := answerOf(ctx, "http://"+c.metrics+"/metrics"); err == nil {
				memory = max(memory, metricIn(text, "process_resident_memory_bytes"))
				queued = max(queued, metricIn(text, "mediad_storage_queued_bytes"))
			}
			sleep(ctx, 500*time.Millisecond)
		}
	})
	return func() (float64, float64) {
		stop()
		return memory, queued
	}
}
