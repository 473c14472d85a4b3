package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"path"
	"sync"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/overlay"
	"mediad/overlay/feed"
	"mediad/overlay/store"
	"mediad/overlay/store/pgtest"
	"mediad/packager"
	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// TestRandomCues: a thousand pins and price changes at random moments, now and for later,
// on each database. In the media that players get each comes once, in the order of the
// show's log and not early, and the events replayed from 1 give each state that stands
// beside them.
func TestRandomCues(t *testing.T) {
	pg, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pg.Stop(); err != nil {
			t.Error(err)
		}
	})
	empty, err := pg.Create(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{"sqlite": "", "postgres": pg.URL(empty)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRandomShow(t, url)
			var hosts sync.WaitGroup
			for n := range 4 {
				hosts.Go(func() { r.host(rand.New(rand.NewPCG(uint64(n), 12)), 250) })
			}
			hosts.Wait()
			r.judge(r.media())
		})
	}
}

// randomShow is a show on air: a store, the feed behind it, and a stream with pictures.
type randomShow struct {
	t        *testing.T
	store    *store.Store
	live     *packager.Live
	stream   *packager.Stream
	begin    overlay.Begin
	products []string
	cut      context.CancelFunc // ends the pictures
	over     sync.WaitGroup

	mu    sync.Mutex
	asked map[string]time.Time // guarded by mu; when a pin may come at the earliest, by cue
}

func newRandomShow(t *testing.T, url string) *randomShow {
	t.Helper()
	ctx, cut := context.WithCancel(t.Context())
	r := &randomShow{t: t, live: packager.NewLive(nil), cut: cut, asked: map[string]time.Time{}}
	var err error
	if r.store, err = store.Open(ctx, store.Options{Dir: t.TempDir(), URL: url, Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.EnsureRoom(ctx, "corn", "Corn", "key"); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		p, err := r.store.CreateProduct(ctx, overlay.Product{SKU: fmt.Sprint("SKU-", i), Title: "Corn", Price: 1, Currency: "CNY"}, store.Once{})
		if err != nil {
			t.Fatal(err)
		}
		r.products = append(r.products, p.ID)
	}
	f := feed.New(feed.Options{Log: r.store, Agenda: r.store, Sink: cueSink{r.live}})
	feeding, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	r.over.Go(func() {
		if err := f.Run(feeding); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		cut()
		stop()
		r.over.Wait()
		if err := r.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if r.begin, err = r.store.BeginBroadcast(ctx, "corn", time.Now()); err != nil {
		t.Fatal(err)
	}
	r.stream = packager.NewStream(packager.Options{Room: "corn", Epoch: r.begin.Epoch, Anchor: r.begin.Anchor, State: r.begin.State, Window: 10 * time.Minute})
	r.live.Add(r.stream)
	f.Attach(r.begin.Show, r.begin.Seq)
	r.over.Go(func() { r.picture(ctx) })
	return r
}

// picture sends 25 pictures a second, with a key frame each second.
func (r *randomShow) picture(ctx context.Context) {
	sink := r.stream.Attach()
	if err := sink.SetTracks([]ingest.Track{{Codec: ingest.H264, RFC6381: "avc1.42c01e", Width: 640, Height: 360,
		SPS: [][]byte{{0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x2f, 0xf9, 0x70, 0x11, 0x00, 0x00, 0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x3c, 0x0f, 0x16, 0x2e, 0x48}},
		PPS: [][]byte{{0x68, 0xcb, 0x83, 0xcb, 0x20}}}}); err != nil {
		r.t.Error(err)
		return
	}
	start := time.Now()
	for i := int64(0); ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(start.Add(time.Duration(i) * 40 * time.Millisecond))):
		}
		nal := append([]byte{0x41}, bytes.Repeat([]byte{byte(i)}, 200)...)
		if i%25 == 0 {
			nal[0] = 0x65
		}
		if err := sink.WriteUnit(ingest.Unit{DTS: i * 3600, PTS: i * 3600, Key: i%25 == 0, NALs: [][]byte{nal}}); err != nil {
			r.t.Error(err)
			return
		}
	}
}

// host does so many things, one after the other.
func (r *randomShow) host(random *rand.Rand, actions int) {
	ctx := r.t.Context()
	for range actions {
		time.Sleep(time.Duration(random.IntN(40)) * time.Millisecond)
		product := r.products[random.IntN(len(r.products))]
		if random.IntN(2) == 0 {
			price := 1 + random.Int64N(1_000_000)
			if _, err := r.store.UpdateProduct(ctx, product, overlay.ProductChange{Price: &price}); err != nil {
				r.t.Errorf("change: %v", err)
			}
			continue
		}
		at, from := overlay.At{}, time.Now()
		switch after := time.Duration(random.IntN(3000)) * time.Millisecond; random.IntN(4) {
		case 0:
			at, from = overlay.At{Form: overlay.AtDelay, Delay: after + 1}, from.Add(after)
		case 1:
			from = from.Add(after + 500*time.Millisecond)
			at = overlay.At{Form: overlay.AtDate, Date: from}
		}
		c, err := r.store.Pin(ctx, "corn", product, at, store.Once{})
		if overlay.CodeOf(err) == overlay.Conflict && at.Form == overlay.AtDate {
			continue // the machine was so slow that the moment has passed
		}
		if err != nil {
			r.t.Errorf("pin: %v", err)
			continue
		}
		r.mu.Lock()
		r.asked[c.ID] = from.Truncate(time.Millisecond)
		r.mu.Unlock()
	}
}

// media waits until all has landed, and gives what players get of the show.
func (r *randomShow) media() []check.Cue {
	r.t.Helper()
	ctx := r.t.Context()
	for id := range r.asked {
		eventually(r.t, "a pin lands", time.Minute, func() bool {
			c, err := r.store.GetCue(ctx, "corn", id)
			return err == nil && c.Status == overlay.CueLanded
		})
	}
	events := r.events()
	eventually(r.t, "the last event lands", time.Minute, func() bool {
		l, err := r.store.Landing(ctx, events[len(events)-1].ID)
		return err == nil && l != nil
	})
	r.cut()
	r.stream.End()
	get := func(at string) []byte {
		w := httptest.NewRecorder()
		r.live.ServeHTTP(w, httptest.NewRequest("GET", at, nil))
		if w.Code != 200 {
			r.t.Fatalf("%s: %d %s", at, w.Code, w.Body)
		}
		return w.Body.Bytes()
	}
	folder := "/live/corn/" + r.begin.Epoch + "/main/"
	list, err := m3u8.Parse(get(folder + "index.m3u8"))
	if err != nil {
		r.t.Fatal(err)
	}
	var ts check.TS
	var cues []check.Cue
	for _, s := range list.Segments {
		for _, v := range ts.Part(get(path.Join(folder, s.URI))) {
			r.t.Errorf("%s: %v", s.URI, v)
		}
		cues = append(cues, ts.Cues()...)
	}
	return cues
}

func (r *randomShow) events() []overlay.Event {
	r.t.Helper()
	events, err := r.store.PictureAfter(r.t.Context(), r.begin.Show, 0, 10_000)
	if err != nil || len(events) == 0 {
		r.t.Fatalf("%d events, %v", len(events), err)
	}
	return events
}

// judge holds the cues in the media against the log and against what was asked for.
func (r *randomShow) judge(cues []check.Cue) {
	r.t.Helper()
	events := r.events()
	var state overlay.State
	next, states := 0, 0
	up := map[string]int64{} // the revisions that viewers know of what is pinned
	came := map[string]int{}
	updates := 0
	for _, c := range cues {
		var body struct {
			Kind    overlay.Kind
			Seq     uint64
			Product struct {
				ID  string
				Rev int64
			}
		}
		if err := json.Unmarshal(c.JSON, &body); err != nil {
			r.t.Fatal(err)
		}
		if body.Kind == overlay.KindState {
			states++
			if text, err := overlay.StateJSON(state); err != nil || body.Seq != uint64(next) || next > 0 && string(text) != string(c.JSON) {
				r.t.Fatalf("behind event %d the media has the state\n%s\nand the events give\n%s %v", next, c.JSON, text, err)
			}
			continue
		}
		if next == len(events) || string(events[next].Payload) != string(c.JSON) {
			r.t.Fatalf("cue %d of the media is not that of the log: %s", next+1, c.JSON)
		}
		e := events[next]
		next++
		came[e.ID]++
		landed := r.begin.Anchor.Add(time.Duration(c.PTS-900_000) * time.Second / 90_000)
		if asked, ok := r.asked[e.ID]; ok && landed.Before(asked) {
			r.t.Errorf("a pin for %v came at %v", asked, landed)
		}
		switch p := body.Product; body.Kind {
		case overlay.KindProductPin:
			up[p.ID] = p.Rev
		case overlay.KindProductUnpin:
			delete(up, p.ID)
		case overlay.KindProductUpdate:
			if updates++; p.Rev != up[p.ID]+1 {
				r.t.Errorf("revision %d of %s is told behind %d", p.Rev, p.ID, up[p.ID])
			}
			up[p.ID] = p.Rev
		}
		var err error
		if state, err = state.Apply(c.JSON); err != nil {
			r.t.Fatal(err)
		}
	}
	for id := range r.asked {
		if came[id] != 1 {
			r.t.Errorf("pin %s came %d times", id, came[id])
		}
	}
	for id, rev := range up {
		if p, err := r.store.GetProduct(r.t.Context(), id, 0); err != nil || p.Rev != rev {
			r.t.Errorf("viewers know revision %d of %s, and it has %d: %v", rev, id, p.Rev, err)
		}
	}
	if next != len(events) || len(r.asked) < 400 || updates < 100 || states < 20 {
		r.t.Errorf("%d of %d events came, %d pins and %d updates, %d states", next, len(events), len(r.asked), updates, states)
	}
}
