package api_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"mediad/overlay"
	"mediad/overlay/store"
)

// paid appends an event that only the server's own code may read, as an order will.
func (s *server) paid(t *testing.T, show, text string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(s.dir, "mediad.db")+"?_busy_timeout=5000&_txlock=immediate")
	must(t, err)
	defer db.Close()
	tx, err := db.BeginTx(t.Context(), nil)
	must(t, err)
	_, err = tx.ExecContext(t.Context(), `UPDATE show SET pos = pos + 1 WHERE id = ?`, show)
	must(t, err)
	_, err = tx.ExecContext(t.Context(), `INSERT INTO event(show, pos, id, audience, kind, at, payload) SELECT id, pos, ?, 'private', 'order.paid', 0, ? FROM show WHERE id = ?`,
		s.store.NewID(), `{"text":"`+text+`"}`, show)
	must(t, err)
	must(t, tx.Commit())
}

// message is the data of an event that hosts get.
type message struct {
	Show     string
	Audience overlay.Audience
	Seq      uint64
	Cue      string
	Event    json.RawMessage
	State    json.RawMessage
}

// TestAudiences does any things in any order, and looks at what each reader gets:
// the stream only what is for the picture, numbered without gaps; hosts what is
// for them as well; nobody what is private; and whoever was away the same as
// whoever was there.
func TestAudiences(t *testing.T) {
	const hosts, private = "for-hosts-alone", "for-nobody-outside"
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := newServer(t, time.Minute)
			ctx := t.Context()
			for _, sku := range []string{"A", "B", "C"} {
				s.product(t, sku)
			}
			_, err := s.store.CreateProduct(ctx, overlay.Product{SKU: "NEXT", Title: hosts, Price: 1, Currency: "CNY"}, store.Once{})
			must(t, err)
			must(t, s.streams.begin(ctx, "corn"))
			show, _, err := s.store.RoomShows(ctx, "corn")
			must(t, err)
			next, leave := s.listen(t, "")
			defer leave()
			skip(next) // the state

			rnd := rand.New(rand.NewPCG(seed, 3))
			later := overlay.At{Form: overlay.AtDelay, Delay: time.Hour}
			var scheduled []string
			for i := range 24 { // a listener may be 64 messages behind, and each cue has two
				switch rnd.IntN(5) {
				case 0:
					s.pin(t, []string{"A", "B", "C"}[rnd.IntN(3)])
				case 1:
					c, err := s.store.Pin(ctx, "corn", "NEXT", later, store.Once{})
					must(t, err)
					scheduled = append(scheduled, c.ID)
				case 2:
					if len(scheduled) > 0 {
						must(t, s.store.CancelCue(ctx, "corn", scheduled[rnd.IntN(len(scheduled))]))
					}
				case 3:
					s.paid(t, show.ID, private)
				case 4:
					_, err := s.store.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: fmt.Sprint(i)}, overlay.At{}, store.Once{})
					must(t, err)
				}
			}
			s.paid(t, show.ID, private)
			end, err := s.store.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "the last"}, overlay.At{}, store.Once{})
			must(t, err)
			if _, ok, err := s.streams.feed.AwaitLanding(ctx, end.ID); !ok || err != nil {
				t.Fatalf("the last cue does not land: %v", err)
			}

			log, err := s.store.After(ctx, show.ID, 0, 1000)
			must(t, err)
			var want []string // the ids that hosts get
			var picture uint64
			for i, e := range log {
				if e.Pos != uint64(i+1) {
					t.Fatalf("event %d has place %d", i+1, e.Pos)
				}
				if e.Audience != overlay.Private && i > 0 { // the first is in the state
					want = append(want, fmt.Sprint(e.Pos))
				}
				if e.Audience == overlay.ForPicture {
					picture++
				}
			}

			var got []string
			listened := map[string]string{}
			for last := uint64(1); last < picture; {
				m := skip(next)
				if m.id == "" {
					continue // a landing
				}
				got = append(got, m.id)
				listened[m.id] = m.data
				last = checkMessage(t, m, last, private)
			}
			if !slices.Equal(got, want) {
				t.Errorf("hosts got %v, want %v", got, want)
			}

			// Whoever was away gets what is missing.
			from := rnd.IntN(len(want))
			again, leave2 := s.listen(t, want[from])
			defer leave2()
			skip(again)
			for _, id := range want[from+1:] {
				m := skip(again)
				for m.id == "" {
					m = skip(again)
				}
				if m.id != id || unlanded(m.data) != unlanded(listened[id]) {
					t.Errorf("after %s came %+v, and before %s", want[from], m, listened[id])
				}
			}

			s.streams.mu.Lock()
			cues := slices.Clone(s.streams.cues)
			s.streams.mu.Unlock()
			if uint64(len(cues)) != picture {
				t.Errorf("the stream got %d cues, and %d are for the picture", len(cues), picture)
			}
			var state overlay.State
			for i, c := range cues {
				text := string(c.Event) + string(c.State)
				if c.Seq != uint64(i+1) || strings.Contains(text, hosts) || strings.Contains(text, private) {
					t.Errorf("cue %d of the stream is %d: %s", i+1, c.Seq, text)
				}
				state, err = state.Apply(c.Event)
				must(t, err)
				if text, err := overlay.StateJSON(state); err != nil || string(text) != string(c.State) {
					t.Errorf("the state behind cue %d is %s, want %s, %v", c.Seq, c.State, text, err)
				}
			}

			must(t, s.step(ctx, fmt.Sprintf("GET /c/%s/live.json\n> 200\n{\"seq\":%d}", show.ID, picture)))
			must(t, s.step(ctx, fmt.Sprintf("GET /api/v1/rooms/corn\nAuthorization: Bearer {{token}}\n> 200\n{\"show\":{\"seq\":%d}}", picture)))
			for _, path := range []string{"/c/" + show.ID + "/live.json", "/c/room/corn.json"} {
				_, body, err := s.ask(ctx, []string{"GET " + path})
				must(t, err)
				if text := string(body); strings.Contains(text, hosts) || strings.Contains(text, private) {
					t.Errorf("%s has %s", path, text)
				}
			}
		})
	}
}

// checkMessage judges one event that hosts got, behind the seq last, and gives the
// seq that follows.
func checkMessage(t *testing.T, m sse, last uint64, private string) uint64 {
	t.Helper()
	if strings.Contains(m.data, private) {
		t.Errorf("hosts got %+v", m)
	}
	var data message
	must(t, json.Unmarshal([]byte(m.data), &data))
	switch data.Audience {
	case overlay.ForPicture:
		if data.Seq != last+1 || data.Cue == "" || data.State == nil {
			t.Errorf("behind seq %d hosts got %+v", last, m)
		}
		return data.Seq
	case overlay.ForHosts:
		if data.Seq != 0 || data.Cue != "" || data.State != nil || !strings.HasPrefix(m.event, "cue.") {
			t.Errorf("hosts got %+v", m)
		}
	default:
		t.Errorf("hosts got %+v", m)
	}
	return last
}

// unlanded is the data without where it landed, which may come later.
func unlanded(data string) string {
	before, _, _ := strings.Cut(data, `"landed"`)
	return before
}
