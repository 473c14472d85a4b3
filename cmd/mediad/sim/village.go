package sim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync"
	"time"

	"mediad/cmd/mediad/testshop"
)

// Village is an evening of many small rooms at the same time.
type Village struct {
	Title, Source string
	Rooms         int           // on air at the evening's peak
	Present       int           // viewers of a room at a time
	Stays         time.Duration // of a viewer
	Likes         float64       // of a viewer
	Orders        float64       // a second, of all Rooms together
	Clicks        int           // of viewers who go to the shop, for each order
	Refunds       float64
	Products      int           // of a room
	Wanting       int           // one in so many buyers wants a unit of what is rare
	Units         int64         // of it, in each room
	Each          time.Duration // how long a host shows one of them
}

// Evening is the village that was reported on. 50,000 broadcasts in three months are 549 a
// day, of which some 220 are on air at the same time in the evening; 200 million viewers
// are 4,000 for each, which in two hours are 200 at a time who stay for six minutes; and
// 20 orders a day of each farmer are 0.6 a second for all. Likes are those of each viewer of
// another show, which the star profile has.
var Evening = Village{
	Title: "A village evening", Source: "an article on Taobao's Village Live",
	Rooms: 220, Present: 200, Stays: 6 * time.Minute, Likes: 8.04, Orders: 0.6, Clicks: 10, Refunds: 0.04, Products: 3, Wanting: 2, Units: 1, Each: 30 * time.Second,
}

// every is how often a viewer tells of itself, as players do.
const every = 10 * time.Second

// VillageOptions are those of RunVillage.
type VillageOptions struct {
	Village       Village
	Server, Token string
	Rooms         int           // that are tried, at most
	Step          int           // rooms that are added at a time
	Look          time.Duration // how long each step is looked at
	Settle        time.Duration // how long new rooms are left alone before that
	Air           time.Duration // how long a room may take to come on air
	Bounds        Bounds
	Stay          time.Duration // and the rooms that it came to, in the end
	Players       int           // rooms that a player follows, the first ones; below 0: all
	Speed         float64       // how many times as busy the viewers are
	Seed          uint64
	Stripe        string // where the server looks for Stripe; "": nothing is held for buyers
	Metrics       string // the server's metrics; "": its CPU time is not known
	Delete        bool   // the rooms in the end
	Progress      io.Writer
}

// atOnce is how many rooms are opened or ended at the same time.
const atOnce = 8

// village is a run.
type village struct {
	o     VillageOptions
	c     *client
	org   string
	name  string
	stall *stall
	till  *stall // nil: nothing is held for buyers
	cpu   *usage
	all   []*farm // ever opened; the first open of them are on air
	open  int
	late  meter // parts, at players
	slow  meter // messages of encoders
	sent  counter
}

// RunVillage adds rooms step by step while the picture is good in all of them, stays with
// those that the machines carry, and says how many that are. A context that ends ends the
// run; the result is then that of what was done.
func RunVillage(ctx context.Context, o VillageOptions) (*VillageResult, error) {
	if o.Rooms < 1 || o.Step < 1 || o.Speed <= 0 {
		return nil, errors.New("a village needs a room, a step and a speed above 0")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, maxRun, fmt.Errorf("the run took more than %v", maxRun))
	defer cancel()
	v := &village{o: o, name: fmt.Sprintf("sim-village-%x", time.Now().Unix())}
	if v.o.Players < 0 {
		v.o.Players = o.Rooms
	}
	var err error
	// A connection for each player, and for each room one for those who only tell of themselves.
	if v.c, err = newClient(o.Server, o.Token, 2*o.Rooms+mostWorkers); err != nil {
		return nil, err
	}
	v.cpu = &usage{http: v.c.http, address: o.Metrics}
	if err := v.found(ctx); err != nil {
		return nil, fmt.Errorf("prepare the village: %w", err)
	}
	r := &VillageResult{Village: o.Village, Org: v.org, Name: v.name, Asked: o.Rooms, Cores: runtime.NumCPU(), Speed: o.Speed, Players: v.o.Players, began: time.Now()}
	err = v.grow(ctx, r)
	if ctx.Err() != nil {
		r.Interrupted = context.Cause(ctx).Error()
		err = nil
	}
	// What was begun is ended, also when the run is not to go on.
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
	defer cancel()
	err = errors.Join(err, v.close(after, r))
	r.Seconds = time.Since(r.began).Seconds()
	return r, err
}

// found makes what all rooms share: an organisation and a shop.
func (v *village) found(ctx context.Context) error {
	var org struct{ ID string }
	if err := v.c.ask(ctx, http.MethodPost, "/api/v1/orgs", object{"name": v.name, "kind": "merchant", "currency": currency}, &org); err != nil {
		return err
	}
	v.org = org.ID
	var goods []testshop.Good
	for n := range v.o.Rooms {
		goods = append(goods, goodsOf(v.slug(n), v.o.Village.Products)...)
	}
	var err error
	if v.stall, err = openStall(ctx, v.c, v.name, v.org, goods, v.o.Seed); err != nil || v.o.Stripe == "" {
		return err
	}
	if v.till, err = openTill(ctx, v.c, v.o.Stripe, v.name, v.org, v.o.Seed); err != nil {
		return errors.Join(err, v.stall.close())
	}
	return nil
}

func (v *village) slug(n int) string { return fmt.Sprintf("%s-%03d", v.name, n+1) }

// grow adds rooms until there are enough or the machines carry no more, and stays with those
// that they carry.
func (v *village) grow(ctx context.Context, r *VillageResult) error {
	for v.open < v.o.Rooms {
		if err := v.add(ctx, min(v.o.Step, v.o.Rooms-v.open)); err != nil {
			return err
		}
		look, err := v.look(ctx, r, v.o.Look)
		if err == nil && len(look.Trouble) > 0 { // once more: anything may be slow for a moment
			look, err = v.look(ctx, r, v.o.Look)
		}
		if err != nil {
			return err
		}
		if len(look.Trouble) > 0 {
			r.GaveIn = look.Trouble
			if err := v.drop(ctx, v.o.Step); err != nil {
				return err
			}
			break
		}
		r.Held = v.open
	}
	for v.open > 0 {
		look, err := v.look(ctx, r, v.o.Stay)
		if err != nil {
			return err
		}
		r.Held, r.Stayed = v.open, &look
		if len(look.Trouble) == 0 {
			return nil
		}
		r.GaveIn = look.Trouble
		if err := v.drop(ctx, v.o.Step); err != nil {
			return err
		}
	}
	r.Held, r.Stayed = 0, nil
	return nil
}

// add opens rooms and brings them on air.
func (v *village) add(ctx context.Context, n int) error {
	for range n {
		at := len(v.all)
		v.all = append(v.all, &farm{v: v, number: at, stage: &stage{room: v.slug(at)}})
	}
	fresh := v.all[v.open:]
	err := each(fresh, func(f *farm) error { return f.begin(ctx) })
	if err != nil {
		return err
	}
	v.open = len(v.all)
	return wait(ctx, v.o.Settle)
}

// drop ends the rooms that were added last. Those are not opened again.
func (v *village) drop(ctx context.Context, n int) error {
	last := v.all[max(v.open-n, 0):v.open]
	v.open -= len(last)
	err := each(last, func(f *farm) error { return f.end(ctx) })
	if err != nil {
		return err
	}
	return wait(ctx, v.o.Settle)
}

// each does something with some rooms, a few at a time.
func each(farms []*farm, do func(*farm) error) error {
	places := make(chan struct{}, atOnce)
	failed := make([]error, len(farms))
	var all sync.WaitGroup
	for n, f := range farms {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			failed[n] = do(f)
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// close ends all rooms, waits until the server knows of all that was sold, and compares.
func (v *village) close(ctx context.Context, r *VillageResult) error {
	for _, f := range v.all {
		f.rest()
	}
	at := counters{stall: v.stall}
	if v.till != nil {
		at.rare = &rare{till: v.till}
	}
	err := errors.Join(at.settle(ctx), each(v.all, func(f *farm) error { return f.end(ctx) }))
	if err == nil {
		err = v.compare(ctx, r)
	}
	if v.o.Delete {
		fmt.Fprintf(v.o.Progress, "deleting %d rooms\n", len(v.all))
		err = errors.Join(err, each(v.all, func(f *farm) error { return f.remove(ctx) }))
	}
	return errors.Join(err, at.close())
}
