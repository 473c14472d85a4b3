package sim

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"mediad/cmd/mediad/testshop"
)

// world is what stands before the show begins: a room with a show and its line-up, and a
// shop of its own on this machine.
type world struct {
	room, show, streamKey string
	products              []string
	shop                  *testshop.Shop
	front                 *http.Server
	over                  atomic.Bool // the show is ended: the server closes the encoder
}

// Faults of a shop, as real ones have them.
var faults = testshop.Faults{Late: 2 * time.Second, Twice: 0.2, Lost: 0.05, Forged: 0.02}

const currency = "CNY"

// build makes the world. What it makes stays on the server, to be looked at.
func build(ctx context.Context, c *client, p Profile, seed uint64) (w *world, err error) {
	w = &world{room: fmt.Sprintf("sim-%s-%x", p.Name, time.Now().Unix())}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, listener.Close())
		}
	}()
	base := "http://" + listener.Addr().String()
	text := make([]byte, 24)
	_, _ = rand.Read(text) // it never fails
	secret := "whsec_" + base64.StdEncoding.EncodeToString(text)
	if err = c.ask(ctx, http.MethodPost, "/api/v1/rooms", object{"slug": w.room, "title": p.Title}, nil); err != nil {
		return nil, err
	}
	var key struct {
		Key string `json:"stream_key"`
	}
	var shop, show, product struct{ ID string }
	if err = c.ask(ctx, http.MethodGet, "/api/v1/rooms/"+w.room+"/key", nil, &key); err != nil {
		return nil, err
	}
	if err = c.ask(ctx, http.MethodPost, "/api/v1/shops", object{"name": "Test shop of " + w.room, "kind": "link", "config": object{"hosts": []string{listener.Addr().String()}}, "secrets": object{"webhook": secret}}, &shop); err != nil {
		return nil, err
	}
	var goods []testshop.Good
	var lines []object
	for n := range p.Products {
		sku := fmt.Sprintf("%s-%02d", w.room, n+1)
		good := testshop.Good{SKU: sku, Title: fmt.Sprintf("Product %d", n+1), Price: int64(19+10*n)*100 + 90, Currency: currency}
		goods = append(goods, good)
		if err = c.ask(ctx, http.MethodPost, "/api/v1/products", object{"sku": sku, "title": good.Title, "price": good.Price, "currency": currency, "link": base + "/buy/" + sku + "?click={click}"}, &product); err != nil {
			return nil, err
		}
		w.products = append(w.products, product.ID)
		lines = append(lines, object{"product": product.ID})
	}
	if err = c.ask(ctx, http.MethodPost, "/api/v1/shows", object{"room": w.room, "title": p.Title}, &show); err != nil {
		return nil, err
	}
	if err = c.ask(ctx, http.MethodPut, "/api/v1/shows/"+show.ID+"/lineup", object{"items": lines}, nil); err != nil {
		return nil, err
	}
	w.show, w.streamKey = show.ID, key.Key
	w.shop, err = testshop.New(testshop.Options{Dialect: testshop.Plain, Goods: goods, Base: base, Hook: c.server + "/hooks/" + shop.ID, Secret: secret, Retry: time.Second, Seed: seed, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	w.shop.SetFaults(faults)
	w.front = &http.Server{Handler: w.shop.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = w.front.Serve(listener) }() // until close
	return w, nil
}

func (w *world) close() error { return w.front.Close() }

// object is the JSON of a request.
type object = map[string]any
