// Package sim plays a show with its audience against a server, over the server's public
// interfaces: an encoder pushes, a host goes on from product to product, viewers watch,
// click and buy in a test shop that tells of orders late, twice and shuffled. In the end
// it compares what the server says with what was done.
//
// Input: a profile and a server. Output: progress, and a report. What it makes on the
// server stays there, to be looked at.
package sim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// Options of Run.
type Options struct {
	Profile       Profile
	Server, Token string
	Speed         float64 // how many times as fast as the show was
	Players       int     // that follow the picture, beside the viewers who only tell of themselves
	Seed          uint64
	Stripe        string // where the server looks for Stripe; "": nothing is held for buyers
	Progress      io.Writer
}

// maxRun bounds a run, however slow the server is.
const maxRun = time.Hour

// Run plays a show, and gives what came of it. An error says that it could not be played
// to its end.
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.Speed < 1 || o.Speed > 1000 {
		return nil, errors.New("--speed must be from 1 to 1000")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, maxRun, fmt.Errorf("the run took more than %v", maxRun))
	defer cancel()
	c, err := newClient(o.Server, o.Token, mostWorkers)
	if err != nil {
		return nil, err
	}
	w, err := build(ctx, c, o)
	if err != nil {
		return nil, fmt.Errorf("prepare the show: %w", err)
	}
	r := &Result{Profile: o.Profile, Room: w.room, Show: w.show, Speed: o.Speed, began: time.Now()}
	err = r.play(ctx, c, w, o)
	if err == nil {
		err = r.ask(ctx, c, w)
	}
	return r, errors.Join(err, w.close())
}

// play is the show from its first picture to its end, and until the shop has told all.
func (r *Result) play(ctx context.Context, c *client, w *world, o Options) (err error) {
	air, stop := context.WithCancel(ctx)
	defer stop()
	pushed := make(chan error, 1)
	go func() { pushed <- w.push(air) }()
	defer func() {
		stop()
		err = errors.Join(err, <-pushed)
	}()
	var screen screens
	if err := screen.ready(ctx, c, w.room, 30*time.Second); err != nil {
		return err
	}
	watching := make(chan struct{})
	go func() { screen.follow(air, c, w, o.Players); close(watching) }()
	var shown atomic.Pointer[string]
	shown.Store(&w.products[0])
	if err := c.ask(ctx, http.MethodPost, "/api/v1/rooms/"+w.room+"/next", object{}, nil); err != nil {
		return err
	}
	work, rest := context.WithCancel(ctx)
	defer rest()
	hosting := make(chan error, 1)
	go func() {
		hosting <- w.host(work, c, time.Duration(float64(o.Profile.Length)/o.Speed/float64(len(w.products))), &shown)
	}()
	ticks, quiet := make(chan struct{}), make(chan struct{})
	go func() { r.tell(ticks, o); close(quiet) }()
	began := time.Now()
	r.done.live(ctx, c, w, crowd(o.Profile, o.Seed), o.Speed, o.Profile.Workers, func() string { return *shown.Load() })
	r.Served = time.Since(began).Seconds()
	close(ticks)
	<-quiet
	rest() // before the end: behind it there is no show to go on with
	if err := <-hosting; err != nil {
		return err
	}
	if err := w.settle(ctx); err != nil {
		return err
	}
	w.over.Store(true)
	ended := c.ask(ctx, http.MethodPost, "/api/v1/rooms/"+w.room+"/end", nil, nil)
	stop()
	<-watching
	r.Books = w.shop.Books()
	if w.rare != nil {
		rare := w.rare.till.shop.Books()
		r.Books, r.paid = append(r.Books, rare...), int64(len(rare))
	}
	r.Screen = screen.sum()
	return ended
}

// host goes on to the next product, again and again, until the last one is shown.
func (w *world) host(ctx context.Context, c *client, each time.Duration, shown *atomic.Pointer[string]) error {
	for n := range w.products[1:] {
		select {
		case <-time.After(each):
		case <-ctx.Done():
			return nil
		}
		if err := c.ask(ctx, http.MethodPost, "/api/v1/rooms/"+w.room+"/next", object{}, nil); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("the host: %w", err)
		}
		shown.Store(&w.products[n+1])
	}
	return nil
}

// tell writes how far the show is, until ticks is closed.
func (r *Result) tell(ticks <-chan struct{}, o Options) {
	clock := time.NewTicker(5 * time.Second)
	defer clock.Stop()
	began := time.Now()
	for {
		select {
		case <-ticks:
			return
		case <-clock.C:
			at := min(time.Duration(float64(time.Since(began))*o.Speed), o.Profile.Length).Round(time.Second)
			fmt.Fprintf(o.Progress, "%v of %v: %d viewers, %d clicks, %d orders, %d failures\n", at, o.Profile.Length, r.done.came.Load(), r.done.clicked.Load(), r.done.bought.Load(), r.done.failed.Load())
		}
	}
}
