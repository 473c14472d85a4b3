package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"mediad/overlay/api"
)

// TestPinAndTheLine: a product that is pinned by hand is the present line of the line-up.
// Who takes that back, or pins anew what was taken down, says which line is present then.
func TestPinAndTheLine(t *testing.T) {
	s := newServer(t, time.Second, func(*api.Options) {})
	for _, sku := range []string{"A", "B", "C"} {
		s.made(t, http.MethodPost, "/api/v1/products", `{"sku":"`+sku+`","title":"`+sku+`","price":100,"currency":"CNY","link":"https://tea.example/"}`)
	}
	must(t, s.streams.begin(t.Context(), "corn"))
	lineup := "/api/v1/shows/" + s.streams.live["corn"].Show + "/lineup"
	s.made(t, http.MethodPut, lineup, `{"items":[{"product":"A"},{"product":"B"}]}`)
	line := func(want string) {
		t.Helper()
		_, text := s.send2(t, http.MethodGet, lineup, "")
		var l struct {
			Line  string
			Items []struct {
				Product string
				Goods   struct{ SKU string }
			}
		}
		must(t, json.Unmarshal([]byte(text), &l))
		sku := ""
		for _, i := range l.Items {
			if i.Product == l.Line {
				sku = i.Goods.SKU
			}
		}
		if sku != want {
			t.Errorf("the present line is that of %q, want %q", sku, want)
		}
	}
	const pins = "/api/v1/rooms/corn/pins"
	b := s.made(t, http.MethodPost, pins, `{"product":"B"}`).ID
	line("B")
	s.made(t, http.MethodDelete, pins+"/"+b, `{"line":""}`)
	line("")
	s.made(t, http.MethodPost, pins, `{"product":"B","line":"A"}`)
	line("A")
	s.made(t, http.MethodPost, pins, `{"product":"C"}`) // has no line
	line("A")
	for _, wrong := range []struct{ method, path, body string }{
		{http.MethodPost, pins, `{"product":"B","line":"C"}`},
		{http.MethodPost, pins, `{"product":"B","line":"A","at":{"delay_ms":1000}}`},
		{http.MethodDelete, pins + "/B", `{"line":"A","at":{"delay_ms":1000}}`},
	} {
		if status, text := s.send2(t, wrong.method, wrong.path, wrong.body); status != http.StatusUnprocessableEntity {
			t.Errorf("%s %s %s: %d %s", wrong.method, wrong.path, wrong.body, status, text)
		}
	}
	line("A")
}
