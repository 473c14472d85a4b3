package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/push"
)

// TestServerWithoutItsPostgres: while the database is away, what needs it says so in
// true words for the moment, and the metrics are there.
func TestServerWithoutItsPostgres(t *testing.T) {
	pg, database := startPostgres(t, "a-password-of-postgres")
	ctx := t.Context()
	do := func(database string, statements ...string) {
		t.Helper()
		for _, s := range statements {
			if err := pg.Exec(ctx, database, s); err != nil {
				t.Fatal(err)
			}
		}
	}
	c := newChild(t, map[string]any{"kind": "dir"}, nil, "tea", "corn")
	c.env = []string{database}
	c.start()
	defer func() { c.stop(syscall.SIGKILL) }()
	clip, cut, mayReturn := demoClip(t), make(chan struct{}), make(chan struct{})
	connect := func(ctx context.Context, key string) error {
		loop, err := push.NewLoop(clip, clipLength)
		if err != nil {
			return err
		}
		client := push.New(push.Options{URL: "rtmp://" + c.rtmp + "/live", Key: key, Log: slog.New(slog.DiscardHandler)})
		return client.Run(ctx, breaking{loop, cut})
	}
	defer inBackground(t, func(ctx context.Context) {
		for connect(ctx, "tea"+keyBehind) != nil {
			select {
			case <-ctx.Done():
			case <-mayReturn:
			}
		}
	})()
	events := func(kind string) float64 { return c.metric(`mediad_publisher_events_total{kind="` + kind + `"}`) }
	eventually(t, "the room is on air", time.Minute, func() bool { return c.onAir("tea") })
	cut <- struct{}{}
	eventually(t, "the publisher is lost", time.Minute, func() bool { return events("lost") == 1 })
	answer := func(path string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.http+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, string(body)
	}
	do("postgres", `ALTER DATABASE shop CONNECTION LIMIT 0`,
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop'`)
	eventually(t, "its connections are closed", time.Minute, func() bool {
		return pg.Exec(ctx, "postgres", `SELECT 1 / (count(*) = 0)::int FROM pg_stat_activity WHERE datname = 'shop'`) == nil
	})
	for path, words := range map[string]string{
		"/": "cannot be shown right now", "/watch/tea": "cannot be shown right now", "/embed/tea": "cannot be shown right now",
		"/live/corn/poster.jpg":    "the database cannot be reached",
		"/watch/tea/playback.json": "Service Unavailable", "/vod/01j00000000000000000000000/index.m3u8": "the database cannot be reached",
	} {
		res, body := answer(path)
		if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || res.Header.Get("Cache-Control") != "no-store" ||
			!strings.Contains(body, words) {
			t.Errorf("%s: %d %v %s", path, res.StatusCode, res.Header, body)
		}
	}
	// The publisher of the broadcast on air may come back, and nobody else.
	if err := connect(ctx, "tea"); err == nil || !strings.Contains(err.Error(), "could not look up the stream key") {
		t.Errorf("another publisher: %v", err)
	}
	close(mayReturn)
	eventually(t, "the publisher is back", 30*time.Second, func() bool { return events("back") == 1 })
	if c.metric("mediad_storage_report_failed") != 1 {
		t.Error("the metrics do not say that the totals are missing")
	}
	for line := range strings.Lines(c.log.String()) {
		if strings.Count(line, "cannot be reached") > 1 {
			t.Errorf("said twice: %s", line)
		}
	}
	do("postgres", `ALTER DATABASE shop CONNECTION LIMIT -1`)
	eventually(t, "the database knows that the publisher is back", 30*time.Second, func() bool {
		return pg.Exec(ctx, "shop", `SELECT 1 / count(*) FROM broadcast WHERE ended_at IS NULL AND deadline IS NULL`) == nil
	})
	if res, _ := answer("/watch/tea"); res.StatusCode != http.StatusOK {
		t.Errorf("with the database back: %d", res.StatusCode)
	}
	if c.metric("mediad_storage_report_failed") != 0 {
		t.Error("the metrics do not say that the totals are back")
	}
}

// breaking is a source whose connection breaks when that is asked for.
type breaking struct {
	push.Source
	now <-chan struct{}
}

func (b breaking) Next() (flv.Tag, error) {
	select {
	case <-b.now:
		return flv.Tag{}, errors.New("the connection broke")
	default:
		return b.Source.Next()
	}
}
