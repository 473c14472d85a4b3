package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/store"
)

var thisMonth = time.Now().UTC().Format("2006-01")

// ofNoShow are the operations about figures that name no show, with the query in which a rehearsal would be seen.
var ofNoShow = map[string][]string{
	"list-orders": {""}, "export-orders": {""}, "get-order": {""}, "usage": {""},
	"reports": {"?by=show", "?by=host", "?by=org", "?by=product"}, "reports-csv": {"?by=show", "?by=host", "?by=org", "?by=product"},
	"host-statement": {"?month=" + thisMonth}, "host-statement-csv": {"?month=" + thisMonth},
	"list-festivals": {""}, "get-festival": {""}, "festival-report": {""}, "festival-report-csv": {""}, "festival-incidents": {""}, "list-participants": {""}, "get-participant": {""},
}

// tries is how many viewers do everything in the rehearsal.
const tries = 7

// TestRehearsalsCountNowhere goes through all operations about figures: what viewers, buyers and hosts do in a
// rehearsal is in none of them, while the same in a show behind it is counted as if the rehearsal had not been (I7).
func TestRehearsalsCountNowhere(t *testing.T) {
	with, without := evening(t, true), evening(t, false)
	for id, want := range without {
		if got := with[id]; got != want {
			t.Errorf("%s: with a rehearsal before it\n%s\nand without\n%s", id, got, want)
		}
	}
}

// evening has a show, with a rehearsal before it or without, and gives the answers of all operations about figures.
func evening(t *testing.T, rehearsed bool) map[string]string {
	t.Helper()
	w := newTown(t)
	ctx := t.Context()
	ask := func(step string) string {
		t.Helper()
		_, body, err := w.ask(ctx, strings.Split(step, "\n"))
		must(t, err)
		return string(body)
	}
	shop, err := w.store.Shop(ctx, w.values["shop"])
	must(t, err)
	orders := 0
	pay := func(click string) {
		t.Helper()
		orders++
		name := fmt.Sprintf("order %d", orders)
		must(t, w.store.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: time.Now(), Amount: 990, Currency: "CNY", Click: click}}))
	}
	begin := func() string {
		t.Helper()
		must(t, w.streams.begin(ctx, "corn"))
		found, _, err := w.store.RoomShows(ctx, "corn")
		must(t, err)
		return found.ID
	}
	sent := func(want int, step string) {
		t.Helper()
		res, body, err := w.ask(ctx, strings.Split(step, "\n"))
		if must(t, err); res.StatusCode != want {
			t.Errorf("%s: %d, want %d: %s", step, res.StatusCode, want, body)
		}
	}
	// do is what viewers, buyers and a host do; a rehearsal has no viewers, and says so of everything.
	do := func(show string, times int, rehearsal bool) {
		t.Helper()
		viewers := func(want int, path, body string) {
			t.Helper()
			if rehearsal {
				want = http.StatusNotFound
			}
			sent(want, "POST /c/"+show+path+"\nContent-Type: text/plain\n"+body)
		}
		const admin = "\nAuthorization: Bearer {{token}}\n"
		sent(http.StatusOK, "PUT /api/v1/shows/"+show+"/hosts"+admin+`{"hosts":["`+w.values["host"]+`"]}`)
		sent(http.StatusCreated, "POST /api/v1/rooms/corn/pins"+admin+`{"product":"CORN"}`)
		poll, err := w.store.CreatePoll(ctx, overlay.Poll{Show: show, Question: "Which?", Options: []string{"Red", "Green"}}, true, "test", store.Once{})
		must(t, err)
		for range times {
			viewer := fmt.Sprintf("%016x", len(show)*1000+orders)
			viewers(http.StatusOK, "/beat", fmt.Sprintf(`{"viewer":%q,"watched":12,"likes":5,"shares":1,"impressions":[%q]}`, viewer, w.values["product"]))
			viewers(http.StatusCreated, "/chat", fmt.Sprintf(`{"viewer":%q,"name":"Mei","text":"Line %d"}`, viewer, orders))
			viewers(http.StatusOK, "/polls/"+poll.ID, fmt.Sprintf(`{"viewer":%q,"option":1}`, viewer))
			click := overlay.Click{ID: w.store.NewID(), Show: show, Product: w.values["product"], Rev: 1, At: time.Now()}
			must(t, w.store.AddClicks(ctx, []overlay.Click{click}))
			pay(click.ID)
		}
		if rehearsal {
			viewers(0, "/points", `{"viewer":"00000000000000aa"}`)
		}
		must(t, w.streams.End(ctx, "corn"))
		_, err = w.store.EndShow(ctx, "corn")
		must(t, err)
	}
	tried := ""
	if rehearsed {
		yes, now := true, time.Now()
		plan, err := w.store.PlanShow(ctx, "corn", overlay.Plan{Title: "Tried out", Rehearsal: &yes, Starts: &now}, "test", store.Once{})
		must(t, err)
		if tried = begin(); tried != plan.ID {
			t.Fatalf("%s began in place of the rehearsal", tried)
		}
		do(tried, tries, true)
	} else {
		for range tries { // what was paid in a rehearsal is an order of the shop, from no show
			pay("")
		}
	}
	real := begin()
	do(real, 2, false)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if text := ask("GET /api/v1/shows/" + real + "/report\nAuthorization: Bearer {{token}}"); strings.Contains(text, `"views":2,"viewers":2`) && strings.Contains(text, `"likes":10`) {
			break
		} else if time.Now().After(end) {
			t.Fatalf("the viewers of the show are not counted: %s", text)
		}
	}

	out := map[string]string{}
	rights := api.Rights()
	for _, o := range operations(t) {
		if rights[o.ID] != overlay.Figures && !strings.HasPrefix(o.ID, "host-statement") || o.method != http.MethodGet {
			continue
		}
		path := o.path
		for name, value := range w.values {
			if name != "show" {
				path = strings.ReplaceAll(path, "{"+name+"}", value)
			}
		}
		of := func(show, query string) string {
			t.Helper()
			res, body, err := w.ask(ctx, []string{"GET " + strings.ReplaceAll(path, "{show}", show) + query, "Authorization: Bearer {{token}}"})
			if must(t, err); res.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d %s", o.ID, res.StatusCode, body)
			}
			return string(body)
		}
		if !strings.Contains(path, "{show}") {
			queries, known := ofNoShow[o.ID]
			if !known {
				t.Fatalf("%s is about figures, and this test does not know how a rehearsal would be seen in it", o.ID)
			}
			for _, q := range queries {
				text := of("", q)
				for _, word := range []string{tried, "Tried out"} {
					if word != "" && strings.Contains(text, word) {
						t.Errorf("%s%s has the rehearsal: %s", o.ID, q, text)
					}
				}
				if !slices.Contains([]string{"list-orders", "export-orders", "get-order", "usage"}, o.ID) { // what a shop sold and an organisation stores is of no show
					out[o.ID+q] = shape(text)
				}
			}
			continue
		}
		out[o.ID] = shape(of(real, ""))
		if tried == "" {
			continue
		}
		var numbers any
		if text := of(tried, ""); strings.HasPrefix(text, "{") {
			must(t, json.Unmarshal([]byte(text), &numbers))
			for _, at := range countedIn(numbers, "") {
				t.Errorf("%s of the rehearsal has %s: %s", o.ID, at, text)
			}
		} else if strings.Contains(text, "9.90") || strings.Contains(text, ",7,") {
			t.Errorf("%s of the rehearsal: %s", o.ID, text)
		}
	}
	return out
}

// countedIn gives the places of all numbers that are not 0.
func countedIn(v any, at string) (all []string) {
	switch v := v.(type) {
	case float64:
		if v != 0 && !strings.HasSuffix(at, ".rev") {
			all = append(all, fmt.Sprint(at, "=", v))
		}
	case []any:
		for i, x := range v {
			all = append(all, countedIn(x, fmt.Sprint(at, "[", i, "]"))...)
		}
	case map[string]any:
		for name, x := range v {
			all = append(all, countedIn(x, at+"."+name)...)
		}
	}
	return all
}

// shape is a text without what differs from one run to the next: ids, and dates with their times.
func shape(text string) string {
	for _, r := range shapes {
		text = r.from.ReplaceAllString(text, r.to)
	}
	return text
}

var shapes = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{26}\b`), "ID"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)`), "DATE"},
	{regexp.MustCompile(`"(on_air|watched|duration|seconds|now)":[0-9.]+`), `"$1":N`},
}
