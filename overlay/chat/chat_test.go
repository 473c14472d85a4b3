package chat

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oklog/ulid/v2"

	"mediad/overlay"
)

const show = "01K00000000000000000000000"

// rows is a store in memory.
type rows struct {
	mu       sync.Mutex
	chat     overlay.Chat
	comments []overlay.Comment
	likes    map[string]int64
	fails    bool
	writes   int
	changed  chan struct{}
}

func newRows() *rows {
	return &rows{changed: make(chan struct{}), likes: map[string]int64{}, chat: overlay.Chat{Show: overlay.Show{ID: show, Room: "corn", State: overlay.ShowLive}, RoomID: "r", Settings: overlay.DefaultChat()}}
}

func (r *rows) set(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *rows) Chat(_ context.Context, id string) (overlay.Chat, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if id != show {
		return overlay.Chat{}, overlay.Errorf(overlay.NotFound, "there is no such show")
	}
	return r.chat, nil
}

func (r *rows) GetShow(ctx context.Context, id string) (overlay.Show, error) {
	c, err := r.Chat(ctx, id)
	return c.Show, err
}

func (r *rows) NewestComment(context.Context, string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.comments) == 0 {
		return "", nil
	}
	return r.comments[len(r.comments)-1].ID, nil
}

func (r *rows) CommentsBefore(_ context.Context, _, _ string, limit int) ([]overlay.Comment, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []overlay.Comment
	for _, c := range slices.Backward(r.comments) {
		if c.Seen() && len(list) < limit {
			list = append(list, c)
		}
	}
	return list, nil
}

func (r *rows) CommentsNamed(_ context.Context, _ string, ids []string) ([]overlay.Comment, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.comments), func(c overlay.Comment) bool { return !slices.Contains(ids, c.ID) }), nil
}

func (r *rows) AddComments(_ context.Context, list []overlay.Comment) (map[string]bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fails {
		return nil, errors.New("the disk is full")
	}
	r.writes++
	kept := map[string]bool{}
	for _, c := range list {
		kept[c.ID] = true
	}
	r.comments = append(r.comments, list...)
	return kept, nil
}

func (r *rows) LikeComments(_ context.Context, _ string, likes map[string]int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fails {
		return errors.New("the disk is full")
	}
	for id, n := range likes {
		r.likes[id] += n
	}
	return nil
}

func (r *rows) Changed() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

func newHub(r *rows) *Hub {
	return New(Options{Store: r, NewID: nextID()})
}

func nextID() func() string { return func() string { return ulid.Make().String() } }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func said(n int) overlay.NewComment {
	return overlay.NewComment{Text: fmt.Sprint("line ", n), Name: "Mei", Viewer: fmt.Sprintf("%016x", n)}
}

// idsIn gives the ids of the comments in what a listener heard.
func idsIn(text string) (ids []string) {
	for _, f := range strings.Split(text, "\n\n") {
		if id, ok := strings.CutPrefix(f, "id: "); ok {
			ids = append(ids, id[:26])
		}
	}
	return ids
}

// TestListenersHearWhatPagesHave: many write at the same time, and listeners come at any
// moment, or come back behind any comment. What each hears, together with what it had, is
// what the database has, in its order.
func TestListenersHearWhatPagesHave(t *testing.T) {
	r := newRows()
	h := newHub(r)
	const many = 600
	type heard struct {
		after string
		text  strings.Builder
	}
	var all sync.WaitGroup
	var results []*heard
	ctx, stop := context.WithCancel(t.Context())
	listen := func(after string) {
		l, err := h.Listen(ctx, show, after)
		must(t, err)
		got := &heard{after: after}
		got.text.Write(l.Greeting)
		results = append(results, got)
		all.Go(func() {
			defer l.Close()
			for {
				text, wake, ok := l.Hear()
				if !ok {
					t.Error("a listener fell behind")
					return
				}
				if got.text.Write(text); len(text) > 0 {
					continue
				}
				select {
				case <-wake:
				case <-ctx.Done():
					if rest, _, _ := l.Hear(); len(rest) > 0 {
						got.text.Write(rest)
					}
					return
				}
			}
		})
	}
	listen("")
	var writing sync.WaitGroup
	for part := range 3 {
		for w := range 20 {
			writing.Go(func() {
				for i := range many / 60 {
					if _, err := h.Post(t.Context(), show, said(part*many/3+w*many/60+i), netip.Addr{}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		r.mu.Lock()
		from := r.comments[len(r.comments)/2].ID
		r.mu.Unlock()
		listen(from)
	}
	stop()
	all.Wait()
	if len(r.comments) != many || !slices.IsSortedFunc(r.comments, func(a, b overlay.Comment) int { return strings.Compare(a.ID, b.ID) }) {
		t.Fatalf("%d comments, or not in order", len(r.comments))
	}
	for _, got := range results {
		var want []string
		for _, c := range r.comments {
			if c.ID > got.after {
				want = append(want, c.ID)
			}
		}
		if ids := idsIn(got.text.String()); !slices.Equal(ids, want) {
			t.Errorf("after %q: heard %d, want %d", got.after, len(ids), len(want))
		}
	}
	if r.writes >= many {
		t.Errorf("%d transactions for %d comments", r.writes, many)
	}
	p, err := h.Page(t.Context(), show)
	must(t, err)
	if len(p.Comments) != overlay.CommentPage || p.Comments[0].ID != r.comments[many-1].ID || p.Before == nil || *p.Before != r.comments[many-50].ID || !p.Events || p.Sampled {
		t.Errorf("the page has %d, the newest %s", len(p.Comments), p.Comments[0].ID)
	}
}

// TestModeratorsAreObeyed: what is deleted is gone from the page at once, listeners hear so,
// and who comes back hears it, too.
func TestModeratorsAreObeyed(t *testing.T) {
	r := newRows()
	h := newHub(r)
	ctx := t.Context()
	a, err := h.Post(ctx, show, said(1), netip.Addr{})
	must(t, err)
	b, err := h.Post(ctx, show, said(2), netip.Addr{})
	must(t, err)
	l, err := h.Listen(ctx, show, "")
	must(t, err)
	defer l.Close()
	hosts := h.ListenAsHost("corn")
	defer hosts.Close()
	r.set(func() { r.comments[0].Deleted = time.Now() })
	must(t, h.Moderated(ctx, show, a.ID))
	p, err := h.Page(ctx, show)
	must(t, err)
	if len(p.Comments) != 1 || p.Comments[0].ID != b.ID {
		t.Errorf("the page has %+v", p.Comments)
	}
	if text, _, _ := l.Hear(); !strings.Contains(string(text), "event: gone\ndata: {\"ids\":[\""+a.ID) {
		t.Errorf("heard %s", text)
	}
	if text, _, _ := hosts.Hear(); !strings.Contains(string(text), `"state":"deleted"`) || strings.Contains(string(text), "event: gone") {
		t.Errorf("hosts heard %s", text)
	}
	back, err := h.Listen(ctx, show, b.ID)
	must(t, err)
	back.Close()
	if !strings.Contains(string(back.Greeting), a.ID) || len(idsIn(string(back.Greeting))) != 0 {
		t.Errorf("who comes back heard %s", back.Greeting)
	}
	// A shadow: the writer is not told, viewers hear nothing, hosts do.
	r.set(func() {
		r.chat.Mutes = []overlay.Mute{{Viewer: said(3).Viewer, Shadow: true}, {Viewer: said(4).Viewer, Until: time.Now().Add(time.Hour)}}
		r.chat.Settings.Slow = 7
		r.chat.Pinned = &r.comments[1]
	})
	must(t, h.Moderated(ctx, show))
	if text, _, _ := l.Hear(); !strings.Contains(string(text), `"slow":7`) || !strings.Contains(string(text), "event: pinned\ndata: {\"id\":\""+b.ID) {
		t.Errorf("heard %s", text)
	}
	c, err := h.Post(ctx, show, said(3), netip.Addr{})
	must(t, err)
	if text, _, _ := l.Hear(); len(text) > 0 || !c.Shadow {
		t.Errorf("heard %s of %+v", text, c)
	}
	if text, _, _ := hosts.Hear(); !strings.Contains(string(text), c.ID) {
		t.Errorf("hosts heard %s", text)
	}
	if _, err := h.Post(ctx, show, said(4), netip.Addr{}); overlay.CodeOf(err) != overlay.Forbidden {
		t.Errorf("a muted viewer: %v", err)
	}
	if _, err := h.Post(ctx, "01K00000000000000000000001", said(5), netip.Addr{}); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("no such show: %v", err)
	}
	r.set(func() { r.chat.Show.State = overlay.ShowEnded })
	if _, err := h.Post(ctx, show, said(6), netip.Addr{}); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a show that has ended: %v", err)
	}
	if text, _, _ := l.Hear(); !strings.Contains(string(text), `"open":false`) {
		t.Errorf("heard %s", text)
	}
	r.set(func() { r.chat.Show.Rehearsal = true })
	if _, err := h.Page(ctx, show); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("a rehearsal: %v", err)
	}
}

// TestBoundsOfWriters: one viewer and one network write so much and no more, the same words
// are one comment, and what cannot be kept is not told.
func TestBoundsOfWriters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRows()
		h := newHub(r)
		ctx := t.Context()
		from := netip.MustParseAddr("8.8.8.8")
		one := said(1)
		first, err := h.Post(ctx, show, one, from)
		must(t, err)
		for range 20 {
			if c, err := h.Post(ctx, show, one, from); err != nil || c.ID != first.ID {
				t.Fatalf("the same again: %+v, %v", c, err)
			}
		}
		took := 0
		for i := range 20 {
			one.Text = fmt.Sprint("other ", i)
			if _, err := h.Post(ctx, show, one, from); err == nil {
				took++
			} else if overlay.CodeOf(err) != overlay.TooMany || err.Error() != "you can write again in 2 seconds" {
				t.Fatal(err)
			}
		}
		if took != viewerBurst-1 {
			t.Errorf("took %d", took)
		}
		time.Sleep(2 * time.Second)
		if _, err := h.Post(ctx, show, one, from); err != nil {
			t.Errorf("two seconds later: %v", err)
		}
		took = 0
		for i := range 3 * networkBurst {
			if _, err := h.Post(ctx, show, said(100+i), from); err == nil {
				took++
			} else if overlay.CodeOf(err) != overlay.TooMany {
				t.Fatal(err)
			}
		}
		if took < networkBurst-viewerBurst || took > networkBurst {
			t.Errorf("a network wrote %d", took)
		}
		for i := range 3 * networkBurst { // a proxy beside the server
			if _, err := h.Post(ctx, show, said(1000+i), netip.MustParseAddr("10.0.0.1")); err != nil {
				t.Fatal(err)
			}
		}
		r.set(func() { r.chat.Settings.Slow = 60 })
		must(t, h.Moderated(ctx, show))
		two := said(2)
		if _, err := h.Post(ctx, show, two, from); err != nil && overlay.CodeOf(err) != overlay.TooMany {
			t.Fatal(err)
		}
		time.Sleep(59 * time.Second)
		_, err = h.Post(ctx, show, two, netip.Addr{})
		must(t, err)
		two.Text = "soon"
		time.Sleep(50 * time.Second)
		if _, err := h.Post(ctx, show, two, netip.Addr{}); err == nil || err.Error() != "you can write again in 10 seconds" {
			t.Errorf("in slow mode: %v", err)
		}
		l, err := h.Listen(ctx, show, "")
		must(t, err)
		defer l.Close()
		r.mu.Lock()
		r.fails = true
		r.mu.Unlock()
		if _, err := h.Post(ctx, show, said(3), netip.Addr{}); err == nil {
			t.Error("a comment that is not kept was answered")
		}
		if text, _, _ := l.Hear(); len(text) > 0 || h.Stats().Failed != 1 {
			t.Errorf("heard %s", text)
		}
	})
}

// TestLikes: each viewer counts once, listeners hear of it, and a database that is away
// loses none.
func TestLikes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRows()
		h := newHub(r)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- h.Run(ctx) }()
		c, err := h.Post(ctx, show, said(1), netip.Addr{})
		must(t, err)
		l, err := h.Listen(ctx, show, "")
		must(t, err)
		defer l.Close()
		r.mu.Lock()
		r.fails = true
		r.mu.Unlock()
		for range 2 {
			for i := range 5 {
				must(t, h.Like(ctx, show, c.ID, said(i).Viewer))
			}
			time.Sleep(3 * tick)
		}
		if p, err := h.Page(ctx, show); err != nil || p.Comments[0].Likes != 5 {
			t.Errorf("%+v, %v", p, err)
		}
		r.mu.Lock()
		r.fails = false
		r.mu.Unlock()
		time.Sleep(2 * tick)
		synctest.Wait()
		if text, _, _ := l.Hear(); !strings.Contains(string(text), "event: change") || !strings.Contains(string(text), `"likes":5`) {
			t.Errorf("heard %s", text)
		}
		must(t, h.Like(ctx, show, c.ID, said(9).Viewer))
		stop()
		must(t, <-done)
		if !maps.Equal(r.likes, map[string]int64{c.ID: 6}) {
			t.Errorf("kept %v", r.likes)
		}
	})
}

// TestGreatCrowds: beyond a number nobody else listens, and the page is a sample that has the
// host's words; a slow listener is dropped; ids rise though the clock is set back.
func TestGreatCrowds(t *testing.T) {
	r := newRows()
	r.chat.Settings.SampleOver = 1
	now := time.Now()
	back := 0
	h := New(Options{Store: r, Now: func() time.Time { return now }, NewID: func() string {
		back++
		return ulid.MustNew(ulid.Timestamp(now.Add(-time.Duration(back)*time.Second)), ulid.DefaultEntropy()).String()
	}})
	ctx := t.Context()
	l, err := h.Listen(ctx, show, "")
	must(t, err)
	if _, err := h.Listen(ctx, show, ""); overlay.CodeOf(err) != overlay.Unavailable {
		t.Errorf("one too many: %v", err)
	}
	if _, err := h.Listen(ctx, show, "x"); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("behind what is no comment: %v", err)
	}
	host, err := h.Post(ctx, show, overlay.NewComment{Text: "Hello", Name: "Corn", Host: true}, netip.Addr{})
	must(t, err)
	before := host.ID
	for i := range 400 {
		c, err := h.Post(ctx, show, said(i), netip.Addr{})
		must(t, err)
		if c.ID <= before {
			t.Fatalf("%s comes behind %s", c.ID, before)
		}
		before = c.ID
	}
	p, err := h.Page(ctx, show)
	must(t, err)
	again, err := h.Page(ctx, show)
	must(t, err)
	if p.Events || p.Every != 2 || !p.Sampled || len(p.Comments) != overlay.CommentPage || !slices.ContainsFunc(p.Comments, func(c overlay.CommentCard) bool { return c.ID == host.ID }) || !slices.Equal(p.Comments, again.Comments) {
		t.Errorf("the sample: %+v", p)
	}
	for i := range 20_000 {
		c, err := h.at(ctx, show)
		must(t, err)
		h.tell(c, []overlay.Comment{{ID: fmt.Sprintf("01K9%022d", i), Text: strings.Repeat("好", 100)}})
	}
	if _, _, ok := l.Hear(); ok || h.Stats().Dropped != 1 {
		t.Error("a listener who has fallen behind goes on")
	}
	l.Close()
	// A crowd for which all of it is too much hears a part.
	c, err := h.at(ctx, show)
	must(t, err)
	c.viewers.listeners.Store(20_000)
	now = now.Add(time.Minute)
	left := h.Stats().LeftOut
	for i := range 100 {
		h.tell(c, []overlay.Comment{{ID: fmt.Sprintf("01KA%022d", i)}})
	}
	if n := h.Stats().LeftOut - left; n != 90 {
		t.Errorf("%d of 100 were left out, want all but %d", n, readable)
	}
	from := c.viewers.end()
	now = now.Add(time.Second)
	h.tell(c, []overlay.Comment{{ID: "01KB" + strings.Repeat("0", 22)}})
	if text, _, _ := c.viewers.from(from); !strings.HasPrefix(string(text), "event: more\ndata: {\"comments\":90}\n\nid: 01KB") {
		t.Errorf("told %s", text)
	}
}
