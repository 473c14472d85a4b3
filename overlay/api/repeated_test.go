package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"mediad/overlay"
)

// creating are requests that make something in the town, by operation.
var creating = map[string]string{
	"create-room":    `{"slug":"tea"}`,
	"create-product": `{"sku":"TEA","title":"Tea","price":900,"currency":"CNY"}`,
	"create-org":     `{"name":"Tea town"}`,
	"create-token":   `{"name":"dock","role":"assistant"}`,
	"invite-member":  `{"email":"wang@shop.example","role":"host"}`,
	"allow-reset":    "",
	"plan-show":      `{"room":"corn","title":"Next"}`,
	"create-cue":     `{"kind":"notice","text":"Soon"}`,
	"pin":            `{"product":"CORN","line":""}`, // next goes on from nowhere, whichever of the two is tried first
	"next":           "",
	"rotate-key":     "",

	"create-category":    `{"path":"Drinks > Tea"}`,
	"create-pool":        `{"name":"Autumn"}`,
	"create-allocation":  `{"product":"RICE","total":5}`,
	"create-shop":        `{"name":"Mine","kind":"link"}`,
	"create-webhook":     `{"url":"https://erp.example/","types":["order.paid"]}`,
	"create-host":        `{"name":"Wang","commission_bp":1250}`,
	"create-festival":    `{"slug":"july","title":"July","starts_at":"2026-07-01T00:00:00Z","ends_at":"2026-08-01T00:00:00Z"}`,
	"invite-participant": `{"name":"Tea house","region":"Fujian/Anxi"}`,
	"create-poll":        `{"question":"Which one?","options":["Red","Green"]}`,
	"create-coupon":      `{"label":"Five off","code":"FIVE"}`,
	"test-webhook":       "",
	"replay-delivery":    "",
	"renew-chat-key":     "",
	"replay-webhook":     `{"since":"2026-01-01T00:00:00Z"}`,
}

// repeatable are operations that create something and need no key, with the reason.
var repeatable = map[string]string{
	"apply-import":  "an import that is applied stays so",
	"book-reminder": "a contact is booked once",
	"import-orders": "what the ledger has already stays so",
	"write-comment": "the same words of a viewer within half a minute are one comment",
	"host-comment":  "the same words of a host within half a minute are one comment",
}

// triedElsewhere are those that take a key and cannot be tried in the town.
var triedElsewhere = []string{"create-image", "create-import", "create-feed", "start-download", "previous", "hold", "create-offer", "create-reward"}

// TestCreatingIsRepeatable: each request of the document that creates something takes an
// Idempotency-Key. With the same key it is carried out once, and gets the same answer;
// with another body it is refused.
func TestCreatingIsRepeatable(t *testing.T) {
	text, err := os.ReadFile("../web/openapi.json")
	must(t, err)
	var document struct {
		Paths map[string]map[string]struct {
			ID         string `json:"operationId"`
			Parameters []struct{ Name string }
			Responses  map[string]any
		}
	}
	must(t, json.Unmarshal(text, &document))
	w := newTown(t)
	token := w.tokenFor(t, overlay.Owner, overlay.HomeOrg)
	tried := 0
	for path, item := range document.Paths {
		o, posts := item["post"]
		_, made := o.Responses["201"]
		_, taken := o.Responses["202"]
		if !posts || !made && !taken || repeatable[o.ID] != "" {
			continue
		}
		keyed := false
		for _, p := range o.Parameters {
			keyed = keyed || p.Name == "Idempotency-Key"
		}
		body, known := creating[o.ID]
		switch {
		case !keyed:
			t.Errorf("%s takes no Idempotency-Key", o.ID)
			continue
		case !known && !slices.Contains(triedElsewhere, o.ID):
			t.Errorf("%s has no row in this test", o.ID)
		}
		if !known {
			continue
		}
		tried++
		t.Run(o.ID, func(t *testing.T) {
			for name, value := range w.values {
				path = strings.ReplaceAll(path, "{"+name+"}", value)
			}
			status, first := w.post(t, path, token, "k "+o.ID, body)
			if status != http.StatusCreated && status != http.StatusAccepted && status != http.StatusOK {
				t.Fatalf("%d %s", status, first)
			}
			before := w.dump(t)
			again, second := w.post(t, path, token, "k "+o.ID, body)
			if again != status || second != first {
				t.Errorf("the second answer is %d %s, the first was %d %s", again, second, status, first)
			}
			if after := w.dump(t); after != before {
				t.Errorf("the second request changed the database:\n%s\nbecame\n%s", before, after)
			}
			if strings.Contains(before, "mediad_") && strings.Contains(first, `"token"`) {
				t.Error("the token stands in the database")
			}
			if body == "" {
				return
			}
			other := strings.Replace(body, "{", `{ `, 1) // the same, in other bytes
			if status, text := w.post(t, path, token, "k "+o.ID, other); status != http.StatusUnprocessableEntity {
				t.Errorf("with another body: %d %s", status, text)
			}
		})
	}
	if tried != len(creating)-1 { // rotate-key answers 200
		t.Errorf("tried %d of %d", tried, len(creating))
	}
}

func (w *town) post(t *testing.T, path, token, key, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL+path, strings.NewReader(body))
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := w.transport().RoundTrip(r)
	must(t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(answer)
}
