package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"mediad/overlay/api"
)

// TestKeysOfOBSCountForTheAddress: wrong stream keys in the requests of OBS count like those
// at the port of RTMP, and nobody learns that a later one was right.
func TestKeysOfOBSCountForTheAddress(t *testing.T) {
	g := &guessed{}
	s := newServer(t, time.Second, func(o *api.Options) { o.Keys = g })
	for _, want := range []string{"belongs to no room", "too many wrong stream keys came from your address"} {
		res := s.post(t, "/obs/GetClientConfiguration", `{"authentication":"a guess of mine"}`)
		body, err := io.ReadAll(res.Body)
		must(t, err)
		if res.StatusCode != http.StatusOK || !strings.Contains(string(body), want) || strings.Contains(string(body), "guess of mine") {
			t.Errorf("%s %s, want words with %q", res.Status, body, want)
		}
	}
	if g.left != time.Minute {
		t.Errorf("the second try counts: %v", g.left)
	}
	long := s.post(t, "/obs/GetClientConfiguration", `{"authentication":"`+strings.Repeat("x", 1<<17)+`"}`)
	body, err := io.ReadAll(long.Body)
	must(t, err)
	if long.StatusCode != http.StatusOK || !strings.Contains(string(body), "more than 65536 bytes") {
		t.Errorf("a long request: %s %s", long.Status, body)
	}
}
