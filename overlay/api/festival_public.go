package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// What viewers see of a festival is made once for all who ask, and kept for some seconds:
// it costs by rooms, and not by viewers.
const (
	festivalName   = "festival" // the files of festivals, /c/festival/FESTIVAL.json
	goodsName      = "goods"    // what is searched; it is no file
	festivalKept   = 3 * time.Second
	goodsKept      = 10 * time.Second
	someMoments    = "public, max-age=3"
	mostScheduled  = 200
	mostGoods      = 5000
	mostGoodsFound = 60
)

// publicFestival is what viewers see of a festival: nothing before its reveal, no rehearsals.
type publicFestival struct {
	Slug        string              `json:"slug"`
	Title       string              `json:"title"`
	Description string              `json:"description,omitempty"`
	Picture     string              `json:"picture,omitempty"`
	Organiser   string              `json:"organiser"`
	Starts      time.Time           `json:"starts_at"`
	Ends        time.Time           `json:"ends_at"`
	Timezone    string              `json:"timezone,omitempty" doc:"Whose days the schedule has; missing: UTC"`
	At          time.Time           `json:"at" doc:"When this was made: clocks of viewers are wrong by minutes"`
	Rooms       []publicPlace       `json:"rooms" doc:"Those on air first, the most viewers first; then those whose next show comes first; then the others"`
	Schedule    []publicPlannedShow `json:"schedule" doc:"Planned shows, the next one first; 200 at most"`
	Regions     []string            `json:"regions" doc:"Of the rooms, with those around them: Guangdong, Guangdong/Guangzhou"`
	Categories  []string            `json:"categories" doc:"Of products that viewers have seen, from the root: Food, Food > Fruit"`
}

// publicPlace is a room on the wall of a festival.
type publicPlace struct {
	Room       string         `json:"room" doc:"Slug"`
	Title      string         `json:"title" doc:"Of the room"`
	Org        string         `json:"org" doc:"The name of the organisation whose room it is"`
	Region     string         `json:"region,omitempty"`
	Live       bool           `json:"live"`
	Waiting    bool           `json:"waiting,omitempty" doc:"Live, and its publisher is waited for"`
	Show       string         `json:"show,omitempty" doc:"The show that is on air"`
	ShowTitle  string         `json:"show_title,omitempty"`
	Since      *time.Time     `json:"since,omitempty" doc:"When that show began"`
	Viewers    int            `json:"viewers"`
	Picture    string         `json:"picture,omitempty" doc:"A picture of the stream, while it is live; missing where media is protected"`
	Pinned     *PublicGoods   `json:"pinned,omitempty" doc:"What is pinned, the last one"`
	Categories []string       `json:"categories" doc:"Of products that viewers have seen in its shows"`
	Next       *PublicPlanned `json:"next,omitempty" doc:"While it is not live: its next show"`
}

type PublicPlanned struct {
	Show   string    `json:"show"`
	Title  string    `json:"title"`
	Starts time.Time `json:"starts_at"`
}

type publicPlannedShow struct {
	PublicPlanned
	Room      string `json:"room"`
	RoomTitle string `json:"room_title"`
	Region    string `json:"region,omitempty"`
	Picture   string `json:"picture,omitempty"`
}

// PublicGoods is a product on the page of a festival.
type PublicGoods struct {
	ID        string            `json:"id"`
	Title     string            `json:"title"`
	Titles    map[string]string `json:"titles,omitempty" doc:"Titles by locale (BCP 47); title is for all others"`
	Price     int64             `json:"price" doc:"In minor units"`
	ListPrice int64             `json:"list_price,omitempty"`
	Currency  string            `json:"currency"`
	Digits    int               `json:"digits" doc:"Digits of the currency's minor unit"`
	Stock     overlay.Stock     `json:"stock"`
	Image     string            `json:"image,omitempty"`
}

// foundGoods is a product with where viewers find it.
type foundGoods struct {
	PublicGoods
	Category string `json:"category,omitempty"`
	Room     string `json:"room"`
	RoomName string `json:"room_title"`
	Org      string `json:"org" doc:"The name of the organisation whose room it is"`
	Region   string `json:"region,omitempty"`
	Show     string `json:"show" doc:"The show in which it is, or was"`
	Live     bool   `json:"live" doc:"That show is on air"`
	Ended    bool   `json:"ended" doc:"That show has ended: there may be a recording"`

	words string // of titles, in lower case
}

type publicFound struct {
	At    time.Time    `json:"at"`
	Items []foundGoods `json:"items" doc:"Of shows on air first, then the latest; 60 at most"`
	More  bool         `json:"more,omitempty" doc:"There are others"`
}

// goodsOf is all that can be found in a festival.
type goodsOf struct {
	all        []foundGoods
	categories map[string][]string // by room
}

func (a *API) publicFestivals(h huma.API) {
	open := func(op huma.Operation) huma.Operation {
		op.Method, op.Tags, op.Errors = http.MethodGet, []string{"viewers"}, []int{404}
		op.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
			ctx.SetHeader("Access-Control-Allow-Origin", "*")
			ctx.SetHeader("Cache-Control", someMoments)
			next(ctx)
		}}
		return op
	}
	register(a, h, open(huma.Operation{OperationID: "public-festival", Path: "/c/festival/{file}",
		Summary: "A festival: its rooms, those on air first, and its schedule: FESTIVAL.json"}), a.publicFestival)
	register(a, h, open(huma.Operation{OperationID: "public-festival-products", Path: foundInside + "{festival}",
		Summary: "Find products that viewers have seen in the rooms of a festival"}), a.publicFound)
	// The mux could not tell this address from that of a product of a show, so Before brings it
	// to another one.
	paths := h.OpenAPI().Paths
	paths[foundAt] = paths[foundInside+"{festival}"]
	delete(paths, foundInside+"{festival}")
}

const (
	foundAt     = "/c/festival/{festival}/products"
	foundInside = "/c/festival-products/"
	noSlug      = "_" // no festival has this name
)

// foundPath gives where the search in a festival is answered; "": the path is none.
func foundPath(path string) string {
	slug, ok := strings.CutPrefix(path, "/c/festival/")
	if ok {
		slug, ok = strings.CutSuffix(slug, "/products")
	}
	if !ok {
		return ""
	}
	if overlay.CheckSlug(slug) != nil {
		slug = noSlug
	}
	return foundInside + slug
}

// festivalFile is the file of a festival.
type festivalFile struct{ json.RawMessage }

// Schema tells of it.
func (festivalFile) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[publicFestival](), true, "PublicFestival")
}

func (a *API) publicFestival(ctx context.Context, in *struct {
	File string `path:"file" doc:"FESTIVAL.json"`
}) (*cached[festivalFile], error) {
	slug, ok := strings.CutSuffix(in.File, jsonName)
	if !ok {
		return nil, overlay.Errorf(overlay.NotFound, "there is no such festival")
	}
	f, err := a.editionNow(ctx, a.festivalFiles, slug)
	if err != nil {
		return nil, err
	}
	return &cached[festivalFile]{someMoments, festivalFile{f.text}}, nil
}

// festivalNow makes the file of a festival.
func (a *API) festivalNow(ctx context.Context, slug string) (any, error) {
	f, err := a.viewers.Festival(ctx, slug)
	if err != nil {
		return nil, err
	}
	now, err := a.viewers.FestivalNow(ctx, f, mostScheduled)
	if err != nil {
		return nil, err
	}
	by, err := a.viewers.Org(ctx, f.Org)
	if err != nil {
		return nil, err
	}
	goods, err := a.goodsNow(ctx, slug)
	if err != nil {
		return nil, err
	}
	out := &publicFestival{Slug: f.Slug, Title: f.Title, Description: f.Description, Picture: a.image(f.Picture), Organiser: by.Name, Starts: f.Starts, Ends: f.Ends, Timezone: f.Timezone,
		At: time.Now().UTC().Truncate(time.Millisecond), Rooms: []publicPlace{}, Schedule: []publicPlannedShow{}, Regions: []string{}, Categories: []string{}}
	open, next, places := byRoom(now.Open), byRoom(now.Planned), map[string]store.FestivalPlace{}
	for _, p := range now.Places {
		places[p.Slug] = p
		room, err := a.publicPlace(ctx, p, open[p.Slug], next[p.Slug])
		if err != nil {
			return nil, err
		}
		room.Categories = append([]string{}, goods.categories[p.Slug]...)
		out.Rooms = append(out.Rooms, room)
		out.Regions = append(out.Regions, overlay.RegionSteps(p.Region)...)
		out.Categories = append(out.Categories, room.Categories...)
	}
	for _, s := range now.Planned {
		p := places[s.Room]
		out.Schedule = append(out.Schedule, publicPlannedShow{PublicPlanned{s.ID, s.Title, s.Starts}, s.Room, p.Title, p.Region, a.image(s.Picture)})
	}
	slices.SortStableFunc(out.Rooms, byWall)
	slices.Sort(out.Regions)
	slices.Sort(out.Categories)
	out.Regions, out.Categories = slices.Compact(out.Regions), slices.Compact(out.Categories)
	return out, nil
}

// byWall is the order of rooms on the wall.
func byWall(x, y publicPlace) int {
	switch {
	case x.Live != y.Live:
		if x.Live {
			return -1
		}
		return 1
	case x.Live:
		return y.Viewers - x.Viewers
	case (x.Next == nil) != (y.Next == nil):
		if x.Next != nil {
			return -1
		}
		return 1
	case x.Next != nil:
		return x.Next.Starts.Compare(y.Next.Starts)
	}
	return 0
}

func (a *API) publicPlace(ctx context.Context, p store.FestivalPlace, open, next *overlay.Show) (publicPlace, error) {
	b := publicPlace{Room: p.Slug, Title: p.Title, Org: p.OrgName, Region: p.Region}
	status := a.o.Broadcasts.Status(p.Slug)
	if open != nil && open.State == overlay.ShowLive && status.Live {
		b.Live, b.Waiting, b.Show, b.ShowTitle, b.Since, b.Viewers = true, status.Waiting, open.ID, open.Title, &open.Started, status.Viewers
		if a.o.PlaybackToken == nil && a.o.Posters != nil {
			b.Picture = a.o.Addresses.Poster(p.Slug, "")
		}
		_, pins, err := a.viewers.ShowNow(ctx, open.ID)
		if err != nil {
			return b, err
		}
		if len(pins) > 0 {
			goods := a.goodsOf(pins[len(pins)-1].Product)
			b.Pinned = &goods
		}
		return b, nil
	}
	if next != nil {
		b.Next = &PublicPlanned{next.ID, next.Title, next.Starts}
	}
	return b, nil
}

func (a *API) goodsOf(p overlay.Product) PublicGoods {
	digits, _ := overlay.MinorDigits(p.Currency)
	g := PublicGoods{ID: p.ID, Title: p.Title, Titles: p.Titles, Price: p.Price, ListPrice: p.ListPrice, Currency: p.Currency, Digits: digits, Stock: p.Stock, Image: a.image(p.Image)}
	if g.Image == "" && len(p.Images) > 0 {
		g.Image = a.image(p.Images[0])
	}
	return g
}

// goodsNow gives what can be found in a festival.
func (a *API) goodsNow(ctx context.Context, slug string) (*goodsOf, error) {
	f, err := a.editionNow(ctx, a.festivalGoods, slug)
	if err != nil {
		return nil, err
	}
	return f.value.(*goodsOf), nil
}

// festivalProducts makes what can be found in a festival: products of shows on air that were
// pinned or revealed, those of planned shows whose time has come, and those that were pinned in
// shows that have ended, as the catalogue has them today.
func (a *API) festivalProducts(ctx context.Context, slug string) (any, error) {
	f, err := a.viewers.Festival(ctx, slug)
	if err != nil {
		return nil, err
	}
	now, err := a.viewers.FestivalNow(ctx, f, mostScheduled)
	if err != nil {
		return nil, err
	}
	places := map[string]store.FestivalPlace{}
	for _, p := range now.Places {
		places[p.Slug] = p
	}
	out, seen := &goodsOf{categories: map[string][]string{}}, map[[2]string]bool{}
	add := func(p overlay.Product, room, show string, live, ended bool) {
		at := [2]string{room, p.ID}
		if len(out.all) >= mostGoods || seen[at] {
			return
		}
		seen[at] = true
		place := places[room]
		g := foundGoods{PublicGoods: a.goodsOf(p), Category: p.Category, Room: room, RoomName: place.Title, Org: place.OrgName, Region: place.Region, Show: show, Live: live, Ended: ended, words: strings.ToLower(p.Title)}
		for _, title := range p.Titles {
			g.words += "\n" + strings.ToLower(title)
		}
		out.all = append(out.all, g)
		out.categories[room] = append(out.categories[room], overlay.CategoryPaths(p.Category)...)
	}
	for _, show := range slices.Concat(now.Open, now.Planned) {
		planned := show.State == overlay.ShowPlanned
		if !planned {
			_, pins, err := a.viewers.ShowNow(ctx, show.ID)
			if err != nil {
				return nil, err
			}
			for _, pin := range slices.Backward(pins) {
				add(pin.Product, show.Room, show.ID, show.State == overlay.ShowLive, false)
			}
		}
		lines, err := a.viewers.Revealed(ctx, show.ID, time.Time{})
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if !planned || !l.Reveal.IsZero() && !l.Reveal.After(time.Now()) {
				add(l.Goods, show.Room, show.ID, show.State == overlay.ShowLive, false)
			}
		}
	}
	shown, err := a.viewers.FestivalShown(ctx, f, mostGoods)
	if err != nil {
		return nil, err
	}
	for _, s := range shown {
		add(s.Product, s.Room, s.Show, false, true)
	}
	for room, all := range out.categories {
		slices.Sort(all)
		out.categories[room] = slices.Compact(all)
	}
	return out, nil
}

func (a *API) publicFound(ctx context.Context, in *struct {
	Festival string `path:"festival" doc:"The festival's slug"`
	Q        string `query:"q" maxLength:"200" doc:"Words of the title, in any language that it has"`
	Category string `query:"category" maxLength:"500" doc:"From the root: Food > Fruit; with all below it"`
	Region   string `query:"region" maxLength:"200" doc:"From the whole: Guangdong; with all that lies in it"`
}) (*cached[publicFound], error) {
	goods, err := a.goodsNow(ctx, in.Festival)
	if err != nil {
		return nil, err
	}
	out := publicFound{At: time.Now().UTC().Truncate(time.Millisecond), Items: []foundGoods{}}
	words := strings.Fields(strings.ToLower(in.Q))
	for _, g := range goods.all {
		if !g.is(words, in.Category, in.Region) {
			continue
		}
		if len(out.Items) == mostGoodsFound {
			out.More = true
			break
		}
		out.Items = append(out.Items, g)
	}
	return &cached[publicFound]{someMoments, out}, nil
}

func (g foundGoods) is(words []string, category, region string) bool {
	for _, word := range words {
		if !strings.Contains(g.words, word) {
			return false
		}
	}
	return (category == "" || g.Category == category || strings.HasPrefix(g.Category, category+" > ")) &&
		(region == "" || g.Region == region || strings.HasPrefix(g.Region, region+"/"))
}
