package pictures

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"mediad/cmd/mediad/replay/cache"
	"mediad/overlay"
	"mediad/packager/layout"
)

// How many pictures of link previews are kept in memory, about a hundred, and how many requests wait for one to be
// made. One is made at a time.
const (
	cardBytes = 16 << 20
	cardQueue = 16
	cardTime  = 30 * time.Second
	cardFor   = 10 * time.Minute
)

func newCards() *cache.Cache[[]byte] {
	return cache.New[[]byte](cache.Options{Bytes: cardBytes, Builders: 1, Queue: cardQueue, Timeout: cardTime})
}

// drawn makes a picture once for all who ask. ffmpeg rests as long as it worked, so that however many moments are asked
// for, at most half a processor is busy with them.
func (p *Pictures) drawn(ctx context.Context, key string, draw func(context.Context) ([]byte, error)) (jpeg []byte, done func(), err error) {
	return p.cards.Get(ctx, key, func(ctx context.Context) (cache.Value[[]byte], error) {
		if rest := time.Until(p.rested); rest > 0 {
			wait := time.NewTimer(rest)
			defer wait.Stop()
			select {
			case <-wait.C:
			case <-ctx.Done():
				return cache.Value[[]byte]{}, ctx.Err()
			}
		}
		began := time.Now()
		jpeg, err := draw(ctx)
		p.rested = time.Now().Add(time.Since(began))
		return cache.Value[[]byte]{V: jpeg, Bytes: int64(len(jpeg)), Until: time.Now().Add(cardFor)}, err
	})
}

// Card gives the picture of a link preview of what is stored: a broadcast's poster or segment. It fails with
// fs.ErrNotExist where there is none, and with cache.ErrFull where too many are asked for. The caller calls done.
func (p *Pictures) Card(ctx context.Context, name layout.Name) (jpeg []byte, done func(), err error) {
	if !p.Recorded() {
		return nil, nil, fmt.Errorf("card of %s: no pictures are made: %w", name.Key(), fs.ErrNotExist)
	}
	return p.drawn(ctx, name.Key(), func(ctx context.Context) ([]byte, error) { return p.runner.Card(ctx, p.store, name) })
}

// Recorded tells whether there are pictures of what is stored.
func (p *Pictures) Recorded() bool { return p != nil && p.maker != nil }

// RoomCard gives the path of a room's picture in link previews; "": there is none. It has another name when the poster
// is another one, since chat programs keep what they once fetched.
func (p *Pictures) RoomCard(ctx context.Context, room string) string {
	if p == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	poster, err := p.posters.Of(ctx, room)
	if err != nil || poster == nil {
		return ""
	}
	return layout.CardOf(room).Path() + "?v=" + poster.ETag[1:len(poster.ETag)-1]
}

// serveCard answers for /live/ROOM/card.jpg.
func (p *Pictures) serveCard(w http.ResponseWriter, r *http.Request, room string) {
	poster, err := p.posters.Of(r.Context(), room)
	if err != nil || poster == nil {
		p.without(w, err, "this room has no picture")
		return
	}
	jpeg, done, err := p.drawn(r.Context(), room+" "+poster.ETag, func(ctx context.Context) ([]byte, error) { return p.runner.CardOf(ctx, poster.JPEG) })
	if err != nil {
		p.without(w, err, "this room has no picture")
		return
	}
	defer done()
	write(w, r, jpeg, poster.ETag)
}

// without answers why there is no picture. No error: there is none.
func (p *Pictures) without(w http.ResponseWriter, err error, none string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	var why *overlay.Error
	switch {
	case err == nil:
		h.Set("Cache-Control", "max-age=1")
		http.Error(w, none, http.StatusNotFound)
	case errors.As(err, &why) && why.Code == overlay.Unavailable: // the database
		h.Set("Retry-After", "5")
		http.Error(w, why.Message, http.StatusServiceUnavailable)
	case errors.Is(err, cache.ErrFull):
		h.Set("Retry-After", "5")
		http.Error(w, "too many pictures are asked for at the same time; try again in a moment", http.StatusServiceUnavailable)
	default:
		http.Error(w, "the store did not answer", http.StatusBadGateway)
	}
}
