package main

import (
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// paid appends a private event, as an order will be one, to the database of the
// running server.
func (c *child) paid(show, text string) {
	c.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(c.data, "mediad.db")+"?_busy_timeout=5000&_txlock=immediate")
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(c.t.Context(), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, statement := range []string{
		`UPDATE show SET pos = pos + 1 WHERE id = '` + show + `'`,
		`INSERT INTO event(show, pos, id, audience, kind, at, payload) SELECT id, pos, 'paid-' || pos, 'private', 'order.paid', 0, '{"text":"` + text + `"}' FROM show WHERE id = '` + show + `'`,
	} {
		if _, err := tx.ExecContext(c.t.Context(), statement); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		c.t.Fatal(err)
	}
}

// TestAudienceOnAir runs a show on a real server, with private events and events
// for hosts between those for the picture. No byte that viewers can fetch, live or
// from the replay, has anything of these. The events of the stream and of the
// playlists are numbered without gaps.
func TestAudienceOnAir(t *testing.T) {
	const hosts, private = "FOR-HOSTS-ALONE", "FOR-NOBODY-OUTSIDE"
	c, objects := startStored(t)
	defer c.stop(syscall.SIGTERM)
	post := func(path, body string, into any) {
		t.Helper()
		if status := c.call(http.MethodPost, path, body, into); status >= 300 {
			t.Fatalf("%s: %d", path, status)
		}
	}
	post("/api/v1/products", `{"sku":"NOW","title":"Now","price":1,"currency":"CNY"}`, nil)
	post("/api/v1/products", `{"sku":"NEXT","title":"`+hosts+`","price":1,"currency":"CNY"}`, nil)

	f := c.airWatched("tea", objects, true)
	eventually(t, "the room is on air", time.Minute, func() bool { return f.listed() >= 3 })
	show := c.shows()[0].ID

	var kept []uint64 // what the API said
	var made struct {
		ID  string
		Seq uint64
	}
	for i := range 4 {
		post("/api/v1/rooms/tea/pins", fmt.Sprintf(`{"product":"NEXT","at":{"delay_ms":%d}}`, 3600000+2000*i), &made)
		if i%2 == 0 {
			if status := c.call(http.MethodDelete, "/api/v1/rooms/tea/cues/"+made.ID, "", nil); status != http.StatusNoContent {
				t.Fatalf("take a cue back: %d", status)
			}
		}
		c.paid(show, private)
		post("/api/v1/rooms/tea/cues", `{"kind":"custom","data":{"next":"`+hosts+`"},"at":{"delay_ms":`+strconv.Itoa(3600000+2000*i)+`}}`, nil)
		post("/api/v1/rooms/tea/pins", `{"product":"NOW"}`, &made)
		kept = append(kept, made.Seq, c.cue(i))
	}
	post("/api/v1/rooms/tea/pins", `{"product":"NOW","at":{"delay_ms":1500}}`, &made)
	later := "/api/v1/rooms/tea/cues/" + made.ID
	eventually(t, "a scheduled pin lands", time.Minute, func() bool {
		var info struct {
			Status string
			Seq    uint64
		}
		c.call(http.MethodGet, later, "", &info)
		made.Seq = info.Seq
		return info.Status == "landed"
	})
	kept = append(kept, made.Seq)
	if want := []uint64{2, 3, 4, 5, 6, 7, 8, 9, 10}; !slices.Equal(kept, want) {
		t.Errorf("the API numbers them %v, want %v", kept, want)
	}
	c.paid(show, private)
	eventually(t, "the player has the last cue", time.Minute, func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		var media []byte
		for _, p := range f.parts {
			media = append(media, p.body...)
		}
		cues, err := check.Cues(media)
		return err == nil && slices.ContainsFunc(cues, func(c check.Cue) bool {
			return !strings.Contains(string(c.JSON), `"kind":"state"`) && seqOf(t, string(c.JSON)) == made.Seq
		})
	})

	public := map[string][]byte{}
	fetch := func(path string) []byte {
		t.Helper()
		var text []byte
		eventually(t, path, time.Minute, func() bool {
			status, body, err := c.get(t.Context(), path)
			text = body
			return err == nil && status == http.StatusOK
		})
		public[path] = text
		return text
	}
	low, err := m3u8.Parse(fetch(f.url))
	if err != nil {
		t.Fatal(err)
	}
	var ranged []uint64
	for _, r := range low.DateRanges {
		for _, a := range r.Attrs {
			if a.Name != "X-MEDIAD-DATA" {
				continue
			}
			text, err := base64.RawURLEncoding.DecodeString(a.Value)
			if err != nil {
				t.Fatal(err)
			}
			public["range "+r.ID] = text
			ranged = append(ranged, seqOf(t, string(text)))
		}
	}
	for _, path := range []string{"/live/tea/dvr/index.m3u8", "/c/" + show + "/live.json", "/c/" + show + "/products.json", "/c/" + show + "/chapters.json", "/c/room/tea.json"} {
		fetch(path)
	}
	f.leave()
	var media []byte
	for _, p := range f.parts {
		public[p.uri] = p.body
		media = append(media, p.body...)
	}
	post("/api/v1/rooms/tea/end", "", nil)
	f.off()
	for _, uri := range c.replayed("/vod/" + show + "/index.m3u8") {
		fetch(uri)
	}
	fetch("/vod/" + show + "/chapters.vtt")
	err = filepath.WalkDir(objects, func(name string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			public[name], err = os.ReadFile(name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	cues, err := check.Cues(media)
	if err != nil {
		t.Fatal(err)
	}
	var stream []uint64
	for i, cue := range cues {
		public[fmt.Sprintf("cue %d", i)] = cue.JSON // whole: packets may cut words in two
		if text := string(cue.JSON); !strings.Contains(text, `"kind":"state"`) {
			stream = append(stream, seqOf(t, text))
		}
	}
	for name, body := range public {
		for _, secret := range []string{hosts, private, "cue.scheduled", "order.paid"} {
			if strings.Contains(string(body), secret) {
				t.Errorf("%s has %s", name, secret)
			}
		}
	}
	want := []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	slices.Sort(ranged) // they stand in the order of their dates
	if !slices.Equal(stream, want) || !slices.Equal(ranged, want) {
		t.Errorf("the stream has %v, its playlist %v, want %v", stream, ranged, want)
	}
}

func seqOf(t *testing.T, text string) uint64 {
	t.Helper()
	var cue struct{ Seq uint64 }
	if err := json.Unmarshal([]byte(text), &cue); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return cue.Seq
}
