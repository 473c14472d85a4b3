package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/sim"
	"mediad/cmd/mediad/site/sitetest"
)

// TestSim plays a small show with its audience against a whole server: what the server
// reports is what was done, though the shops tell of it late, twice, shuffled and forged.
// Of what is rare no unit is sold twice.
func TestSim(t *testing.T) {
	stripe := sitetest.FreeAddress(t)
	c := newChild(t, map[string]any{"kind": "none"}, []string{"STRIPE_API_BASE=http://" + stripe}, "other")
	c.start()
	small := sim.Profile{Name: "small", Title: "A small show", Source: "a test", Length: 2 * time.Minute, Viewers: 240, Clickers: 130, Orders: 40, Products: 3, Refunds: 0.3, Likes: 120, Printed: "nothing", Wanting: 20, Units: 8, Rush: 0.3, RushFor: 10 * time.Second}
	o := sim.Options{Profile: small, Server: "http://" + c.http, Token: "a-token-of-some-length", Speed: 40, Players: 2, Seed: 7, Stripe: stripe, Progress: io.Discard}
	r, err := sim.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := r.Write(&text); err != nil {
		t.Fatal(err)
	}
	if len(r.Mistakes) > 0 || r.Failed > 0 || r.Came != 240 || r.Liked != 120 || r.Clicked != 130 || r.Bought != 40 || r.Report.Total.Orders != 40 || r.Refunded == 0 || r.Screen.Parts == 0 {
		t.Errorf("%+v\n%s", r.Mistakes, &text)
	}
	if u := r.Units; u.Given != 8 || u.Asked != 20 || u.Sold != 8 || u.Sold != u.Paid || u.Late == 0 || u.Back == 0 || u.Late+u.Back+u.Paid != u.Asked {
		t.Errorf("%+v", *u)
	}
	for _, want := range []string{"the same as the shop's books", "8 of 8 sold; 20 buyers wanted one", "none was sold twice"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, &text)
		}
	}
	o.Token = "a-token-of-nobody"
	if _, err := sim.Run(t.Context(), o); err == nil || strings.Contains(err.Error(), o.Token) {
		t.Errorf("with a wrong token: %v", err)
	}
}
