package api

import (
	"context"
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// Replays knows the recordings of shows.
type Replays interface {
	// Chapters tells what was spoken about when in a show, in order. It fails
	// with overlay.NotFound where there is no such show.
	Chapters(ctx context.Context, show string) ([]Chapter, error)
	// Shown lists what was pinned in a show so far, in the order of the first pin.
	Shown(ctx context.Context, show string) ([]overlay.Shown, error)
	// Place gives the place of a date in the recording of a show, in playing time; 0: it has none.
	Place(ctx context.Context, show string, date time.Time) (time.Duration, error)
}

// Chapter is a stretch of a show in which one product was spoken about.
type Chapter struct {
	Product  ChapterProduct `json:"product"`
	Date     time.Time      `json:"date" doc:"When it began, on the dates of the picture"`
	Start    float64        `json:"start" doc:"Where it begins from the show's begin, in seconds of playing time: what nobody published does not count. The same while the show is live and in its recording"`
	At       *float64       `json:"at,omitempty" doc:"Where it begins in the recording, in seconds; missing while there is none"`
	Duration float64        `json:"duration" doc:"Seconds; of the recording where there is one"`
	Clip     string         `json:"clip,omitempty" doc:"A playlist of the stretches of this product alone"`
}

// ChapterProduct is the product of a chapter as it was pinned.
type ChapterProduct struct {
	ID    string `json:"id"`
	Rev   int64  `json:"rev,omitempty"`
	SKU   string `json:"sku,omitempty"`
	Title string `json:"title,omitempty"`
}

type chaptersBody struct {
	V        int       `json:"v"`
	Show     string    `json:"show"`
	Chapters []Chapter `json:"chapters"`
}

func (a *API) chapters(ctx context.Context, show string) (*chaptersBody, error) {
	if a.o.Replays == nil {
		return nil, overlay.Errorf(overlay.NotFound, "there are no chapters")
	}
	list, err := a.o.Replays.Chapters(ctx, show)
	return &chaptersBody{1, show, list}, err
}

// shownProduct is a product that was pinned in a show, for viewers who join late.
type shownProduct struct {
	Product overlay.Card  `json:"product" doc:"As the show told of it last: id, rev, sku, title, price, list_price, currency, digits, stock. More is in /c/SHOW/p/ID@REV.json"`
	Date    time.Time     `json:"date" doc:"When it was shown first, on the dates of the picture"`
	Now     *overlay.Card `json:"now,omitempty" doc:"What of it holds now: its stock, and after the show all else, with today's price. Missing: it is not sold any more"`
}

type productsBody struct {
	V        int            `json:"v"`
	Show     string         `json:"show"`
	Products []shownProduct `json:"products" doc:"In the order in which they were shown first; of more than 500 the last"`
}

// mostShown bounds the list of products for a page.
const mostShown = 500

func (a *API) productsShown(ctx context.Context, show string) (*productsBody, error) {
	if a.o.Replays == nil {
		return nil, overlay.Errorf(overlay.NotFound, "there is no list of products")
	}
	list, err := a.o.Replays.Shown(ctx, show)
	if err != nil {
		return nil, err
	}
	over, err := a.viewers.GetShow(ctx, show)
	if err != nil {
		return nil, err
	}
	today, err := a.viewers.ShownProducts(ctx, show)
	if err != nil {
		return nil, err
	}
	b := &productsBody{1, show, []shownProduct{}}
	for _, s := range list[max(0, len(list)-mostShown):] {
		out := shownProduct{Product: s.Product, Date: s.First.UTC()}
		if p, ok := today[s.Product.ID]; ok {
			card := overlay.Card{ID: p.ID, Stock: p.Stock}
			if over.State == overlay.ShowEnded { // before that, the price of the show holds
				card = overlay.PinCard(p)
			}
			out.Now = &card
		}
		b.Products = append(b.Products, out)
	}
	return b, nil
}

// showFile is one of the files of a show.
type showFile struct{ json.RawMessage }

// Schema tells of all.
func (showFile) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[liveBody](), true, "Live"), r.Schema(reflect.TypeFor[chaptersBody](), true, "Chapters"), r.Schema(reflect.TypeFor[productsBody](), true, "Products"),
		r.Schema(reflect.TypeFor[publicLineup](), true, "Line-up"), r.Schema(reflect.TypeFor[publicPolls](), true, "Polls"),
	}}
}
