package sim

import (
	"context"
	"errors"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"mediad/cmd/mediad/demo"
	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/push"
)

// farm is a room of a village, with its encoder, its host and its viewers.
type farm struct {
	*stage
	v      *village
	number int
	done   doings
	shop   counters
	shown  atomic.Int64 // the index of the product over the picture
	seen   atomic.Int64 // parts that a player got
	broken atomic.Int64 // times that a player had to begin anew
	lost   atomic.Int64 // encoders that lost their connection

	made       bool               // the room is there
	aired      bool               // and came on air
	stop, quit context.CancelFunc // for viewers and host; and for encoder and player
	people, on sync.WaitGroup
}

// begin opens the room, brings it on air, and lets viewers come.
func (f *farm) begin(ctx context.Context) error {
	v, c := f.v, f.v.c
	if err := c.openRoom(ctx, f.room, v.o.Village.Title, v.org); err != nil {
		return err
	}
	f.made = true
	f.shop.stall = v.stall
	var lines []object
	if v.till != nil {
		rare, line, err := c.bringRare(ctx, f.room, v.org, v.till, v.o.Village.Units)
		if err != nil {
			return err
		}
		f.shop.rare, lines = rare, append(lines, line)
	}
	s, err := c.prepare(ctx, f.room, v.o.Village.Title, v.org, goodsOf(f.room, v.o.Village.Products), v.stall.base, lines)
	if err != nil {
		return err
	}
	f.stage = s
	if f.shop.rare != nil {
		if err := f.shop.rare.give(ctx, c, s.show); err != nil {
			return err
		}
	}
	air, quit := context.WithCancel(context.WithoutCancel(ctx)) // rooms are ended one by one
	f.quit = quit
	f.on.Go(func() { f.push(air) })
	if err := new(screens).ready(ctx, c, s.room, v.o.Air); err != nil {
		f.broken.Add(1)
		f.done.fail(err)
		return ctx.Err() // a room without a picture is what is looked for
	}
	f.aired = true
	if f.number < v.o.Players {
		f.on.Go(func() { f.watch(air) })
	}
	if err := c.ask(ctx, http.MethodPost, "/api/v1/rooms/"+f.room+"/next", object{}, nil); err != nil {
		return err
	}
	work, stop := context.WithCancel(air)
	f.stop = stop
	f.people.Go(func() { f.host(work) })
	f.people.Go(func() { f.crowd(work) })
	f.people.Go(func() { f.buyers(work) })
	return nil
}

// push is the encoder. It begins again when it is lost, as OBS does.
func (f *farm) push(ctx context.Context) {
	for ctx.Err() == nil && !f.over.Load() {
		clip, err := demo.Clip()
		if err == nil {
			err = f.air(ctx, &timed{clip: clip, slow: &f.v.slow, sent: &f.v.sent})
		}
		if err == nil {
			return
		}
		f.lost.Add(1)
		f.done.fail(err)
		_ = wait(ctx, 2*time.Second) // the loop sees why
	}
}

// watch is a player, who begins anew when something fails. A part is late by as much as it
// came later than the quickest one of the room, by the dates in the list: so it does not
// matter whose clock is right, nor how far an encoder sorts its pictures.
func (f *farm) watch(ctx context.Context) {
	quickest := time.Duration(math.MaxInt64)
	for ctx.Err() == nil && !f.over.Load() {
		err := f.v.c.play(ctx, f.room, func(due time.Time, _ time.Duration) {
			f.seen.Add(1)
			behind := time.Since(due)
			quickest = min(quickest, behind)
			f.v.late.add(behind - quickest)
		})
		if err == nil || ctx.Err() != nil || f.over.Load() {
			continue
		}
		f.broken.Add(1)
		f.done.fail(err)
		_ = wait(ctx, time.Second)
	}
}

// host shows one product after the other, to the last and back again.
func (f *farm) host(ctx context.Context) {
	for way := 1; len(f.products) > 1; {
		if wait(ctx, f.v.o.Village.Each) != nil {
			return
		}
		now := int(f.shown.Load())
		if now+way < 0 || now+way == len(f.products) {
			way = -way
		}
		path := "/next"
		if way < 0 {
			path = "/previous"
		}
		if err := f.v.c.ask(ctx, http.MethodPost, "/api/v1/rooms/"+f.room+path, object{}, nil); err == nil {
			f.shown.Store(int64(now + way))
		} else if ctx.Err() == nil {
			f.done.fail(err)
		}
	}
}

// rest sends viewers and host home.
func (f *farm) rest() {
	if f.stop != nil {
		f.stop()
	}
	f.people.Wait()
}

// end ends the show, and the encoder and the player with it.
func (f *farm) end(ctx context.Context) error {
	f.rest()
	if f.quit == nil || f.over.Swap(true) {
		return nil // it never began, or is over
	}
	var err error
	if f.aired {
		err = f.v.c.ask(ctx, http.MethodPost, "/api/v1/rooms/"+f.room+"/end", nil, nil)
	}
	f.quit()
	f.on.Wait()
	return err
}

// remove deletes the room and its products.
func (f *farm) remove(ctx context.Context) (err error) {
	if !f.made {
		return nil
	}
	err = f.v.c.ask(ctx, http.MethodDelete, "/api/v1/rooms/"+f.room, nil, nil)
	products := f.products
	if f.shop.rare != nil {
		products = append(products, f.shop.rare.product)
	}
	for _, p := range products {
		err = errors.Join(err, f.v.c.ask(ctx, http.MethodDelete, "/api/v1/products/"+p, nil, nil))
	}
	return err
}

// counter adds up what encoders have sent.
type counter struct{ bytes, messages atomic.Int64 }

// timed is a clip whose encoder is measured: how late each message leaves.
type timed struct {
	clip  *push.Loop
	slow  *meter
	sent  *counter
	began time.Time
	due   time.Time
}

// Next is asked when the message before is sent.
func (t *timed) Next() (flv.Tag, error) {
	now := time.Now()
	if t.began.IsZero() {
		t.began = now
	} else {
		t.slow.add(now.Sub(t.due))
	}
	tag, err := t.clip.Next()
	t.due = t.began.Add(time.Duration(tag.Timestamp) * time.Millisecond)
	t.sent.bytes.Add(int64(len(tag.Body)))
	t.sent.messages.Add(1)
	return tag, err
}
