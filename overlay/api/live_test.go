package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/overlay/api"
)

// TestLiveFile: live.json is the same bytes for all, follows each commit at once, and its
// figures within a second. Whoever has the present edition gets none.
func TestLiveFile(t *testing.T) {
	s := newServer(t, time.Second)
	ctx := t.Context()
	must(t, s.streams.begin(ctx, "corn"))
	must(t, s.step(ctx, "GET /api/v1/rooms/corn\nAuthorization: Bearer {{token}}\n> 200\n{\"show\":{\"id\":\"{{show}}\"}}"))
	for i := range 8 {
		must(t, s.step(ctx, fmt.Sprintf("POST /api/v1/products\nAuthorization: Bearer {{token}}\n{\"sku\":\"P%d\",\"title\":\"P\",\"price\":1,\"currency\":\"CNY\"}\n> 201", i)))
	}
	file := "live.json"
	get := func(etag string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(context.WithoutCancel(ctx), http.MethodGet, s.URL+"/c/"+s.vars["show"]+"/"+file, nil)
		must(t, err)
		if etag != "" {
			req.Header.Set("If-None-Match", etag)
		}
		res, err := s.Client().Do(req)
		must(t, err)
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		must(t, err)
		return res, string(text)
	}
	for i := range 8 { // after each commit
		must(t, s.step(ctx, fmt.Sprintf("POST /api/v1/rooms/corn/pins\nAuthorization: Bearer {{token}}\n{\"product\":\"P%d\"}\n> 201", i)))
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, text := get(""); !strings.Contains(text, fmt.Sprintf(`"sku":"P%d"`, i)) {
					t.Errorf("after pin %d: %s", i, text)
				}
			})
		}
		all.Wait()
	}
	first, text := get("")
	etag := first.Header.Get("ETag")
	if res, none := get(etag); res.StatusCode != http.StatusNotModified || none != "" || res.Header.Get("Cache-Control") != "public, max-age=1" {
		t.Errorf("%s with %q", res.Status, none)
	}
	must(t, s.step(ctx, "POST /c/{{show}}/beat\nContent-Type: text/plain\n{\"viewer\":\"0000000000000001\",\"likes\":5}\n> 200"))
	for begun := time.Now(); !strings.Contains(text, `"likes":5`); _, text = get("") {
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("the likes do not come: %s", text)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if res, _ := get(etag); res.StatusCode != http.StatusOK {
		t.Errorf("%s for a former edition", res.Status)
	}
	must(t, s.step(ctx, "PATCH /api/v1/shows/{{show}}\nAuthorization: Bearer {{token}}\n{\"title\":\"Evening\"}\n> 200"))
	must(t, s.step(ctx, "GET /c/{{show}}/live.json\n> 200\n{\"title\":\"Evening\",\"beat\":10,\"pulse\":{\"viewers\":3,\"likes\":5,\"orders\":0}}"))

	// So are the other files of a show: here its line-up, of which viewers see what was pinned.
	file = "lineup.json"
	first, text = get("")
	if etag = first.Header.Get("ETag"); etag == "" || first.Header.Get("Cache-Control") != "public, max-age=1" || !strings.Contains(text, `"items":[]`) {
		t.Errorf("%v %s", first.Header, text)
	}
	if res, none := get(etag); res.StatusCode != http.StatusNotModified || none != "" {
		t.Errorf("%s with %q", res.Status, none)
	}
	must(t, s.step(ctx, "PUT /api/v1/shows/{{show}}/lineup\nAuthorization: Bearer {{token}}\n{\"items\":[{\"product\":\"P1\"},{\"product\":\"P2\"}]}\n> 200"))
	if res, text := get(etag); res.StatusCode != http.StatusOK || !strings.Contains(text, `"sku":"P1"`) {
		t.Errorf("%s for a former edition, with %s", res.Status, text)
	}
	must(t, s.step(ctx, "GET /c/{{show}}/nothing.json\n> 404"))
}

// TestRoomFile: the file of a room is read once for all who ask for it, until something of it
// changes or a second is over.
func TestRoomFile(t *testing.T) {
	s := newServer(t, time.Second)
	ctx := t.Context()
	reads := api.CountRooms(s.api)
	begun := time.Now()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 50 {
				res, err := s.Client().Get(s.URL + "/c/room/corn.json")
				if err != nil {
					t.Error(err)
					return
				}
				text, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(text), `"title":"Corn town"`) {
					t.Errorf("%s: %s, %v", res.Status, text, err)
					return
				}
			}
		})
	}
	all.Wait()
	if n, most := reads.Load(), 1+int64(time.Since(begun)/time.Second); n < 1 || n > most {
		t.Errorf("a thousand requests in %v read the room %d times, at most %d is right", time.Since(begun), n, most)
	}
	// A commit is followed at once, and so is a broadcast that begins.
	must(t, s.step(ctx, "PATCH /api/v1/rooms/corn\nAuthorization: Bearer {{token}}\n{\"title\":\"Maize\"}\n> 200"))
	must(t, s.step(ctx, "GET /c/room/corn.json\n> 200\n{\"title\":\"Maize\",\"live\":false}"))
	must(t, s.streams.begin(ctx, "corn"))
	must(t, s.step(ctx, "GET /c/room/corn.json\n> 200\n{\"title\":\"Maize\",\"live\":true}"))
	must(t, s.step(ctx, "GET /c/room/nowhere.json\n> 404"))
}

// Beacons that name products of other shows, or none at all, take no place of those that
// tell the truth, however many they are.
func TestForgedImpressions(t *testing.T) {
	s := newServer(t, time.Second)
	ctx := t.Context()
	must(t, s.streams.begin(ctx, "corn"))
	must(t, s.step(ctx, "GET /api/v1/rooms/corn\nAuthorization: Bearer {{token}}\n> 200\n{\"show\":{\"id\":\"{{show}}\"}}"))
	for _, sku := range []string{"SHOWN", "SECRET"} {
		must(t, s.step(ctx, "POST /api/v1/products\nAuthorization: Bearer {{token}}\n{\"sku\":\""+sku+"\",\"title\":\"P\",\"price\":1,\"currency\":\"CNY\"}\n> 201\n{\"id\":\"{{"+sku+"}}\"}"))
	}
	must(t, s.step(ctx, "POST /api/v1/rooms/corn/pins\nAuthorization: Bearer {{token}}\n{\"product\":\"SHOWN\"}\n> 201"))
	beat := func(viewer int, products ...string) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"viewer": fmt.Sprintf("%016x", viewer), "impressions": products})
		must(t, err)
		must(t, s.step(ctx, "POST /c/{{show}}/beat\nContent-Type: text/plain\n"+string(body)+"\n> 200"))
	}
	for viewer := range 30 { // 1,500 products
		forged := []string{s.vars["SECRET"]}
		for len(forged) < 50 {
			forged = append(forged, s.store.NewID())
		}
		beat(viewer, forged...)
	}
	beat(100, s.vars["SHOWN"], s.vars["SECRET"], s.store.NewID())
	var got struct {
		Impressions []struct {
			Product     string
			Impressions int
		}
	}
	for begun := time.Now(); len(got.Impressions) == 0; time.Sleep(100 * time.Millisecond) {
		_, text, err := s.ask(ctx, []string{"GET /api/v1/shows/" + s.vars["show"] + "/audience", "Authorization: Bearer " + s.vars["token"]})
		must(t, err)
		must(t, json.Unmarshal(text, &got))
		if time.Since(begun) > 30*time.Second {
			t.Fatalf("nothing is counted: %s", text)
		}
	}
	if len(got.Impressions) != 1 || got.Impressions[0].Product != s.vars["SHOWN"] || got.Impressions[0].Impressions != 1 {
		t.Errorf("counted %+v", got.Impressions)
	}
}
