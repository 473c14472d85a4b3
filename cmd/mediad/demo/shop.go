package demo

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"mediad/cmd/mediad/testshop"
	"mediad/overlay"
	"mediad/overlay/store"
)

const (
	// ShopPath is where the demo's shop stands.
	ShopPath = "/demo/shop"
	shopName = "Test shop"
	actor    = "demo"
)

// open makes the demo's shop, in which nothing is paid for real: the row that tells the
// server of it, and the shop itself. Its secret is a new one at each start.
func (d *Show) open(ctx context.Context, catalogue []overlay.Product) error {
	web, err := url.Parse(d.o.Web)
	if err != nil {
		return fmt.Errorf("open the demo's shop: %w", err)
	}
	text := make([]byte, 24)
	_, _ = rand.Read(text) // it never fails
	secret := "whsec_" + base64.StdEncoding.EncodeToString(text)
	config := overlay.ShopConfig{Hosts: []string{web.Host}}
	all, err := d.o.Store.Shops(ctx, overlay.Everything(), "", 100)
	if err != nil {
		return err
	}
	var shop overlay.Shop
	if at := slices.IndexFunc(all, func(s overlay.Shop) bool { return s.Name == shopName }); at >= 0 {
		shop, err = d.o.Store.ChangeShop(ctx, all[at].ID, overlay.ShopChange{Config: &config, Secrets: map[string]string{overlay.WebhookSecret: secret}}, actor)
	} else {
		shop, err = d.o.Store.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: shopName, Kind: overlay.ShopLink, Config: config}, map[string]string{overlay.WebhookSecret: secret}, actor, store.Once{})
	}
	if err != nil {
		return fmt.Errorf("make the demo's shop: %w", err)
	}
	var goods []testshop.Good
	for _, p := range catalogue {
		goods = append(goods, testshop.Good{SKU: p.SKU, Title: p.Title, Price: p.Price, Currency: p.Currency})
	}
	d.shop, err = testshop.New(testshop.Options{Dialect: testshop.Plain, Goods: goods, Base: d.o.Web + ShopPath, Hook: d.o.Web + "/hooks/" + shop.ID, Secret: secret,
		Back: d.o.Web + "/watch/" + room, Log: d.o.Log})
	return err
}

// linked gives a product of the demo with its link into the shop.
func (d *Show) linked(p overlay.Product) overlay.Product {
	p.Link = d.o.Web + ShopPath + "/buy/" + url.PathEscape(p.SKU) + "?click=" + overlay.ClickMark
	return p
}

// Shop answers buyers under ShopPath.
func (d *Show) Shop() http.Handler { return http.StripPrefix(ShopPath, d.shop.Handler()) }
