package api_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/store"
)

// forAll are the operations that ask for nothing.
var forAll = []string{"sign-in", "accept-invitation", "beat", "hold", "take-coupon", "points", "take-reward", "book-reminder", "reminder-came", "get-hold", "release-hold", "read-invitation", "read-festival-invitation", "register-merchant", "ask-reset", "reset-by-mail", "public-live", "public-product", "public-room", "chat", "chat-events", "write-comment", "like-comment", "vote", "public-festival", "public-festival-products"}

// naming are requests whose address names nothing of an organisation, with a body or a
// query that does: what the first organisation has. "": there is nothing to name.
var naming = map[string]string{
	"list-products": "", "list-orgs": "",
	"list-imports": "", "list-feeds": "", "list-categories": "", "list-pools": "", "list-shops": "", "list-orders": "", "export-orders": "", "list-hosts": "", "list-webhooks": "",
	"create-category": `{"path":"Food","org":"home"}`,
	"create-pool":     `{"name":"Mine","org":"home"}`,
	"me":              "", "sign-out": "", "storage": "", "get-mail": "", "test-mail": "",
	"change-password": `{"old":"x","password":"long enough 1"}`,
	"find-shows":      "?room=corn&org=home",
	"list-rooms":      "?org=home",
	"usage":           "?org=home",
	"reports":         "?org=home",
	"reports-csv":     "?org=home",
	"list-tokens":     "?org=home",
	"list-audit":      "?org=home",
	"create-room":     `{"slug":"mine","org":"home"}`,
	"create-product":  `{"sku":"X","title":"X","price":1,"currency":"CNY","org":"home"}`,
	"create-org":      `{"name":"X","parent":"home"}`,
	"create-token":    `{"name":"x","role":"owner","org":"home"}`,
	"create-image":    "?org=home",
	"create-shop":     `{"name":"Mine","kind":"link","org":"home"}`,
	"import-orders":   "?shop=01K00000000000000000000000",
	"create-host":     `{"name":"Wang","commission_bp":1,"org":"home"}`,
	"list-festivals":  "?org=home", "list-participations": "?org=home",
	"create-festival": `{"slug":"july","title":"July","starts_at":"2026-07-01T00:00:00Z","ends_at":"2026-08-01T00:00:00Z","org":"home"}`,
	"accept-festival": `{"token":"x","org":"home","rooms":["corn"]}`,
	"create-webhook":  `{"url":"https://erp.example/","types":["order.paid"],"org":"home"}`,
	"create-feed":     `{"url":"https://shop.example/other.csv","org":"home"}`,
	"create-import":   `{"url":"https://shop.example/feed.csv","org":"home"}`,
	"plan-show":       `{"room":"corn"}`,
}

// operationOf is an operation of the document.
type operationOf struct {
	ID       string           `json:"operationId"`
	Security []map[string]any `json:"security"`
	method   string
	path     string
}

func operations(t *testing.T) (all []operationOf) {
	t.Helper()
	text, err := os.ReadFile("../web/openapi.json")
	must(t, err)
	var document struct {
		Paths map[string]map[string]operationOf `json:"paths"`
	}
	must(t, json.Unmarshal(text, &document))
	for path, item := range document.Paths {
		for method, o := range item {
			o.method, o.path = strings.ToUpper(method), path
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b operationOf) int { return strings.Compare(a.ID, b.ID) })
	if len(all) < 40 {
		t.Fatalf("%d operations: that is not the document", len(all))
	}
	return all
}

// town is a server whose first organisation has one of everything.
type town struct {
	*server
	values map[string]string // by the name of a path parameter
	other  string            // id of another organisation
}

func newTown(t *testing.T) *town {
	t.Helper()
	ctx := t.Context()
	s := newServer(t, time.Second, func(o *api.Options) { o.Downloads = struct{ api.Downloads }{} }, withMail)
	product, err := s.store.CreateProduct(ctx, overlay.Product{SKU: "CORN", Title: "Secret corn", Price: 100, Currency: "CNY"}, store.Once{})
	must(t, err)
	show, err := s.store.PlanShow(ctx, "corn", overlay.Plan{}, "test", store.Once{})
	must(t, err)
	_, err = s.store.SetLineup(ctx, show.ID, overlay.NewLineup{Lines: []overlay.Line{{Product: product.ID}}}, "test")
	must(t, err)
	cue, err := s.store.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "Soon"}, overlay.At{Form: overlay.AtDelay, Delay: time.Hour}, store.Once{})
	must(t, err)
	owner, _, err := s.store.SetUpOwner(ctx, overlay.Person{Email: "li@shop.example"}, "hash", "", overlay.Actor{Name: "test"})
	must(t, err)
	token, _, err := s.store.CreateToken(ctx, overlay.Token{Name: "secret token", Role: overlay.Host, Org: overlay.HomeOrg}, "test")
	must(t, err)
	org, err := s.store.CreateOrg(ctx, overlay.Org{Name: "Other"}, overlay.System("test"), store.Once{})
	must(t, err)
	job, _, err := s.store.CreateImport(ctx, overlay.Import{Org: overlay.HomeOrg, Source: "secret.csv"}, store.ImportFile{}, "test", store.Once{})
	must(t, err)
	must(t, s.store.FailImport(ctx, job.ID, "for the test"))
	feed, err := s.store.CreateFeed(ctx, overlay.Feed{Org: overlay.HomeOrg, URL: "https://secret.example/feed", Paused: true}, "test", store.Once{})
	must(t, err)
	category, err := s.store.CreateCategory(ctx, overlay.HomeOrg, "Secret category", "test", store.Once{})
	must(t, err)
	pool, err := s.store.CreatePool(ctx, overlay.HomeOrg, "Secret pool", "test", store.Once{})
	must(t, err)
	_, err = s.store.ChangePool(ctx, pool.ID, store.PoolChange{Add: []string{product.ID}, From: overlay.Everything()}, "test")
	must(t, err)
	shop, err := s.store.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Secret shop", Kind: overlay.ShopLink, Config: overlay.ShopConfig{Template: "https://tea.example/{sku}?d={code}"}}, nil, "test", store.Once{})
	must(t, err)
	must(t, s.store.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: "d", Order: "Secret order", At: time.Now(), Amount: 100, Currency: "CNY"}}))
	orders, err := s.store.FindOrders(ctx, store.Orders{In: overlay.Everything()}, "", 1)
	must(t, err)
	_, err = s.store.CreateProduct(ctx, overlay.Product{SKU: "RICE", Title: "Secret rice", Price: 100, Currency: "CNY"}, store.Once{})
	must(t, err)
	allocation, err := s.store.CreateAllocation(ctx, overlay.Allocation{Show: show.ID, Product: product.ID, Total: 3}, "test", store.Once{})
	must(t, err)
	timed, err := overlay.NewOffer{Offer: overlay.Offer{Show: show.ID, Product: product.ID, Price: 1, Shop: shop.ID, Starts: time.Now().Add(time.Hour)}, Length: time.Minute}.Timed(time.Now(), 20*time.Second)
	must(t, err)
	offer, err := s.store.CreateOffer(ctx, timed, "test", store.Once{})
	must(t, err)
	coupon, err := s.store.CreateCoupon(ctx, overlay.Coupon{Show: show.ID, Label: "Secret coupon", Code: "TEN"}, "test", store.Once{})
	must(t, err)
	poll, err := s.store.CreatePoll(ctx, overlay.Poll{Show: show.ID, Question: "Secret question?", Options: []string{"Red", "Green"}}, false, "test", store.Once{})
	must(t, err)
	reward, err := s.store.CreateReward(ctx, overlay.Reward{Show: show.ID, Coupon: coupon.ID, Points: 9}, "test", store.Once{})
	must(t, err)
	hook, err := s.store.CreateWebhook(ctx, overlay.Webhook{Org: overlay.HomeOrg, URL: "https://secret.example/hook", Types: []string{"order.paid"}}, false, "test", store.Once{})
	must(t, err)
	told, err := s.store.TestWebhook(ctx, hook.ID, "test", store.Once{})
	must(t, err)
	host, err := s.store.CreatePresenter(ctx, overlay.Presenter{Org: overlay.HomeOrg, Name: "Secret host", Commission: 1000}, "test", store.Once{})
	must(t, err)
	said := overlay.Comment{ID: s.store.NewID(), Show: show.ID, Viewer: "00000000000000a1", Name: "Secret viewer", Text: "Secret words", At: time.Now(), Sent: time.Now()}
	_, err = s.store.AddComments(ctx, []overlay.Comment{said})
	must(t, err)
	_, err = s.store.Mute(ctx, show.ID, store.NewMute{Comment: said.ID}, "test")
	must(t, err)
	festival, err := s.store.CreateFestival(ctx, overlay.Festival{Org: overlay.HomeOrg, Slug: "june", Title: "Secret festival", Starts: time.Now().Add(-time.Hour), Ends: time.Now().Add(time.Hour)}, "test", store.Once{})
	must(t, err)
	_, link, err := s.store.InviteToFestival(ctx, festival.Slug, "Secret merchant", "", "test", store.Once{})
	must(t, err)
	part, err := s.store.AcceptFestival(ctx, link, overlay.HomeOrg, []string{"corn"}, "test")
	must(t, err)
	return &town{s, map[string]string{"festival": festival.Slug, "participant": part.Part.ID, "participation": part.Part.ID, "comment": said.ID, "viewer": said.Viewer, "host": host.ID, "target": "youtube", "webhook": hook.ID, "delivery": told.ID, "room": "corn", "show": show.ID, "product": product.ID, "id": cue.ID, "org": "home", "member": owner.ID, "token": token.ID, "import": job.ID, "category": category.ID, "feed": feed.ID, "pool": pool.ID, "to": org.ID, "shop": shop.ID, "order": orders[0].ID, "allocation": allocation.ID, "item": product.ID, "offer": offer.ID, "coupon": coupon.ID, "reward": reward.ID, "poll": poll.ID, "ref": "0123456789abcdef"}, org.ID}
}

func (w *town) tokenFor(t *testing.T, role overlay.Role, org string) string {
	t.Helper()
	_, token, err := w.store.CreateToken(t.Context(), overlay.Token{Name: fmt.Sprint(role, " of ", org), Role: role, Org: org}, "test")
	must(t, err)
	return token
}

// sessionMark begins what is the cookie of a session, not a token.
const sessionMark = "session "

// sessionFor signs somebody in who has a role in an organisation.
func (w *town) sessionFor(t *testing.T, email string, role overlay.Role, org string) string {
	t.Helper()
	_, link, err := w.store.Invite(t.Context(), org, email, role, overlay.System("test"))
	must(t, err)
	_, cookie, err := w.store.Accept(t.Context(), link, "Stranger", "hash", false)
	must(t, err)
	return sessionMark + cookie
}

// send sends an operation about what the first organisation has.
func (w *town) send(t *testing.T, o operationOf, token string) (int, string) {
	t.Helper()
	path, body := o.path, naming[o.ID]
	for name, value := range w.values {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	if strings.Contains(path, "{") {
		t.Fatalf("%s %s: this test has no value for a parameter of the path", o.method, o.path)
	}
	if _, there := naming[o.ID]; !there && path == o.path {
		t.Fatalf("%s %s names nothing: it needs a row in naming", o.method, o.path)
	}
	if strings.HasPrefix(body, "?") {
		path, body = path+body, ""
	}
	if body == "" && o.method != http.MethodGet && o.method != http.MethodDelete {
		body = "{}"
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, o.method, w.URL+path, strings.NewReader(body))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	if cookie, ok := strings.CutPrefix(token, sessionMark); ok {
		r.Header.Set("Cookie", "mediad_session="+cookie)
		r.Header.Set("X-Mediad-CSRF", w.store.CSRF(cookie))
	} else if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := w.transport().RoundTrip(r)
	must(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(text)
}

// dump gives all rows of the database.
func (w *town) dump(t *testing.T) string {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(w.dir, "mediad.db")+"?mode=ro")
	must(t, err)
	defer db.Close()
	var b strings.Builder
	names, err := db.Query(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
	must(t, err)
	var all []string
	for names.Next() {
		var name string
		must(t, names.Scan(&name))
		all = append(all, name)
	}
	must(t, names.Err())
	for _, name := range all {
		rows, err := db.Query(`SELECT * FROM "` + name + `"`)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			must(t, rows.Scan(values...))
			for i, v := range values {
				fmt.Fprintf(&b, "%s.%s=%v ", name, columns[i], *v.(*any))
			}
			b.WriteByte('\n')
		}
		must(t, rows.Err())
	}
	return b.String()
}

// TestRights: each operation of the document stands in the table of rights, or among
// those that ask for nothing.
func TestRights(t *testing.T) {
	rights, seen := api.Rights(), map[string]bool{}
	for _, o := range operations(t) {
		seen[o.ID] = true
		_, has := rights[o.ID]
		open := slices.Contains(forAll, o.ID)
		if has == open || open != (len(o.Security) == 0) {
			t.Errorf("%s %s (%s): in the table of rights: %t, for all: %t, asks for something: %t", o.method, o.path, o.ID, has, open, len(o.Security) > 0)
		}
	}
	for name := range rights {
		if !seen[name] {
			t.Errorf("the table of rights has %s, the document does not", name)
		}
	}
}

// TestNobodyReachesAnotherOrganisation goes through all operations of the document: an
// owner of another organisation, by a token and by a session, a dock there, and whoever
// has no token read nothing of the first one's, and change nothing.
func TestNobodyReachesAnotherOrganisation(t *testing.T) {
	w := newTown(t)
	_, err := w.store.As(overlay.System("test")).CreateRoom(t.Context(), store.NewRoom{Slug: "tea", Org: w.other}, store.Once{})
	must(t, err)
	_, dock, err := w.store.CreateToken(t.Context(), overlay.Token{Name: "dock", Role: overlay.Assistant, Org: w.other, Rooms: []string{"tea"}}, "test")
	must(t, err)
	for who, credential := range map[string]string{"owner's token": w.tokenFor(t, overlay.Owner, w.other), "owner's session": w.sessionFor(t, "zhao@other.example", overlay.Owner, w.other), "dock's token": dock} {
		t.Run(who, func(t *testing.T) { w.reachesNothing(t, credential) })
	}
}

func (w *town) reachesNothing(t *testing.T, other string) {
	t.Helper()
	before := w.dump(t)
	for _, o := range operations(t) {
		if slices.Contains(forAll, o.ID) {
			continue
		}
		if status, text := w.send(t, o, ""); status != http.StatusUnauthorized {
			t.Errorf("%s without a token: %d %s", o.ID, status, text)
		}
		if o.ID == "sign-out" || o.ID == "change-password" {
			continue // they are about the stranger alone
		}
		status, text := w.send(t, o, other)
		list := naming[o.ID] == "" && o.method == http.MethodGet && status == http.StatusOK
		if !list && status != http.StatusForbidden && status != http.StatusNotFound {
			t.Errorf("%s for another organisation: %d %s", o.ID, status, text)
		}
		for _, secret := range append([]string{"Secret corn", "Corn town", "secret token", "secret.csv", "secret.example", "Secret category", "Secret pool", "Secret shop", "Secret order", "Secret viewer", "Secret words", `"home"`}, w.values["show"], w.values["product"], w.values["id"], w.values["member"], w.values["token"]) {
			if strings.Contains(text, secret) && !strings.Contains(text, `/api#`) {
				t.Errorf("%s tells another organisation of %q: %s", o.ID, secret, text)
			}
		}
	}
	if after := w.dump(t); after != before {
		t.Errorf("it changed the database:\n%s\nbecame\n%s", before, after)
	}
}

// TestRolesMayNoMore goes through all operations with each role: one without the right
// is refused and changes nothing. With the right it is not refused, which is tried where
// nothing is changed.
func TestRolesMayNoMore(t *testing.T) {
	w := newTown(t)
	rights := api.Rights()
	tokens := map[overlay.Role]string{}
	for _, role := range overlay.Roles() {
		tokens[role] = w.tokenFor(t, role, overlay.HomeOrg)
	}
	before := w.dump(t)
	refused := 0
	for _, o := range operations(t) {
		need, known := rights[o.ID]
		if !known || o.ID == "sign-out" || o.ID == "change-password" || o.ID == "room-events" || strings.HasSuffix(o.ID, "-download") {
			continue
		}
		for role, token := range tokens {
			may := overlay.Actor{Grants: []overlay.Grant{{Org: overlay.HomeOrg, Role: role}}}.May(need, overlay.HomeOrg)
			if may && (o.method != http.MethodGet || o.ID == "reveal-key") {
				continue
			}
			status, text := w.send(t, o, token)
			if may == (status == http.StatusForbidden) || status == http.StatusUnauthorized || status >= 500 {
				t.Errorf("%s as %s, which may: %t: %d %s", o.ID, role, may, status, text)
			}
			if !may {
				refused++
			}
		}
	}
	if refused < 100 {
		t.Errorf("%d requests were refused: that proves little", refused)
	}
	if after := w.dump(t); after != before {
		t.Errorf("it changed the database:\n%s\nbecame\n%s", before, after)
	}
}
