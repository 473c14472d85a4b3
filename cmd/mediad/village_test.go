package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/sim"
	"mediad/cmd/mediad/site/sitetest"
)

// hamlet is a small village whose viewers buy a lot. Its bounds are wide: how fast the
// machine is that runs the tests is not what they are about.
func hamlet(c *child, rooms, step int) sim.VillageOptions {
	return sim.VillageOptions{
		Village: sim.Village{Title: "A hamlet", Source: "a test", Rooms: rooms, Present: 5, Stays: 20 * time.Second, Likes: 3, Orders: 6, Clicks: 3, Refunds: 0.3, Products: 2, Wanting: 1, Units: 1, Each: time.Second},
		Server:  "http://" + c.http, Token: "a-token-of-some-length", Metrics: "http://" + c.metrics + "/metrics",
		Rooms: rooms, Step: step, Look: 2 * time.Second, Settle: time.Second, Air: 15 * time.Second, Stay: 4 * time.Second,
		Bounds:  sim.Bounds{Late: 9 * time.Second, Encoders: 9 * time.Second, Failed: 0, Told: 0.1},
		Players: -1, Speed: 1, Seed: 7, Progress: io.Discard,
	}
}

// TestVillage plays a small village against a whole server: rooms are added step by step,
// each has its picture, and the ledger of each is what was bought there.
func TestVillage(t *testing.T) {
	stripe := sitetest.FreeAddress(t)
	c := newChild(t, map[string]any{"kind": "none"}, []string{"STRIPE_API_BASE=http://" + stripe}, "other")
	c.start()
	o := hamlet(c, 6, 3)
	o.Stripe = stripe
	o.Delete = true
	r, err := sim.RunVillage(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := errors.Join(r.Write(&text), r.JSON(io.Discard)); err != nil {
		t.Fatal(err)
	}
	if r.Held != 6 || len(r.GaveIn) > 0 || len(r.Mistakes) > 0 || r.Failed > 0 || r.Bought == 0 || r.Gross == 0 || r.Clicked <= r.Bought || r.Came < 6 {
		t.Errorf("%+v\n%s", r.Mistakes, &text)
	}
	if u := r.Units; u.Given != 6 || u.Sold == 0 || u.Sold != u.Paid || u.Late == 0 {
		t.Errorf("%+v", *u)
	}
	if len(r.Looks) != 3 || r.Looks[0].Rooms != 3 || r.Looks[2].Rooms != 6 || r.Stayed == nil || *r.Stayed.ServerCPU <= 0 || r.Stayed.SimCPU <= 0 || r.Stayed.Kbps < 100 || r.Stayed.Parts < 6*4 {
		t.Errorf("%+v\n%s", r.Looks, &text)
	}
	for _, want := range []string{"all 6 rooms that were asked for", "the same as the shop's books"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, &text)
		}
	}
	var left struct{ Items []struct{ Slug string } }
	if status := c.call(http.MethodGet, "/api/v1/rooms", "", &left); status != http.StatusOK || len(left.Items) != 1 {
		t.Errorf("%d, rooms that are left: %+v", status, left)
	}
}

// TestVillageGivesIn: a server that takes four encoders holds four rooms, and the report says
// so, and why it was no more.
func TestVillageGivesIn(t *testing.T) {
	c := newChild(t, map[string]any{"kind": "none"}, []string{"MEDIAD_RTMP_MAX_CONNECTIONS=4"}, "other")
	c.start()
	o := hamlet(c, 8, 2)
	o.Air = 5 * time.Second
	r, err := sim.RunVillage(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := r.Write(&text); err != nil {
		t.Fatal(err)
	}
	if r.Held != 4 || r.Stayed == nil || r.Stayed.Rooms != 4 || len(r.Stayed.Trouble) > 0 || len(r.Mistakes) > 0 {
		t.Errorf("%d rooms\n%s", r.Held, &text)
	}
	if !strings.Contains(text.String(), "4 of 8 rooms; with more of them 2 rooms had no picture, ") {
		t.Errorf("the report does not say what gave in:\n%s", &text)
	}
}

// TestVillageIsInterrupted: a run that is ended ends its rooms, and tells what it had come
// to.
func TestVillageIsInterrupted(t *testing.T) {
	c := newChild(t, map[string]any{"kind": "none"}, nil, "other")
	c.start()
	o := hamlet(c, 4, 2)
	o.Stay = time.Hour
	ctx, stop := context.WithCancelCause(t.Context())
	o.Progress = &ends{after: 2, do: func() { stop(errors.New("somebody came home")) }}
	r, err := sim.RunVillage(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := r.Write(&text); err != nil {
		t.Fatal(err)
	}
	if r.Interrupted != "somebody came home" || r.Held != 4 || len(r.Mistakes) > 0 || !strings.Contains(text.String(), "4 rooms were on air in time when the run was ended") {
		t.Errorf("%+v\n%s", r.Mistakes, &text)
	}
	status, answer, err := c.get(t.Context(), "/live/"+r.Name+"-001/index.m3u8")
	if err != nil || status == http.StatusOK && !bytes.Contains(answer, []byte("#EXT")) {
		t.Errorf("%d, %v", status, err)
	}
	var room struct{ Live bool }
	if status := c.call(http.MethodGet, "/api/v1/rooms/"+r.Name+"-001", "", &room); status != http.StatusOK || room.Live {
		t.Errorf("%d, the room: %+v", status, room)
	}
	o.Token = "a-token-of-nobody"
	if _, err := sim.RunVillage(t.Context(), o); err == nil || strings.Contains(err.Error(), o.Token) {
		t.Errorf("with a wrong token: %v", err)
	}
}

// ends does something after some lines of progress.
type ends struct {
	after int
	do    func()
}

func (e *ends) Write(line []byte) (int, error) {
	if e.after--; e.after == 0 {
		e.do()
	}
	return len(line), nil
}
