package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/packager/archive"
	"mediad/packager/layout"
)

// call asks the server's API.
func (c *child) call(method, path, body string, into any) (status int) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, "http://"+c.http+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer a-token-of-some-length")
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && into != nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		c.t.Fatalf("%s %s: %v: %s", method, path, err, text)
	}
	return answer.StatusCode
}

// command runs another command with the child's configuration.
func (c *child) command(code int, args ...string) string {
	c.t.Helper()
	var out bytes.Buffer
	if got := run(c.t.Context(), append(args, "--config", c.config), c.env, &out, &out); got != code {
		c.t.Errorf("mediad %q ended with %d, want %d: %s", args, got, code, &out)
	}
	return out.String()
}

// drilled is a show as the API describes it.
type drilled struct {
	ID       string
	State    string
	Segments int
	Gaps     int
	Bytes    int64
	Duration float64
	Replay   string
}

func (c *child) shows() []drilled {
	c.t.Helper()
	var list struct{ Items []drilled }
	if status := c.call("GET", "/api/v1/rooms/tea/shows", "", &list); status != http.StatusOK {
		c.t.Fatalf("shows: %d", status)
	}
	return list.Items
}

// cue sends a cue, and returns its seq.
func (c *child) cue(n int) uint64 {
	c.t.Helper()
	var made struct{ Seq uint64 }
	if status := c.call("POST", "/api/v1/rooms/tea/cues", fmt.Sprintf(`{"kind":"custom","data":{"n":%d}}`, n), &made); status != http.StatusCreated || made.Seq == 0 {
		c.t.Fatalf("cue %d: %d, %+v", n, status, made)
	}
	return made.Seq
}

// inStore counts the segments of the newest broadcast in the directory store.
func inStore(t *testing.T, objects string) int {
	t.Helper()
	epochs, err := filepath.Glob(filepath.Join(objects, "live", "tea", "*", "main"))
	if err != nil || len(epochs) == 0 {
		return 0
	}
	found, err := os.ReadDir(epochs[len(epochs)-1])
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

// replayed gives the addresses in a show's replay.
func (c *child) replayed(path string) (segments []string) {
	c.t.Helper()
	var text []byte
	eventually(c.t, "the replay "+path, time.Minute, func() bool {
		status, body, err := c.get(c.t.Context(), path)
		text = body
		return err == nil && status == http.StatusOK
	})
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); strings.HasSuffix(line, ".ts") {
			segments = append(segments, line)
		}
	}
	for _, s := range segments {
		if status, _, err := c.get(c.t.Context(), s); err != nil || status != http.StatusOK {
			c.t.Errorf("%s of the replay: %d, %v", s, status, err)
		}
	}
	return segments
}

// TestRestoreDrill does with a real server what docs/operate.md describes: one show
// has ended, another is on air, a backup is made, the show goes on, and the process
// is killed. The backup is put back on the same machine, and on a new one that has
// only database, secret and objects. The only loss is the data that was written to
// the database after the copy.
func TestRestoreDrill(t *testing.T) {
	for name, fresh := range map[string]bool{"same machine": false, "new machine": true} {
		t.Run(name, func(t *testing.T) {
			old, objects := startStored(t)
			off := old.air("tea")
			eventually(t, "the first show is stored", time.Minute, func() bool { return inStore(t, objects) >= 3 })
			old.call("POST", "/api/v1/rooms/tea/end", "", nil)
			off()
			eventually(t, "the first show is a replay", time.Minute, func() bool { s := old.shows(); return len(s) == 1 && s[0].Replay != "" && s[0].Segments > 0 })
			list := old.replayed(old.shows()[0].Replay)
			first := old.shows()[0]

			off = old.air("tea")
			eventually(t, "the second show is on air", time.Minute, func() bool { return inStore(t, objects) >= 1 && len(old.shows()) == 2 })
			old.cue(0)
			shop := filepath.Join(t.TempDir(), "shop.db")
			old.command(exitOK, "backup", shop)
			var last uint64
			for n := range 20 {
				last = old.cue(n + 1)
			}
			have := inStore(t, objects)
			eventually(t, "more of it is stored", time.Minute, func() bool { return inStore(t, objects) >= have+3 })
			old.stop(syscall.SIGKILL)
			off()
			have = inStore(t, objects)

			c := old
			if fresh {
				c = newChild(t, inFolder(objects), nil, "tea")
				if err := os.MkdirAll(c.data, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			for _, gone := range []string{"mediad.db", "mediad.db-wal", "mediad.db-shm", "secret.key"} {
				if err := os.Remove(filepath.Join(c.data, gone)); err != nil && !errors.Is(err, os.ErrNotExist) {
					t.Fatal(err)
				}
			}
			for from, to := range map[string]string{shop: "mediad.db", strings.TrimSuffix(shop, ".db") + ".key": "secret.key"} {
				text, err := os.ReadFile(from)
				if err == nil {
					err = os.WriteFile(filepath.Join(c.data, to), text, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if fresh {
				if found := c.command(exitFailed, "storage", "check"); strings.Count(found, "journal_missing") != 2 {
					t.Errorf("check found %s", found)
				}
				c.command(exitOK, "storage", "repair")
			}
			c.start()
			defer c.stop(syscall.SIGTERM)
			defer c.air("tea")()
			eventually(t, "the show is on air again", time.Minute, func() bool { return c.onAir("tea") })
			eventually(t, "new segments are stored", time.Minute, func() bool { return inStore(t, objects) >= have+3 })
			if seq := c.cue(100); seq <= last {
				t.Errorf("the next cue has seq %d, and viewers have %d", seq, last)
			}

			shows := c.shows() // newest first
			if len(shows) != 2 || shows[1] != first {
				t.Errorf("the first show is %+v, was %+v", shows, first)
			}
			if again := c.replayed(first.Replay); strings.Join(again, " ") != strings.Join(list, " ") {
				t.Errorf("its replay has %q, had %q", again, list)
			}
			c.call("POST", "/api/v1/rooms/tea/end", "", nil)
			eventually(t, "the second show is a replay", time.Minute, func() bool { s := c.shows(); return s[0].Replay != "" && s[0].State == "ended" })
			eventually(t, "its replay has what was stored before and behind", time.Minute, func() bool {
				status, text, err := c.get(t.Context(), c.shows()[0].Replay)
				return err == nil && status == http.StatusOK && strings.Count(string(text), ".ts\n") >= have+3
			})
			second := c.shows()[0]
			if n := len(c.replayed(second.Replay)); second.Segments < n || second.Duration < 2*float64(have) || second.Bytes == 0 {
				t.Errorf("the second show is %+v with a replay of %d segments", second, n)
			}
			c.command(exitOK, "storage", "check")
		})
	}
}

// TestJournalFromMedia: if journal and playlists of a broadcast are gone, its
// segments alone are enough to find their lengths and dates.
func TestJournalFromMedia(t *testing.T) {
	c, objects := startStored(t)
	off := c.air("tea")
	eventually(t, "some of it is stored", time.Minute, func() bool { return inStore(t, objects) >= 4 })
	c.call("POST", "/api/v1/rooms/tea/end", "", nil)
	off()
	eventually(t, "it is a replay", time.Minute, func() bool { s := c.shows(); return len(s) == 1 && s[0].Replay != "" })
	list := c.replayed(c.shows()[0].Replay)
	c.stop(syscall.SIGTERM)

	all, err := filepath.Glob(filepath.Join(c.data, "spool", "tea", "*.journal"))
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	e := archive.Epoch{Room: "tea", Epoch: strings.TrimSuffix(filepath.Base(all[0]), ".journal")}
	journals := archive.OpenJournals(filepath.Join(c.data, "spool"))
	was, err := journals.Read(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{all[0], filepath.Join(objects, "live/tea/index.m3u8"), filepath.Join(objects, layout.Of(e.Room, e.Epoch).Recording().Key())} {
		if err := os.Remove(gone); err != nil {
			t.Fatal(err)
		}
	}
	c.command(exitOK, "storage", "repair")
	is, err := journals.Read(e)
	if err != nil || is == nil || !is.Done || len(is.Records) != len(was.Records) {
		t.Fatalf("%+v, %v; it was %+v", is, err, was)
	}
	for i, r := range is.Records {
		w := was.Records[i]
		const frame = 50 * time.Millisecond
		if r.MSN != w.MSN || r.Bytes != w.Bytes || r.Gap || r.Discontinuity || (r.Duration-w.Duration).Abs() > frame || r.Date.Sub(w.Date).Abs() > frame {
			t.Errorf("read as %+v, was %+v", r, w)
		}
	}
	c.start()
	defer c.stop(syscall.SIGTERM)
	if again := c.replayed(c.shows()[0].Replay); strings.Join(again, " ") != strings.Join(list, " ") {
		t.Errorf("the replay has %q, had %q", again, list)
	}
	c.command(exitOK, "storage", "check")
}
