package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/viewers"
)

type beatAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         beatWord
}

// beatWord is the server's word to players about their beacons.
type beatWord struct {
	Sample float64 `json:"sample" doc:"The share of viewers that are to send beacons: those whose number, divided by 2^64, is below it"`
	Beat   float64 `json:"beat" doc:"Seconds between two beacons of a viewer"`
}

func (a *API) word(show string) beatWord {
	return beatWord{Sample: a.o.Viewers.Sample(show), Beat: viewers.Every.Seconds()}
}

func (a *API) beats(h huma.API) {
	register(a, h, huma.Operation{OperationID: "beat", Method: http.MethodPost, Path: "/c/{show}/beat", Tags: []string{"viewers"}, DefaultStatus: http.StatusOK,
		Summary: "A beacon of a player: somebody watches", Errors: []int{404, 413, 422}, MaxBodyBytes: overlay.MaxBeacon,
		Description: "The body is JSON, sent as text/plain, so that pages of other sites need no preflight request:\n\n" +
			"`{\"viewer\":\"8f3a61c07be4d215\",\"at\":1760000000.5,\"watched\":10,\"likes\":3,\"shares\":1,\"ref\":\"k3x9m2ab\",\"impressions\":[\"01HX…\"],\"left\":false}`\n\n" +
			"viewer is a random number of 64 bits in hexadecimal, which a page draws when it opens and forgets when it closes; there is no cookie. watched, likes and impressions (ids of products whose card was in sight for a second) are since the last beacon, " +
			"and so are shares. ref, in one beacon, is the code of the shared link (?ref=) by which the viewer came. " +
			"at is the place of the picture in seconds: a Unix time while live, otherwise of the recording. left: the page closes. Viewers who send none for 25 seconds have gone. " +
			"The answer, and live.json, say which share of viewers are to send beacons, and how often. Beacons of others are not counted, so nothing is lost by sending too many but the request."}, a.beat)
}

func (a *API) beat(ctx context.Context, in *struct {
	Show    string `path:"show"`
	RawBody []byte `contentType:"text/plain"`
}) (*beatAnswer, error) {
	b, err := overlay.ParseBeacon(in.RawBody)
	if err != nil {
		return nil, err
	}
	f, err := a.fileNow(ctx, in.Show, liveName)
	if err != nil { // there is no such show, or it is a rehearsal
		return nil, err
	}
	if len(b.Impressions) > 0 { // forged ones must not take the places of others
		revealed, err := f.revealed()
		if err != nil {
			return nil, err
		}
		b.Impressions = slices.DeleteFunc(b.Impressions, func(id string) bool { return !revealed[id] })
	}
	a.o.Viewers.Beat(in.Show, b)
	return &beatAnswer{"no-store", a.word(in.Show)}, nil
}

// pulse gives the figures of a show.
func (a *API) pulse(ctx context.Context, show overlay.Show) (overlay.Pulse, error) {
	p, ok := a.o.Viewers.Pulse(show.ID)
	var err error
	if p.Orders, err = a.o.Sales.Count(ctx, show.ID); err != nil {
		return p, err
	}
	if !ok {
		w, err := a.viewers.Watched(ctx, show.ID)
		if err != nil {
			return p, err
		}
		p.Likes = w.Likes
	}
	if show.State == overlay.ShowLive {
		p.Viewers = max(p.Viewers, int64(a.o.Broadcasts.Status(show.Room).Viewers))
	}
	return p, nil
}

type audienceAnswer struct {
	Body audienceBody
}

type audienceBody struct {
	overlay.Pulse
	Peak        int64             `json:"peak" doc:"The most viewers at a time, by their beacons"`
	Watched     int64             `json:"watched" doc:"Seconds that all viewers together have watched"`
	Impressions []productsInSight `json:"impressions" doc:"How often the cards of products were in sight, the most first"`
}

type productsInSight struct {
	Product     string `json:"product" doc:"Id"`
	Impressions int64  `json:"impressions"`
}

func (a *API) audiences(h huma.API) {
	operation(a, h, huma.Operation{OperationID: "show-audience", Method: http.MethodGet, Path: "/api/v1/shows/{show}/audience", Tags: []string{"viewers"},
		Summary: "How many watch a show, and what they did", Errors: []int{404},
		Description: "Sums are from the beacons of players, and are a few seconds late. Of a great audience they are estimates from a sample. A rehearsal has none."}, a.showAudience)
}

func (a *API) showAudience(ctx context.Context, in *InShow) (*audienceAnswer, error) {
	show, err := a.as(ctx).GetShow(ctx, in.Show)
	if err != nil {
		return nil, err
	}
	w, err := a.as(ctx).Watched(ctx, show.ID)
	if err != nil {
		return nil, err
	}
	out := &audienceAnswer{audienceBody{Peak: w.Peak, Watched: int64(w.Time.Seconds()), Impressions: []productsInSight{}}}
	for product, n := range w.Impressions {
		out.Body.Impressions = append(out.Body.Impressions, productsInSight{product, n})
	}
	slices.SortFunc(out.Body.Impressions, func(a, b productsInSight) int {
		return cmp.Or(cmp.Compare(b.Impressions, a.Impressions), cmp.Compare(a.Product, b.Product))
	})
	out.Body.Pulse, err = a.pulse(ctx, show)
	return out, err
}
