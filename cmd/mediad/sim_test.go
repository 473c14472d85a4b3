package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/sim"
)

// TestSim plays a small show with its audience against a whole server: what the server
// reports is what was done, though the shop tells of it late, twice, shuffled and forged.
func TestSim(t *testing.T) {
	c := newChild(t, map[string]any{"kind": "none"}, nil, "other")
	c.start()
	small := sim.Profile{Name: "small", Title: "A small show", Source: "a test", Length: 2 * time.Minute, Viewers: 240, Clickers: 130, Orders: 40, Products: 3, Refunds: 0.3, Likes: 120, Printed: "nothing", Rush: 0.3, RushFor: 10 * time.Second}
	o := sim.Options{Profile: small, Server: "http://" + c.http, Token: "a-token-of-some-length", Speed: 40, Players: 2, Seed: 7, Progress: io.Discard}
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
	if !strings.Contains(text.String(), "the same as the shop's books") {
		t.Errorf("the report does not say that all is right:\n%s", &text)
	}
	o.Token = "a-token-of-nobody"
	if _, err := sim.Run(t.Context(), o); err == nil || strings.Contains(err.Error(), o.Token) {
		t.Errorf("with a wrong token: %v", err)
	}
}
