package sim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"mediad/cmd/mediad/demo"
	"mediad/cmd/mediad/testshop"
	"mediad/ingest/rtmp/push"
)

// world is what stands before the show begins: a room with a show and its line-up, and a
// shop of its own on this machine.
type world struct {
	*stage
	counters
}

// build makes the world. What it makes stays on the server, to be looked at.
func build(ctx context.Context, c *client, o Options) (w *world, err error) {
	p := o.Profile
	slug := fmt.Sprintf("sim-%s-%x", p.Name, time.Now().Unix())
	goods := goodsOf(slug, p.Products)
	if err := c.openRoom(ctx, slug, p.Title, ""); err != nil {
		return nil, err
	}
	w = &world{}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	if w.stall, err = openStall(ctx, c, slug, "", goods, o.Seed); err != nil {
		return nil, err
	}
	var lines []object
	if o.Stripe != "" {
		till, err := openTill(ctx, c, o.Stripe, slug, "", o.Seed)
		if err != nil {
			return nil, err
		}
		var line object
		if w.rare, line, err = c.bringRare(ctx, slug, "", till, p.Units); err != nil {
			return nil, errors.Join(err, till.close())
		}
		lines = append(lines, line)
	}
	if w.stage, err = c.prepare(ctx, slug, p.Title, "", goods, w.base, lines); err != nil {
		return nil, err
	}
	if w.rare != nil {
		err = w.rare.give(ctx, c, w.show)
	}
	return w, err
}

// close closes the shops.
func (at *counters) close() (err error) {
	if at.stall != nil {
		err = at.stall.close()
	}
	if at.rare != nil {
		err = errors.Join(err, at.rare.till.close())
	}
	return err
}

// settle waits until the server has taken all that the shops have told.
func (at *counters) settle(ctx context.Context) error {
	err := at.stall.settle(ctx)
	if at.rare != nil {
		err = errors.Join(err, at.rare.till.settle(ctx))
	}
	return err
}

// stage is a room with a show and its line-up.
type stage struct {
	room, show        string
	server, streamKey string // where its encoder pushes to
	products          []string
	over              atomic.Bool // the show is ended: the server closes the encoder
}

// openRoom opens a room; org may be empty.
func (c *client) openRoom(ctx context.Context, slug, title, org string) error {
	return c.ask(ctx, http.MethodPost, "/api/v1/rooms", within(org, object{"slug": slug, "title": title}), nil)
}

// within says which organisation something is of; "": the first one.
func within(org string, o object) object {
	if org != "" {
		o["org"] = org
	}
	return o
}

// prepare makes the products and the show of a room. Its line-up ends with lines.
func (c *client) prepare(ctx context.Context, slug, title, org string, goods []testshop.Good, shop string, lines []object) (*stage, error) {
	s := &stage{room: slug}
	var room struct{ Publish struct{ Server string } }
	var key struct {
		Key string `json:"stream_key"`
	}
	if err := c.ask(ctx, http.MethodGet, "/api/v1/rooms/"+slug, nil, &room); err != nil {
		return nil, err
	}
	if err := c.ask(ctx, http.MethodGet, "/api/v1/rooms/"+slug+"/key", nil, &key); err != nil {
		return nil, err
	}
	var show, product struct{ ID string }
	var shown []object
	for _, g := range goods {
		if err := c.ask(ctx, http.MethodPost, "/api/v1/products", within(org, object{"sku": g.SKU, "title": g.Title, "price": g.Price, "currency": g.Currency, "link": shop + "/buy/" + g.SKU + "?click={click}"}), &product); err != nil {
			return nil, err
		}
		s.products = append(s.products, product.ID)
		shown = append(shown, object{"product": product.ID})
	}
	if err := c.ask(ctx, http.MethodPost, "/api/v1/shows", object{"room": slug, "title": title}, &show); err != nil {
		return nil, err
	}
	if err := c.ask(ctx, http.MethodPut, "/api/v1/shows/"+show.ID+"/lineup", object{"items": append(shown, lines...)}, nil); err != nil {
		return nil, err
	}
	s.show, s.server, s.streamKey = show.ID, room.Publish.Server, key.Key
	return s, nil
}

// air pushes a clip until the show ends, or the server does not take it.
func (s *stage) air(ctx context.Context, clip push.Source) error {
	err := push.New(push.Options{URL: s.server, Key: s.streamKey, Encoder: "mediad-sim", Log: slog.New(slog.DiscardHandler)}).Run(ctx, clip)
	if ctx.Err() != nil || s.over.Load() {
		return nil
	}
	return fmt.Errorf("the encoder of %s: %w", s.room, err)
}

// push pushes the demo's clip until the show ends.
func (w *world) push(ctx context.Context) error {
	clip, err := demo.Clip()
	if err != nil {
		return err
	}
	return w.air(ctx, clip)
}

// object is the JSON of a request.
type object = map[string]any
