package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestRandomActions lets 32 goroutines do random actions of hosts, viewers and
// publishers, with PostgreSQL through two stores at once. Actions fail only by
// refusal, and afterwards the invariants of the rows hold.
func TestRandomActions(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	stores := []*store.Store{f.Store}
	if f.url != "" {
		o := f.options()
		o.Current = true // as a command beside the server; it writes all the same
		s, err := store.Open(ctx, o)
		must(t, err)
		defer s.Close()
		stores = append(stores, s)
	}
	rooms := []string{"corn", "tea", "rice"}
	for _, r := range rooms[1:] {
		_, err := f.EnsureRoom(ctx, r, "", "")
		must(t, err)
	}
	w := &world{f: f, rooms: rooms, marks: map[string]uint64{}, made: map[string]bool{}}
	var wg sync.WaitGroup
	for _, s := range stores {
		for n := range 32 {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(uint64(n), 7))
				for i := range 20 {
					if name, err := w.act(ctx, s, r, i); err != nil && !refused(err) {
						t.Errorf("%s: %v", name, err)
					}
				}
			})
		}
	}
	wg.Wait()
	st := f.Stats()
	t.Logf("%d actions in %d commits, %d attempts made again, %d refused; %d events", st.Actions, st.Commits, st.Retried, w.refusals.Load(), w.check(t))
}

// refused tells whether an error is a refusal, not a failure.
func refused(err error) bool {
	switch overlay.CodeOf(err) {
	case overlay.NotFound, overlay.Conflict, overlay.Gone, overlay.Invalid:
		return true
	}
	return false
}

// world records what was done so far.
type world struct {
	f        *fixture
	rooms    []string
	clicks   atomic.Int64
	refusals atomic.Int64

	mu    sync.Mutex
	marks map[string]uint64 // guarded by mu; of epochs: the greatest that was answered
	made  map[string]bool   // guarded by mu; cues that became events
}

func (w *world) act(ctx context.Context, s *store.Store, r *rand.Rand, i int) (name string, err error) {
	room, now := w.rooms[r.IntN(len(w.rooms))], w.f.clock.Add(time.Millisecond)
	product := w.f.products[r.IntN(len(w.f.products))]
	defer func() {
		if err != nil && refused(err) {
			w.refusals.Add(1)
		}
	}()
	cue := func(c overlay.CueInfo, err error) error {
		if err == nil && c.Status == overlay.CueDue {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.made[c.ID] = true
		}
		return err
	}
	switch n := r.IntN(20); n {
	case 0, 1, 2:
		return "pin", cue(s.Pin(ctx, room, product.ID, overlay.At{}, store.Once{}))
	case 3:
		return "unpin", cue(s.Unpin(ctx, room, product.ID, overlay.At{}))
	case 4:
		price := r.Int64N(10_000)
		stock := []overlay.Stock{overlay.StockLow, overlay.StockIn}[r.IntN(2)]
		_, err := s.UpdateProduct(ctx, product.SKU, overlay.ProductChange{Price: &price, Stock: &stock})
		return "price", err
	case 5:
		return "notice", cue(s.AddCue(ctx, room, overlay.NewCue{Kind: overlay.KindNotice, Text: "hello"}, overlay.At{}, store.Once{Key: fmt.Sprint(r.IntN(5))}))
	case 6:
		_, err := s.AddCue(ctx, room, overlay.NewCue{Kind: overlay.KindNotice, Text: "later"}, overlay.At{Form: overlay.AtDelay, Delay: time.Second}, store.Once{})
		return "later notice", err
	case 7:
		open, _, err := s.RoomShows(ctx, room)
		if err == nil && open != nil {
			_, err = s.MakeDue(ctx, open.ID, now.Add(10*time.Second))
		}
		return "make due", err
	case 8, 9:
		b, err := s.BeginBroadcast(ctx, room, now)
		if err != nil {
			return "begin", err
		}
		mark := b.Numbers.MSN + uint64(r.IntN(200))
		if err := s.Reserve(ctx, b.Epoch, overlay.Numbers{MSN: mark, Part: 4 * mark}); err != nil {
			return "reserve", err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.marks[b.Epoch] = max(w.marks[b.Epoch], mark)
		return "reserve", nil
	case 10:
		open, err := s.OpenBroadcasts(ctx)
		if err != nil || len(open) == 0 {
			return "list", err
		}
		return "end", s.EndBroadcast(ctx, open[r.IntN(len(open))].Epoch, now, "test")
	case 11:
		_, err := s.EndShow(ctx, room)
		return "end show", err
	case 12:
		_, err := s.CreateProduct(ctx, overlay.Product{SKU: fmt.Sprint("NEW-", r.IntN(6)), Title: "New", Price: 1, Currency: "CNY"}, store.Once{})
		return "product", err
	case 13:
		return "delete", s.DeleteProduct(ctx, fmt.Sprint("NEW-", r.IntN(6)), "test")
	case 14:
		if i%2 == 0 {
			_, err := s.CreateRoom(ctx, store.NewRoom{Slug: fmt.Sprint("temp-", r.IntN(2))}, store.Once{})
			return "room", err
		}
		return "delete room", s.DeleteRoom(ctx, fmt.Sprint("temp-", r.IntN(2)), "test")
	}
	open, _, err := s.RoomShows(ctx, room)
	if err != nil || open == nil {
		return "show", err
	}
	switch r.IntN(8) {
	case 5:
		price := r.Int64N(10_000)
		_, err := s.ChangeLine(ctx, open.ID, product.SKU, overlay.LineChange{Price: &price}, "test")
		return "line", err
	case 0:
		n := overlay.NewLineup{}
		if i%2 == 0 {
			n.Rev = &open.LineupRev
		}
		for _, p := range r.Perm(len(w.f.products))[:r.IntN(len(w.f.products))] {
			price := r.Int64N(10_000)
			n.Lines = append(n.Lines, overlay.Line{Product: w.f.products[p].SKU, Price: []*int64{nil, &price}[r.IntN(2)]})
		}
		_, err := s.SetLineup(ctx, open.ID, n, "test")
		return "line-up", err
	case 1, 2, 3:
		return "step", cue(s.Step(ctx, room, store.Step{Back: r.IntN(4) == 0}, "test", store.Once{}))
	case 4:
		at := now.Add(time.Duration(r.IntN(16)-8) * time.Hour)
		show, err := s.PlanShow(ctx, room, overlay.Plan{Starts: &at}, "test", store.Once{})
		if err == nil && i%3 == 0 {
			_, err = s.BeginDeletion(ctx, show.ID, "test")
		}
		return "plan", err
	}
	err = s.AddClicks(ctx, []overlay.Click{{ID: s.NewID(), Show: open.ID, Product: product.ID, Rev: 1, At: now}, {ID: s.NewID(), Show: open.ID, Product: product.ID, Rev: 1, At: now}})
	if err == nil {
		w.clicks.Add(2)
	}
	return "clicks", err
}

// check checks the rows themselves, and returns how many events there are.
func (w *world) check(t *testing.T) (events int) {
	t.Helper()
	w.f.checkInvariants()
	db := store.Rows(w.f.Store)
	none := func(what, query string) {
		t.Helper()
		var n int
		if err := db.QueryRow(`SELECT count(*) FROM (` + query + `) AS broken`).Scan(&n); err != nil || n > 0 {
			t.Errorf("%s: %d times, %v", what, n, err)
		}
	}
	none("a show's seq has holes", `SELECT s.id FROM show s LEFT JOIN event e ON e.show = s.id GROUP BY s.id, s.seq HAVING count(e.seq) <> s.seq OR coalesce(max(e.seq), 0) <> s.seq`)
	none("a show's log has holes", `SELECT s.id FROM show s LEFT JOIN event e ON e.show = s.id GROUP BY s.id, s.pos HAVING count(e.pos) <> s.pos OR coalesce(max(e.pos), 0) <> s.pos`)
	none("a room has two open broadcasts", `SELECT room FROM broadcast WHERE ended_at IS NULL GROUP BY room HAVING count(*) > 1`)
	none("a room has two shows on air", `SELECT room FROM show WHERE state = 'live' GROUP BY room HAVING count(*) > 1`)
	none("an open broadcast's show is not live, nor ended by the host", `SELECT b.epoch FROM broadcast b JOIN show s ON s.id = b.show WHERE b.ended_at IS NULL AND s.state NOT IN ('live','ended')`)
	none("a product is pinned twice", `SELECT show, product FROM pin WHERE unpinned_at IS NULL GROUP BY show, product HAVING count(*) > 1`)
	none("too many pins", fmt.Sprintf(`SELECT show FROM pin WHERE unpinned_at IS NULL GROUP BY show HAVING count(*) > %d`, overlay.MaxPinned))
	none("a line-up has holes", `SELECT show FROM lineup GROUP BY show HAVING count(*) <> max(pos) OR min(pos) <> 1`)
	none("a line-up's place is not in it", `SELECT id FROM show s WHERE line IS NOT NULL AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM lineup WHERE show = s.id AND product = s.line)`)
	none("what a step pinned is no pin of its show", `SELECT id FROM show s WHERE line_pin IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pin WHERE show = s.id AND id = s.line_pin)`)
	none("revisions have holes", `SELECT product FROM (SELECT product, rev FROM product_rev UNION SELECT product, rev FROM show_product) AS r GROUP BY product HAVING count(*) <> max(rev)`)
	none("a product is not at its last revision", `SELECT p.id FROM product p JOIN product_rev r ON r.product = p.id GROUP BY p.id, p.rev HAVING max(r.rev) <> p.rev`)
	none("one revision says two things", `SELECT s.product FROM show_product s JOIN product_rev r ON r.product = s.product AND r.rev = s.rev WHERE s.body <> r.body`)
	none("two shows have one revision that is not the catalogue's", `SELECT product, rev FROM show_product s WHERE NOT EXISTS (SELECT 1 FROM product_rev WHERE product = s.product AND rev = s.rev) GROUP BY product, rev HAVING count(*) > 1`)
	none("a show without a broadcast was on air", `SELECT id FROM show s WHERE started_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM broadcast WHERE show = s.id)`)
	none("a room counts less than its broadcasts", `SELECT r.id FROM room r JOIN broadcast b ON b.room = r.id WHERE b.msn > r.msn`)
	var clicks, rows int64
	if err := db.QueryRow(`SELECT (SELECT coalesce(sum(clicks), 0) FROM click_count), (SELECT count(*) FROM click)`).Scan(&clicks, &rows); err != nil || clicks != rows || clicks != w.clicks.Load() {
		t.Errorf("%d clicks counted, %d rows, %d answered: %v", clicks, rows, w.clicks.Load(), err)
	}
	for epoch, mark := range w.marks {
		var kept uint64
		if err := db.QueryRow(fmt.Sprintf(`SELECT msn FROM broadcast WHERE epoch = '%s'`, epoch)).Scan(&kept); err != nil || kept < mark {
			t.Errorf("broadcast %s: reserved up to %d, kept %d, %v", epoch, mark, kept, err)
		}
	}
	for id := range w.made {
		var n int
		if err := db.QueryRow(fmt.Sprintf(`SELECT count(*) FROM event WHERE id = '%s'`, id)).Scan(&n); err != nil || n != 1 {
			t.Errorf("cue %s was answered and has %d events, %v", id, n, err)
		}
	}
	must(t, db.QueryRow(`SELECT count(*) FROM event`).Scan(&events))
	return events
}
