package main

import (
	"context"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// outageForm is for how long at least the store is in trouble, in whole rounds,
// and for how many broadcasts: MEDIAD_STORE_SOAK=DURATION/STREAMS, as 10m/20.
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
// slow, resets connections, is overloaded, is dark and dies. Afterwards nothing
// is lost, and whoever read the stored playlists on the way saw legal ones only.
func TestStoreInTrouble(t *testing.T) {
	t.Parallel()
	length, streams := outageForm(t)
	b := newTrouble(t)
	storage, env := b.config()
	rooms := roomNames(streams)
	c := newChild(t, storage, env, rooms...)
	c.start()
	defer func() {
		if t.Failed() {
			t.Logf("the server's log ends with:\n%s", tail(c.log.String(), 40))
		}
	}()

	watching, stopWatching := context.WithCancel(t.Context())
	publishing, stopPublishing := context.WithCancel(t.Context())
	var watchers, publishers sync.WaitGroup
	defer watchers.Wait()
	defer stopWatching()
	defer publishers.Wait()
	defer stopPublishing()
	clip := demoClip(t)
	followers := make([]*follower, streams)
	versions := make([]int, streams)
	for i, room := range rooms {
		followers[i] = follow(t, c, room)
		watchers.Go(func() { followers[i].run(watching, false) })
		watchers.Go(func() { versions[i] = watchBucket(watching, t, b.dir, room) })
		publishers.Go(func() {
			if err := c.publish(publishing, clip, room); err != nil {
				t.Error(err)
			}
		})
	}
	began := time.Now()
	stored := func() bool { return c.metric("mediad_storage_stored_segments_total") >= float64(2*streams) }
	eventually(t, "segments are stored", time.Minute, stored)
	watch := c.measure(watching, &watchers)

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
	peak, queued := watch()
	t.Logf("memory %.0f MB before, %.0f MB at most, %.1f MB queued at most", calm/1e6, peak/1e6, queued/1e6)
	// What waits is held about twice, the windows fill up to some megabytes a
	// stream, and a heap may be twice what lives in it.
	if bound := 2*calm + 8e6*float64(streams) + 4*queued; !(peak <= bound) { // nor may it be NaN
		t.Errorf("%.0f MB of memory at most, more than %.0f MB", peak/1e6, bound/1e6)
	}
	if n := c.metric("mediad_storage_given_up_segments_total") + c.metric("mediad_storage_displaced_broadcasts_total"); n != 0 {
		t.Errorf("%.0f segments or playlists were given up", n)
	}

	took := time.Since(began)
	stopPublishing()
	publishers.Wait()
	eventually(t, "every broadcast is stored", time.Minute, func() bool {
		for i, f := range followers {
			if _, err := os.Stat(path.Join(b.dir, "live", rooms[i], f.epoch(), "vod.m3u8")); err != nil {
				return false
			}
		}
		return c.metric("mediad_storage_queued_segments") == 0
	})
	sleep(t.Context(), time.Second) // for the last look at the playlists
	stopWatching()
	watchers.Wait()
	c.stop(syscall.SIGTERM)
	total := 0
	for i, f := range followers {
		f.judgeReplay(b.dir)
		if len(f.segments) < int(took.Seconds())/3 || versions[i] < 5 {
			t.Errorf("%s: in %v a player saw %d segments, a reader %d stored playlists: that proves nothing", rooms[i], took, len(f.segments), versions[i])
		}
		total += len(f.segments)
	}
	t.Logf("%d segments of %d broadcasts are stored as they were served", total, streams)
}

// TestRestartInTheDark: an object store that does not answer holds up no
// restart, and nothing is lost by that.
func TestRestartInTheDark(t *testing.T) {
	t.Parallel()
	b := newTrouble(t)
	storage, env := b.config()
	c := newChild(t, storage, env, "room0")
	c.start()
	defer func() {
		if t.Failed() {
			t.Logf("the server's log ends with:\n%s", tail(c.log.String(), 40))
		}
	}()
	working, stop := context.WithCancel(t.Context())
	publishing, stopPublishing := context.WithCancel(t.Context())
	var watcher, publisher sync.WaitGroup
	defer watcher.Wait()
	defer stop()
	defer publisher.Wait()
	defer stopPublishing()
	f := follow(t, c, "room0")
	watcher.Go(func() { f.run(working, false) })
	clip := demoClip(t)
	publisher.Go(func() {
		if err := c.publish(publishing, clip, "room0"); err != nil {
			t.Error(err)
		}
	})
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
	// What waits may be stored before the publisher is back: then its end is a loss,
	// for which a room waits a minute.
	eventually(t, "the publisher is back", time.Minute, func() bool { return c.metric(`mediad_publisher_events_total{kind="back"}`) >= 1 })
	eventually(t, "all is stored", time.Minute, func() bool { return c.metric("mediad_storage_queued_segments") == 0 })
	stopPublishing()
	publisher.Wait()
	eventually(t, "the replay", time.Minute, func() bool {
		_, err := os.Stat(path.Join(b.dir, "live/room0", f.epoch(), "vod.m3u8"))
		return err == nil
	})
	stop()
	watcher.Wait()
	c.stop(syscall.SIGTERM)
	_, replayed := replayOf(t, b.dir, "room0", f.epoch())
	f.judgeStored(b.dir, replayed)
	if n := len(f.segments); n < 3 {
		t.Errorf("a player saw %d segments: that proves nothing", n)
	}
}

// measure reads the server's memory and its queue until ctx ends, and answers
// the most of both.
func (c *child) measure(ctx context.Context, in *sync.WaitGroup) (most func() (memory, queued float64)) {
	var mu sync.Mutex
	var memory, queued float64
	in.Go(func() {
		for ctx.Err() == nil {
			_, text, err := answerOf(ctx, "http://"+c.metrics+"/metrics")
			if err == nil {
				mu.Lock()
				memory = max(memory, metricIn(text, "process_resident_memory_bytes"))
				queued = max(queued, metricIn(text, "mediad_storage_queued_bytes"))
				mu.Unlock()
			}
			sleep(ctx, 500*time.Millisecond)
		}
	})
	return func() (float64, float64) {
		mu.Lock()
		defer mu.Unlock()
		return memory, queued
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// tail gives the last lines of a text.
func tail(text string, lines int) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
