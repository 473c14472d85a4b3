package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"testing"
	"time"

	"mediad/overlay/api"
)

var update = flag.Bool("update", false, "write overlay/web/openapi.json anew")

// TestDocument holds the copy of the OpenAPI document, from which the client of
// the pages is made, against the document that is served. `make web` runs it.
func TestDocument(t *testing.T) {
	s := newServer(t, time.Second, func(o *api.Options) {
		o.Downloads = struct{ api.Downloads }{} // so that there are its routes; nobody calls them
	})
	res, err := s.Client().Get(s.URL + "/api/openapi.json")
	must(t, err)
	defer res.Body.Close()
	served, err := io.ReadAll(res.Body)
	must(t, err)
	var lines bytes.Buffer
	must(t, json.Indent(&lines, served, "", " "))
	lines.WriteByte('\n')
	const name = "../web/openapi.json"
	if *update {
		must(t, os.WriteFile(name, lines.Bytes(), 0o644))
	}
	kept, err := os.ReadFile(name)
	must(t, err)
	if !bytes.Equal(kept, lines.Bytes()) {
		t.Errorf("overlay/web/openapi.json is not what the API says of itself%s: go test ./overlay/api -run TestDocument -update", firstDifference(kept, lines.Bytes()))
	}
}

// firstDifference tells where two texts part.
func firstDifference(kept, served []byte) string {
	a, b := bytes.Split(kept, []byte("\n")), bytes.Split(served, []byte("\n"))
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			return " (kept " + string(bytes.TrimSpace(a[i])) + ", served " + string(bytes.TrimSpace(b[i])) + ")"
		}
	}
	return ""
}
