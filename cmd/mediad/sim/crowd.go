package sim

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// workers is how many viewers are served at the same time, unless the profile says more.
const (
	workers     = 16
	mostWorkers = 64
)

// returning is that one in so many who got a unit of what is rare gives it back.
const returning = 4

// viewer is somebody who watches for a while, and perhaps buys.
type viewer struct {
	id           uint64
	comes, stays time.Duration // on the clock of the show
	likes        int
	clicks       bool
	buys         bool
	refunded     bool
	wants        bool // a unit of what is rare
	returns      bool // it, and buys something else
}

// crowd draws the viewers of a show. The same seed gives the same ones.
func crowd(p Profile, seed uint64) []viewer {
	random := rand.New(rand.NewPCG(seed, 2))
	all := make([]viewer, p.Viewers)
	for n := range all {
		v := &all[n]
		v.id = random.Uint64()
		v.comes = time.Duration(random.Int64N(int64(p.Length)))
		v.stays = time.Duration(random.ExpFloat64() * float64(10*time.Minute))
		v.likes = (n+1)*p.Likes/p.Viewers - n*p.Likes/p.Viewers
		v.clicks, v.buys = n < p.Clickers, n < p.Orders
		if v.buys && random.Float64() < p.Rush {
			v.comes = (p.Length-p.RushFor)/2 + time.Duration(random.Int64N(int64(p.RushFor)))
		}
		v.wants, v.returns = n < p.Wanting, n < p.Wanting && n%returning == 0
		v.refunded = v.buys && random.Float64() < p.Refunds
	}
	slices.SortStableFunc(all, func(a, b viewer) int { return cmp.Compare(a.comes, b.comes) })
	return all
}

// doings counts what the crowd has done so far.
type doings struct {
	came, told, clicked, bought, liked, failed atomic.Int64
	first                                      atomic.Pointer[string] // what failed first
	behind                                     atomic.Int64           // ns that the simulator is late, at most
}

func (d *doings) fail(err error) {
	d.failed.Add(1)
	words := err.Error()
	d.first.CompareAndSwap(nil, &words)
}

// live lets the crowd come, speed times as fast as on the clock of the show. shown gives
// the product that is over the picture.
func (d *doings) live(ctx context.Context, c *client, w *world, all []viewer, speed float64, many int, shown func() string) {
	began := time.Now()
	coming := make(chan viewer)
	var served sync.WaitGroup
	for range min(max(many, workers), mostWorkers) {
		served.Go(func() {
			for v := range coming {
				if err := d.serve(ctx, c, w, v, speed, shown()); err != nil && ctx.Err() == nil {
					d.fail(err)
				}
			}
		})
	}
	for _, v := range all {
		late := time.Since(began) - time.Duration(float64(v.comes)/speed)
		if late < 0 {
			select {
			case <-time.After(-late):
			case <-ctx.Done():
			}
		} else if n := int64(late); n > d.behind.Load() {
			d.behind.Store(n)
		}
		select {
		case coming <- v:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
	}
	close(coming)
	served.Wait()
}

// serve does what one viewer does: the beacon of a player, and for some the way to the
// shop, and the payment.
func (d *doings) serve(ctx context.Context, c *client, w *world, v viewer, speed float64, shown string) error {
	if err := d.beat(ctx, c, w.show, beacon{Viewer: name(v.id), Watched: v.stays.Seconds() / speed, Likes: v.likes, Impressions: []string{shown}}); err != nil {
		return err
	}
	d.came.Add(1)
	if !v.clicks {
		return nil
	}
	return d.shops(ctx, c, &w.counters, w.show, v, shown)
}

// beacon is what a player tells.
type beacon struct {
	Viewer      string   `json:"viewer"`
	At          float64  `json:"at"`
	Watched     float64  `json:"watched"`
	Likes       int      `json:"likes,omitempty"`
	Impressions []string `json:"impressions,omitempty"`
	Left        bool     `json:"left,omitempty"`
}

func name(viewer uint64) string { return fmt.Sprintf("%016x", viewer) }

// browser is what viewers are told apart by, beside their numbers.
func browser(viewer string) string { return "mediad-sim (viewer " + viewer + ")" }

// beat tells of a viewer.
func (d *doings) beat(ctx context.Context, c *client, show string, b beacon) error {
	b.At = float64(time.Now().UnixMilli()) / 1000
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	status, _, err := c.visit(ctx, http.MethodPost, c.server+"/c/"+show+"/beat", browser(b.Viewer), "text/plain", string(text))
	if err != nil || status != http.StatusOK {
		return failure("a beacon", status, err)
	}
	d.told.Add(1)
	d.liked.Add(int64(b.Likes))
	return nil
}

// shops is the way of a viewer to the shop, and for some the payment. Who wants what is rare
// and does not get it buys something else.
func (d *doings) shops(ctx context.Context, c *client, at *counters, show string, v viewer, shown string) error {
	who := browser(name(v.id))
	status, shop, err := c.visit(ctx, http.MethodGet, fmt.Sprintf("%s/go/%s/%s?viewer=%s", c.server, show, shown, name(v.id)), who, "", "")
	if err != nil || status != http.StatusFound {
		return failure("a click", status, err)
	}
	d.clicked.Add(1)
	if !v.buys {
		return nil
	}
	if v.wants && at.rare != nil {
		way, err := url.Parse(shop)
		if err != nil {
			return err
		}
		checkout, err := at.rare.hold(ctx, c, v, way.Query().Get("click"))
		if err != nil {
			return err
		}
		if checkout != "" {
			return d.pay(ctx, c, at.rare.till, v, checkout)
		}
	}
	status, checkout, err := c.visit(ctx, http.MethodGet, shop, who, "", "")
	if err != nil || status != http.StatusSeeOther {
		return failure("the shop", status, err)
	}
	return d.pay(ctx, c, at.stall, v, checkout)
}

func (d *doings) pay(ctx context.Context, c *client, to *stall, v viewer, checkout string) error {
	status, _, err := c.visit(ctx, http.MethodPost, checkout, browser(name(v.id)), "application/x-www-form-urlencoded", "email=buyer-"+name(v.id)+"%40shop.example")
	if err != nil || status != http.StatusSeeOther {
		return failure("the payment", status, err)
	}
	d.bought.Add(1)
	if v.refunded {
		return to.refund(path.Base(checkout))
	}
	return nil
}

// counters are where the viewers of a show buy.
type counters struct {
	*stall
	rare *rare // nil: nothing is
}

func failure(what string, status int, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s was answered with %d", what, status)
}
