package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/push"
	"mediad/storage/versity"
)

// This file has what tests of whole servers begin with: where segments go, who
// publishes, and who watches. All of it ends with the test.

// inFolder is the storage of a configuration whose segments go to a folder.
func inFolder(objects string) map[string]any {
	return map[string]any{"kind": "dir", "dir": map[string]string{"path": objects}}
}

// inBucket is the storage of a configuration whose segments go to an S3 server's
// bucket, which is asked at endpoint.
func inBucket(g *versity.Gateway, endpoint string) map[string]any {
	return map[string]any{"kind": "s3", "s3": map[string]any{"endpoint": endpoint, "region": g.Region, "bucket": g.Bucket, "path_style": true}}
}

// startStored starts a server with the room tea, whose segments go to a folder.
func startStored(t *testing.T) (c *child, objects string) {
	t.Helper()
	objects = filepath.Join(t.TempDir(), "objects")
	c = newChild(t, inFolder(objects), nil, "tea")
	c.start()
	return c, objects
}

// inBackground runs f until stop is called, at the latest until the test ends. stop
// returns when f has.
func inBackground(t *testing.T, f func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f(ctx)
	}()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}

// publish pushes the demo's clip to a room until ctx ends, and then unpublishes.
// It connects anew where the connection breaks, as an encoder does.
func (c *child) publish(ctx context.Context, clip []flv.Tag, room string) error {
	client := push.New(push.Options{URL: "rtmp://" + c.rtmp + "/live", Key: room + keyBehind, Log: slog.New(slog.DiscardHandler)})
	for ctx.Err() == nil {
		loop, err := push.NewLoop(clip, clipLength)
		if err != nil {
			return err
		}
		if err := client.Run(ctx, loop); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(300 * time.Millisecond):
		}
	}
	return nil
}

// air publishes to a room until off is called, at the latest until the test ends.
func (c *child) air(room string) (off func()) {
	c.t.Helper()
	clip := demoClip(c.t)
	return inBackground(c.t, func(ctx context.Context) {
		if err := c.publish(ctx, clip, room); err != nil {
			c.t.Error(err)
		}
	})
}

// airing is air that waits until the room is on air; on tells whether it is.
func (c *child) airing(room string) (on func() bool) {
	c.t.Helper()
	c.air(room)
	on = func() bool { return c.onAir(room) }
	eventually(c.t, "the room is on air", 30*time.Second, on)
	return on
}

// onAir tells whether viewers of a room have a playlist.
func (c *child) onAir(room string) bool {
	status, _, err := c.get(c.t.Context(), "/live/"+room+"/index.m3u8")
	return err == nil && status == http.StatusOK
}

// clipLength is how long the clip of the demo lasts.
const clipLength = 32 * time.Second

func demoClip(t *testing.T) []flv.Tag {
	t.Helper()
	clip, err := os.ReadFile("demo/clip.flv")
	if err != nil {
		t.Fatal(err)
	}
	tags, err := flv.ReadAll(bytes.NewReader(clip))
	if err != nil {
		t.Fatal(err)
	}
	return tags
}

// watched is a broadcast that somebody publishes, that a player follows, and whose
// stored playlist somebody reads.
type watched struct {
	*follower
	objects  string // the folder that the store keeps its objects in
	versions int    // of the stored playlist that were seen, once leave has returned
	off      func() // ends the publisher
	leave    func() // ends player and reader, in this order
}

// airWatched puts a room on air. The player fetches parts, or else segments.
func (c *child) airWatched(room, objects string, parts bool) *watched {
	w := &watched{follower: follow(c.t, c, room), objects: objects}
	away := inBackground(c.t, func(ctx context.Context) { w.versions = watchBucket(ctx, c.t, objects, room) })
	left := inBackground(c.t, func(ctx context.Context) { w.run(ctx, parts) })
	w.leave = func() { left(); away() }
	w.off = c.air(room)
	return w
}

// stored tells whether the broadcast is a replay in the store.
func (w *watched) stored() bool {
	_, err := os.Stat(filepath.Join(w.objects, "live", w.room, w.epoch(), "vod.m3u8"))
	return err == nil
}

// eventually waits for something.
func eventually(t *testing.T, what string, limit time.Duration, so func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	for !so() {
		if time.Since(began) > limit {
			t.Fatalf("not within %v: %s", limit, what)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return time.Since(began)
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
