package main

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestRehearsalIsPrivate: while a rehearsal is on air, also after a kill, viewers find
// a room that is not live: no playlist, no segment, no poster. Hosts watch with their
// token, and what they get is for no cache. So it is with the recording.
func TestRehearsalIsPrivate(t *testing.T) {
	c, objects := startStored(t)
	defer func() { c.stop(syscall.SIGTERM) }()
	var show struct{ ID, Replay string }
	if status := c.call(http.MethodPost, "/api/v1/shows", `{"room":"tea","title":"Dry run","rehearsal":true}`, &show); status != http.StatusCreated {
		t.Fatalf("plan: %d", status)
	}
	c.air("tea")
	const top = "/live/tea/index.m3u8"
	list := regexp.MustCompile(`(?m)^[^#\s]+$`)
	names := func(path string) []string {
		_, _, text := c.asked(path, "a-token-of-some-length")
		return list.FindAllString(text, -1)
	}
	private := func() {
		t.Helper()
		var segments []string
		var media string
		eventually(t, "a host sees segments", 30*time.Second, func() bool {
			for _, name := range names(top) {
				media = "/live/tea/" + name
				segments = names(media)
			}
			return len(segments) > 1
		})
		segment := media[:strings.LastIndexByte(media, '/')+1] + segments[0]
		for _, path := range []string{top, media, segment} {
			if status, cache, body := c.asked(path, "a-token-of-some-length"); status != http.StatusOK || cache != "private, no-store" || len(body) < 100 {
				t.Errorf("a host gets %s: %d, %q, %d bytes", path, status, cache, len(body))
			}
		}
		for _, path := range []string{top, media, segment, "/live/tea/dvr/index.m3u8", "/live/tea/poster.jpg"} {
			for _, token := range []string{"", "a-token-of-somebody-else"} {
				if status, cache, body := c.asked(path, token); status != http.StatusNotFound || cache != "no-store" || strings.Contains(body, "EXT") {
					t.Errorf("a viewer gets %s: %d, %q: %.80s", path, status, cache, body)
				}
			}
		}
		if _, _, body := c.asked("/c/room/tea.json", ""); !strings.Contains(body, `"live":false`) {
			t.Errorf("a viewer is told %s", body)
		}
	}
	private()
	c.stop(syscall.SIGKILL)
	c.start()
	private()

	// Afterwards the recording is for hosts, and the bucket's name for all has nothing.
	c.call(http.MethodPost, "/api/v1/rooms/tea/end", "", nil)
	eventually(t, "there is a recording", 30*time.Second, func() bool {
		c.call(http.MethodGet, "/api/v1/shows/"+show.ID, "", &show)
		status, _, _ := c.asked(show.Replay, "")
		return status == http.StatusOK
	})
	plain := "/vod/" + show.ID + "/"
	_, _, text := c.asked(plain+"index.m3u8", "a-token-of-some-length")
	segments := list.FindAllString(text, -1)
	if len(segments) == 0 || show.Replay == plain+"index.m3u8" {
		t.Fatalf("a host gets %q at %s", text, show.Replay)
	}
	for _, path := range []string{plain + "index.m3u8", plain + "chapters.vtt", plain + "thumbs.vtt", segments[0]} {
		if status, _, body := c.asked(path, "a-token-of-somebody-else"); status != http.StatusNotFound || strings.Contains(body, "EXT") {
			t.Errorf("a viewer gets %s: %d: %.80s", path, status, body)
		}
	}
	_, _, signed := c.asked(show.Replay, "")
	for _, path := range list.FindAllString(signed, -1)[:1] {
		if status, cache, body := c.asked(path, ""); status != http.StatusOK || cache != "private, no-store" || len(body) < 100 {
			t.Errorf("a signed address gives %s: %d, %q, %d bytes", path, status, cache, len(body))
		}
	}
	if _, err := os.Stat(filepath.Join(objects, "live", "tea", "index.m3u8")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the stable playlist: %v", err)
	}
}

// asked gives status, Cache-Control and body of an answer; token "": none is sent.
func (c *child) asked(path, token string) (status int, cache, body string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, "http://"+c.http+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("Cache-Control"), string(text)
}
