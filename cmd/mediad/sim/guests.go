package sim

import (
	"context"
	"math/rand/v2"
	"time"
)

// guest is a viewer of a farm.
type guest struct {
	id    uint64
	beats int  // for so many more it is there
	known bool // the server has heard of it
}

// crowd is the viewers who only tell of themselves: Present at a time, each of them every
// ten seconds, as players do. What is asked when they are sent home is still answered: both
// sides are to count the same.
func (f *farm) crowd(ctx context.Context) {
	p := f.v.o.Village
	random := rand.New(rand.NewPCG(f.v.o.Seed, uint64(2*f.number)))
	stays := max(int(p.Stays/every), 2) // one beacon to come and one to leave, at least
	there := make([]guest, p.Present)
	for n := range there {
		there[n] = guest{id: random.Uint64(), beats: 2 + random.IntN(stays-1)}
	}
	pause := time.Duration(float64(every) / float64(p.Present) / f.v.o.Speed)
	owed := random.Float64() // likes
	for n, next := 0, time.Now().Add(time.Duration(random.Int64N(int64(pause)))); ; n = (n + 1) % len(there) {
		if next = next.Add(pause); time.Since(next) > time.Second {
			next = time.Now() // what was missed is not made up for
		}
		if wait(ctx, time.Until(next)) != nil {
			return
		}
		g := &there[n]
		owed += p.Likes / float64(stays)
		likes := int(owed)
		owed -= float64(likes)
		g.beats--
		told := f.done.beat(context.WithoutCancel(ctx), f.v.c, f.show, beacon{Viewer: name(g.id), Watched: every.Seconds(), Likes: likes, Impressions: []string{f.product()}, Left: g.beats == 0})
		if told != nil {
			f.done.fail(told)
		} else if !g.known {
			g.known = true
			f.done.came.Add(1)
		}
		if g.beats == 0 {
			*g = guest{id: random.Uint64(), beats: stays}
		}
	}
}

func (f *farm) product() string { return f.products[f.shown.Load()] }

// buyers are the viewers who go to the shop, some of whom buy.
func (f *farm) buyers(ctx context.Context) {
	p := f.v.o.Village
	random := rand.New(rand.NewPCG(f.v.o.Seed, uint64(2*f.number+1)))
	rate := p.Orders * float64(p.Clicks) / float64(p.Rooms) * f.v.o.Speed // a second
	for ctx.Err() == nil {
		if wait(ctx, time.Duration(random.ExpFloat64()/rate*float64(time.Second))) != nil {
			return
		}
		buys := random.IntN(p.Clicks) == 0
		v := viewer{id: random.Uint64(), clicks: true, buys: buys, refunded: buys && random.Float64() < p.Refunds}
		if p.Wanting > 0 {
			v.wants = random.IntN(p.Wanting) == 0
			v.returns = v.wants && random.IntN(returning) == 0
		}
		if err := f.done.shops(context.WithoutCancel(ctx), f.v.c, &f.shop, f.show, v, f.product()); err != nil {
			f.done.fail(err)
		}
	}
}
