package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

// before is what the former version left: a database with two broadcasts on air, a
// paused one, scheduled cues and clicks; its secret; and the log as that version
// read it.
type before struct {
	Open, Show string
	Now        int64
	History    map[string][]struct {
		ID, Kind       string
		Seq            uint64
		At             int64
		Payload, State string
		Landed         *overlay.Landing
	}
}

// versionBefore puts that database into a new data directory.
func versionBefore(t *testing.T) (dir string, b before, c *clock) {
	t.Helper()
	dir = t.TempDir()
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		must(t, err)
		return text
	}
	must(t, json.Unmarshal(read("v00023_history.json"), &b))
	must(t, os.WriteFile(filepath.Join(dir, "secret.key"), read("v00023_history.key"), 0o600))
	db, err := sql.Open("sqlite3", filepath.Join(dir, "mediad.db"))
	must(t, err)
	_, err = db.Exec(string(read("v00023_history.sql")))
	must(t, err)
	var commits int64
	must(t, db.QueryRow(`SELECT CAST(value AS INTEGER) FROM note WHERE name = 'commits'`).Scan(&commits))
	must(t, os.WriteFile(filepath.Join(dir, "mediad.commits"), fmt.Appendf(nil, "%020d\n", commits), 0o600))
	must(t, db.Close())
	return dir, b, &clock{now: time.UnixMilli(b.Now).UTC()}
}

// story is everything that a store says about its shop, as JSON.
func story(t *testing.T, s *store.Store, b before) string {
	t.Helper()
	ctx := context.Background()
	var all []any
	add := func(v any, err error) {
		t.Helper()
		must(t, err)
		all = append(all, v)
	}
	rooms, err := s.ListRooms(ctx, overlay.Everything(), "", 100)
	add(rooms, err)
	for _, r := range rooms {
		shows, err := s.ListShows(ctx, r.Slug, "", 100)
		add(shows, err)
		for _, show := range shows {
			events, err := s.After(ctx, show.ID, 0, 1000)
			add(events, err)
			for _, e := range events {
				if c, err := s.GetCue(ctx, r.Slug, e.ID); err == nil {
					add(c, nil)
				}
			}
			_, pins, err := s.ShowNow(ctx, show.ID)
			add(pins, err)
			list, err := s.Broadcasts(ctx, show.ID)
			add(list, err)
			counts, err := s.CountClicks(ctx, store.ClickRange{Show: show.ID})
			add(counts, err)
			clicks, err := s.Clicks(ctx, store.ClickRange{Show: show.ID}, "", 100)
			add(clicks, err)
		}
	}
	products, err := s.ListProducts(ctx, overlay.Everything(), "", 100)
	add(products, err)
	imports, err := s.OpenImports(ctx)
	add(imports, err)
	waiting, err := s.WaitingBroadcast(ctx, b.Open)
	add(waiting, err)
	who, err := s.CheckToken(ctx, "a-token-of-the-version-before")
	add(who, err)
	room, err := s.RoomByKey(ctx, "corn-key")
	add(room, err)
	due, next, err := s.Due(ctx, time.UnixMilli(b.Now))
	add([]any{due, next}, err)
	text, err := json.MarshalIndent(all, "", " ")
	must(t, err)
	return string(text)
}

// aPool is a category, and a pool with a product that is granted.
func aPool(t *testing.T, s *store.Store, product string) {
	t.Helper()
	_, err := s.CreateCategory(t.Context(), "home", "Food", "test", store.Once{})
	must(t, err)
	org, err := s.CreateOrg(t.Context(), overlay.Org{Name: "Host town"}, overlay.System("test"), store.Once{})
	must(t, err)
	pool, err := s.CreatePool(t.Context(), "home", "Autumn", "test", store.Once{})
	must(t, err)
	_, err = s.ChangePool(t.Context(), pool.ID, store.PoolChange{Add: []string{product}, From: overlay.Everything()}, "test")
	must(t, err)
	_, err = s.GrantPool(t.Context(), pool.ID, org.ID, time.Time{}, "test")
	must(t, err)
	_, err = s.CreateFeed(t.Context(), overlay.Feed{Org: "home", URL: "https://shop.example/feed"}, "test", store.Once{})
	must(t, err)
}

// TestPostgresMove: the database of the former version is upgraded in place, with a
// broadcast on air, and moved to PostgreSQL and back. The history reads the same
// everywhere, and the broadcast goes on.
func TestPostgresMove(t *testing.T) {
	dir, b, clock := versionBefore(t)
	ctx := t.Context()
	open := func(address string) *store.Store {
		t.Helper()
		s, err := store.Open(ctx, store.Options{Dir: dir, URL: address, Now: clock.Now})
		must(t, err)
		return s
	}
	url := store.CopyOf(t, "template0")
	toPostgres := store.MoveOptions{Dir: dir, URL: url, ToPostgres: true, Patience: 300 * time.Millisecond}
	toSQLite := toPostgres
	toSQLite.ToPostgres = false

	// The move is refused before the upgrade.
	if _, err := store.Move(ctx, toPostgres); err == nil || !strings.Contains(err.Error(), "has schema 23") || !strings.Contains(err.Error(), "start the server") {
		t.Errorf("unequal versions: %v", err)
	}
	s := open("")
	anImport(t, s)
	anImage(t, s)
	anAudience(t, s, b)
	first := story(t, s, b)
	for show, events := range b.History {
		got, err := s.PictureAfter(ctx, show, 0, 1000)
		if err != nil || len(got) != len(events) {
			t.Fatalf("show %s has %d events of %d, %v", show, len(got), len(events), err)
		}
		for i, e := range events {
			if g := got[i]; g.ID != e.ID || string(g.Kind) != e.Kind || g.Seq != e.Seq || g.At.UnixMilli() != e.At || string(g.Payload) != e.Payload || string(g.State) != e.State || !cmp.Equal(g.Landed, e.Landed) {
				t.Errorf("event %+v became %+v", e, g)
			}
		}
	}
	somebody(t, s)
	// What that version did not have.
	at := clock.Now().Add(48 * time.Hour)
	planned, err := s.PlanShow(ctx, "corn", overlay.Plan{Starts: &at}, "test", store.Once{})
	must(t, err)
	_, err = s.SetLineup(ctx, planned.ID, overlay.NewLineup{Lines: []overlay.Line{{Product: "SKU-2", Reveal: at}}}, "test")
	must(t, err)
	aPool(t, s, "SKU-2")
	anOrder(t, s, planned.ID, "SKU-2")
	must(t, s.Close())
	anUpdateThatWaits(t, store.Options{Dir: dir, Now: clock.Now, Pace: 1})
	s = open("")
	first = story(t, s, b)
	must(t, s.Close())

	var told []string
	toPostgres.Progress = func(table string, rows, of int64) { told = append(told, table) }
	moved, err := store.Move(ctx, toPostgres)
	must(t, err)
	if !strings.Contains(moved.Kept, filepath.Join(dir, "backups", "moved-v")) || len(moved.Tables) != 75 {
		t.Errorf("moved %+v", moved)
	}
	for _, m := range moved.Tables {
		if m.Rows == 0 {
			t.Errorf("the table %s is empty: it proves nothing", m.Name)
		}
	}
	// Without the address no empty database is made in silence. Nothing is moved into a
	// database that is not empty.
	if _, err := store.Open(ctx, store.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "is missing") {
		t.Errorf("a start with SQLite: %v", err)
	}

	s = open(url)
	if s.Restored() != nil {
		t.Errorf("taken for a copy: %+v", s.Restored())
	}
	if diff := cmp.Diff(first, story(t, s, b)); diff != "" {
		t.Fatalf("PostgreSQL tells another story (-SQLite +PostgreSQL):\n%s", diff)
	}
	if _, err := store.Move(ctx, toSQLite); err == nil || !strings.Contains(err.Error(), "is in use") {
		t.Errorf("moved beside a server: %v", err)
	}
	// The broadcast goes on, and so do the log and the pins.
	again, err := s.BeginBroadcast(ctx, "corn", clock.Now())
	if err != nil || again.Epoch != b.Open || !again.Resumed {
		t.Errorf("resumed %+v, %v", again, err)
	}
	show, err := s.GetShow(ctx, b.Show)
	must(t, err)
	pin, err := s.Pin(ctx, "corn", "SKU-2", overlay.At{}, store.Once{})
	if err != nil || pin.Seq != show.Seq+1 {
		t.Errorf("pinned %+v behind %d: %v", pin, show.Seq, err)
	}
	second := story(t, s, b)
	must(t, s.Close())

	other := store.CopyOf(t, strings.TrimPrefix(mustURL(t, url).Path, "/"))
	must(t, os.WriteFile(filepath.Join(dir, "mediad.db"), []byte("something"), 0o600))
	if _, err := store.Move(ctx, toSQLite); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("moved over a file: %v", err)
	}
	must(t, os.Remove(filepath.Join(dir, "mediad.db")))
	back, err := store.Move(ctx, toSQLite)
	must(t, err)
	if back.Kept != "" || len(back.Tables) != 75 {
		t.Errorf("moved back %+v", back)
	}
	if _, err := store.Move(ctx, store.MoveOptions{Dir: dir, URL: other, ToPostgres: true}); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("moved into a full database: %v", err)
	}
	s = open("")
	if diff := cmp.Diff(second, story(t, s, b)); diff != "" || s.Restored() != nil {
		t.Errorf("back in SQLite (restored %v):\n%s", s.Restored(), diff)
	}
	must(t, s.Close())
	// The former database is marked as a copy, and is not taken up beside the newer one.
	for _, current := range []bool{false, true} {
		s, err := store.Open(ctx, store.Options{Dir: dir, URL: url, Current: current})
		if err == nil {
			must(t, s.Close())
		}
		if err == nil || !strings.Contains(err.Error(), "was moved to "+filepath.Join(dir, "mediad.db")) || !strings.Contains(err.Error(), "take database.url out") {
			t.Fatalf("a start with the former database: %v", err)
		}
	}
	must(t, os.Rename(filepath.Join(dir, "mediad.db"), filepath.Join(dir, "put-away.db")))
	s = open(url)
	if s.Restored() == nil {
		t.Error("the former database is taken for the present one")
	}
	must(t, s.Close())
}

// TestPostgresMoveIsWhole: a move that fails leaves the target empty and the source as
// it was, and its error names the table.
func TestPostgresMoveIsWhole(t *testing.T) {
	dir, b, clock := versionBefore(t)
	ctx := t.Context()
	s, err := store.Open(ctx, store.Options{Dir: dir, Now: clock.Now})
	must(t, err)
	first := story(t, s, b)
	must(t, s.Close())
	db, err := sql.Open("sqlite3", filepath.Join(dir, "mediad.db"))
	must(t, err)
	_, err = db.Exec(`INSERT INTO audit(id, actor, action, object, at) VALUES ('zero', 'a' || char(0) || 'b', '', '', 0)`)
	must(t, err)
	must(t, db.Close())
	o := store.MoveOptions{Dir: dir, URL: store.CopyOf(t, "template0"), ToPostgres: true}
	if _, err := store.Move(ctx, o); err == nil || !strings.Contains(err.Error(), "move table audit") || !strings.Contains(err.Error(), "U+0000") {
		t.Fatalf("moved a zero byte: %v", err)
	}
	// A server does not take the empty target for the shop.
	if _, err := store.Open(ctx, store.Options{Dir: dir, URL: o.URL}); err == nil || !strings.Contains(err.Error(), "store move") {
		t.Errorf("a start with the empty target: %v", err)
	}
	s, err = store.Open(ctx, store.Options{Dir: dir, Now: clock.Now})
	must(t, err)
	if diff := cmp.Diff(first, story(t, s, b)); diff != "" {
		t.Errorf("the source is changed:\n%s", diff)
	}
	must(t, s.Close())
}

// somebody sets the owner up, and invites somebody else.
func somebody(t *testing.T, s *store.Store) {
	t.Helper()
	_, _, err := s.SetUpOwner(t.Context(), overlay.Person{Email: "li@shop.example", Name: "Li"}, "hash", "", overlay.Actor{Name: "tester"})
	must(t, err)
	_, err = s.SetRetentions(t.Context(), overlay.HomeOrg, overlay.Keeping{}, map[overlay.PersonalKind]int64{overlay.KeptComments: 30}, nil, "tester")
	must(t, err)
	_, _, err = s.As(overlay.System("tester")).Invite(t.Context(), overlay.HomeOrg, "wang@shop.example", overlay.Host, store.Sending{Mail: true}, store.Once{})
	must(t, err)
}

// anOrder opens a shop that lists a product, and sells it once. Another unit is held, and a
// webhook does not take what it is told.
func anOrder(t *testing.T, s *store.Store, show, sku string) {
	t.Helper()
	ctx := t.Context()
	shop, err := s.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink, Config: overlay.ShopConfig{Hosts: []string{"tea.example"}}}, nil, "test", store.Once{})
	must(t, err)
	product, err := s.GetProduct(ctx, sku, 0)
	must(t, err)
	_, err = s.SetListing(ctx, overlay.Listing{Shop: shop.ID, Product: product.ID, Link: "https://tea.example/p", Ref: "71"}, "test")
	must(t, err)
	_, err = s.CreateAllocation(ctx, overlay.Allocation{Show: show, Product: product.ID, Total: 3}, "test", store.Once{})
	must(t, err)
	hook, err := s.CreateWebhook(ctx, overlay.Webhook{Org: overlay.HomeOrg, URL: "https://erp.example/", Types: []string{"order.paid"}}, false, "test", store.Once{})
	must(t, err)
	told, err := s.TestWebhook(ctx, hook.ID, "test", store.Once{})
	must(t, err)
	_, err = s.NoteWebhooks(ctx, []overlay.WebhookResult{{Webhook: hook.ID, Delivery: told.ID, Queued: told.Created, State: overlay.DeliveryFailed, Attempt: overlay.Attempt{Status: 500}}})
	must(t, err)
	timed, err := overlay.NewOffer{Offer: overlay.Offer{Show: show, Product: product.ID, Price: 0, Shop: shop.ID, Starts: time.Now().Add(24 * time.Hour)}, Length: time.Minute}.Timed(time.Now(), 20*time.Second)
	must(t, err)
	_, err = s.CreateOffer(ctx, timed, "test", store.Once{})
	must(t, err)
	_, err = s.ChangeShop(ctx, shop.ID, overlay.ShopChange{Config: &overlay.ShopConfig{Hosts: []string{"tea.example"}, Template: "https://tea.example/{sku}?d={code}"}}, "test")
	must(t, err)
	coupon, err := s.CreateCoupon(ctx, overlay.Coupon{Show: show, Label: "Ten off", Code: "MAIZE", Shown: true}, "test", store.Once{})
	must(t, err)
	_, err = s.TakeCoupon(ctx, show, coupon.ID, "a buyer")
	must(t, err)
	poll, err := s.CreatePoll(ctx, overlay.Poll{Show: show, Question: "Which?", Options: []string{"Red", "Green"}}, true, "test", store.Once{})
	must(t, err)
	_, err = s.Vote(ctx, show, poll.ID, overlay.Vote{Viewer: "00000000000000a1"})
	must(t, err)
	theirPoints(t, s, show, coupon.ID)
	at := time.Now().Add(48 * time.Hour)
	planned, err := s.PlanShow(ctx, "corn", overlay.Plan{Title: "Later", Starts: &at}, "test", store.Once{})
	must(t, err)
	must(t, s.BookReminder(ctx, planned.ID, overlay.Contact{Mail: "li@buyer.example"}, overlay.Chinese))
	host, err := s.CreatePresenter(ctx, overlay.Presenter{Org: overlay.HomeOrg, Name: "Wang", Commission: 1250}, "test", store.Once{})
	must(t, err)
	must(t, s.SetShowPresenter(ctx, show, host.ID, true, "test"))
	aChat(t, s, show)
	festival, err := s.CreateFestival(ctx, overlay.Festival{Org: overlay.HomeOrg, Slug: "june", Title: "June", Starts: time.Now().Add(-time.Hour), Ends: time.Now().Add(time.Hour)}, "test", store.Once{})
	must(t, err)
	_, link, err := s.InviteToFestival(ctx, festival.Slug, "Corn town", "Hebei/Gaobeidian", "test", store.Once{})
	must(t, err)
	shown, err := s.GetShow(ctx, show)
	must(t, err)
	_, err = s.AcceptFestival(ctx, link, overlay.HomeOrg, []string{shown.Room}, "test")
	must(t, err)
	held := func() overlay.Hold {
		h, err := s.Hold(ctx, show, product.ID, "", s.NewHold(shop.ID, 1, overlay.HeldPurchase{Title: "Corn"}))
		must(t, err)
		return h
	}
	held()
	must(t, s.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: "d", Order: "1", At: time.Now(), Amount: 100, Currency: "CNY", Hold: held().ID, Lines: []overlay.OrderLine{{Ref: "71", Quantity: 1, Amount: 100}}}}))
}

// aChat is a comment, whose viewer is muted, in a room that is set, of an organisation that
// signs.
func aChat(t *testing.T, s *store.Store, show string) {
	t.Helper()
	ctx := t.Context()
	said := overlay.Comment{ID: s.NewID(), Show: show, Viewer: "00000000000000a1", Name: "Mei", Text: "甜吗？", At: time.Now(), Sent: time.Now(), Question: true}
	kept, err := s.AddComments(ctx, []overlay.Comment{said, {ID: s.NewID(), Show: s.NewID(), At: time.Now(), Sent: time.Now()}})
	must(t, err)
	if len(kept) != 1 || !kept[said.ID] {
		t.Fatalf("kept %v", kept)
	}
	_, err = s.Mute(ctx, show, store.NewMute{Comment: said.ID, For: time.Hour}, "test")
	must(t, err)
	set := overlay.DefaultChat()
	set.Slow = 10
	_, err = s.SetChat(ctx, show, set, "test")
	must(t, err)
	_, err = s.RenewChatKey(ctx, overlay.HomeOrg, "test", store.Once{})
	must(t, err)
}

// theirPoints gives a show a reward that a viewer has got, by a friend.
func theirPoints(t *testing.T, s *store.Store, show, coupon string) {
	const viewer = "00000000000000b1"
	ctx := t.Context()
	must(t, s.SetPointRates(ctx, show, overlay.PointRates{Friend: 9}, "test"))
	reward, err := s.CreateReward(ctx, overlay.Reward{Show: show, Coupon: coupon, Points: 9}, "test", store.Once{})
	must(t, err)
	must(t, s.PointFriend(ctx, show, "00000000000000b2", s.PointCode(show, viewer), "a friend"))
	_, err = s.TakeReward(ctx, store.RewardWish{Show: show, Reward: reward.ID, Viewer: viewer, Buyer: "a winner", Since: time.Now()})
	must(t, err)
}
