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
	"time"

	"mediad/cmd/mediad/testshop"
)

// stall is a shop on this machine, of which the server has heard.
type stall struct {
	shop  *testshop.Shop
	base  string // its address
	front *http.Server
}

// Faults of a shop, as real ones have them.
var faults = testshop.Faults{Late: 2 * time.Second, Twice: 0.2, Lost: 0.05, Forged: 0.02}

const currency = "CNY"

// goodsOf makes goods up for a room.
func goodsOf(room string, n int) []testshop.Good {
	var goods []testshop.Good
	for n := range n {
		goods = append(goods, testshop.Good{SKU: fmt.Sprintf("%s-%02d", room, n+1), Title: fmt.Sprintf("Product %d", n+1), Price: int64(19+10*n)*100 + 90, Currency: currency})
	}
	return goods
}

// openStall opens a shop that sells goods, and tells the server of it.
func openStall(ctx context.Context, c *client, name, org string, goods []testshop.Good, seed uint64) (*stall, error) {
	return open(ctx, c, "127.0.0.1:0", within(org, object{"name": "Test shop of " + name, "kind": "link"}), testshop.Options{Dialect: testshop.Plain, Goods: goods, Seed: seed})
}

// openTill opens a shop that the server has hold units for buyers. It speaks as Stripe does,
// at an address that the server was told of when it started.
func openTill(ctx context.Context, c *client, address, name, org string, seed uint64) (*stall, error) {
	return open(ctx, c, address, within(org, object{"name": "Test checkout of " + name, "kind": "stripe-session", "stock": "allocated-hold"}), testshop.Options{Dialect: testshop.Stripe, APIKey: "sk_test_" + rand.Text(), Seed: seed})
}

// open opens a shop, and tells the server of it in the words of told.
func open(ctx context.Context, c *client, address string, told object, o testshop.Options) (s *stall, err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, listener.Close())
		}
	}()
	text := make([]byte, 24)
	_, _ = rand.Read(text) // it never fails
	o.Secret = "whsec_" + base64.StdEncoding.EncodeToString(text)
	secrets := object{"webhook": o.Secret}
	if o.APIKey != "" {
		secrets["api_key"] = o.APIKey
	}
	told["config"], told["secrets"] = object{"hosts": []string{listener.Addr().String()}}, secrets
	var made struct{ ID string }
	if err = c.ask(ctx, http.MethodPost, "/api/v1/shops", told, &made); err != nil {
		return nil, err
	}
	s = &stall{base: "http://" + listener.Addr().String()}
	o.Base, o.Hook, o.Retry, o.Log = s.base, c.server+"/hooks/"+made.ID, time.Second, slog.New(slog.DiscardHandler)
	if s.shop, err = testshop.New(o); err != nil {
		return nil, err
	}
	s.shop.SetFaults(faults)
	s.front = &http.Server{Handler: s.shop.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.front.Serve(listener) }() // until close
	return s, nil
}

func (s *stall) close() error { return s.front.Close() }

// settle waits until the server has taken all that the shop has told.
func (s *stall) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	if err := s.shop.Settle(ctx); err != nil {
		return fmt.Errorf("the shop waits for the server to take its webhooks: %w", err)
	}
	return nil
}

// refund gives a third of what was paid in a checkout back.
func (s *stall) refund(checkout string) error {
	order, err := s.shop.Pay(checkout, "") // it is paid: this names the order
	if err != nil {
		return err
	}
	for _, b := range s.shop.Books() {
		if b.Order == order {
			return s.shop.Refund(order, b.Amount/3)
		}
	}
	return nil
}
