package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"mediad/cmd/mediad/config"
	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/push"
	"mediad/overlay"
	"mediad/overlay/store"
)

// demoFiles are the demo's clip, catalogue and script.
//
//go:embed demo/clip.flv demo/catalogue.json demo/script.json demo/images/*.svg
var demoFiles embed.FS

const (
	demoRoom  = "demo"
	demoTitle = "Corn Town Market"
	// demoLoop is how long the clip lasts.
	demoLoop = 32 * time.Second
)

// step is one line of the script: a product goes up or comes down at a moment
// of the clip.
type step struct {
	AtMS  int    `json:"at_ms"`
	Pin   string `json:"pin"`   // SKU
	Unpin string `json:"unpin"` // SKU
}

// serveDemo runs the server and, beside it, a show that runs itself: the clip is
// pushed over real RTMP in a loop, and products go up and down as it goes.
func (o configOrigin) serveDemo(ctx context.Context, c config.Config, out io.Writer) error {
	o.demo = true
	demoConfig(&c)
	s, err := openServer(ctx, c, o.anew)
	if err != nil {
		return err
	}
	s.origin = o
	show, err := s.prepareDemo(ctx)
	if err == nil {
		err = s.prepare(ctx, out)
	}
	if err != nil {
		return errors.Join(err, s.shut())
	}
	s.extra = func(mux *http.ServeMux) {
		images, _ := fs.Sub(demoFiles, "demo/images")
		mux.Handle("GET /demo/images/", http.StripPrefix("/demo/images/", http.FileServerFS(images)))
	}
	run, ctx := errgroup.WithContext(ctx)
	run.Go(func() error { return s.run(ctx) })
	run.Go(func() error { return show.run(ctx) })
	return run.Wait()
}

// demoConfig changes a configuration to the demo's: a show of one's own must not
// begin with the demo's rooms and products.
func demoConfig(c *config.Config) {
	c.DataDir = filepath.Join(c.DataDir, "demo")
	// Nor may its broadcasts take the places of a server's that runs beside it.
	c.Storage.S3.Prefix = path.Join(c.Storage.S3.Prefix, "demo")
	if c.Storage.Dir.Path != "" {
		c.Storage.Dir.Path = filepath.Join(c.Storage.Dir.Path, "demo")
	}
	for i := range c.Rooms {
		if c.Rooms[i].Slug == demoRoom {
			c.Rooms[i].Title = demoTitle
		}
	}
}

// demoShow is the host of the demo.
type demoShow struct {
	store    *store.Store
	log      *slog.Logger
	url      string
	clip     []flv.Tag
	script   []step
	products map[string]string // id by SKU
}

// prepareDemo makes the demo's room and products, if they are not there yet.
func (s *server) prepareDemo(ctx context.Context) (*demoShow, error) {
	d := &demoShow{store: s.store, log: s.log, url: "rtmp://" + reachable(s.rtmp.Addr()) + "/live", products: map[string]string{}}
	if _, err := s.store.EnsureRoom(ctx, demoRoom, demoTitle, ""); err != nil {
		return nil, err
	}
	var catalogue []overlay.Product
	var err error
	if err = readDemo("catalogue.json", &catalogue); err != nil {
		return nil, err
	}
	if err = readDemo("script.json", &d.script); err != nil {
		return nil, err
	}
	clip, err := demoFiles.ReadFile("demo/clip.flv")
	if err != nil {
		return nil, fmt.Errorf("read demo: %w", err)
	}
	if d.clip, err = flv.ReadAll(bytes.NewReader(clip)); err != nil {
		return nil, fmt.Errorf("read demo: %w", err)
	}
	for _, p := range catalogue {
		made, err := s.store.GetProduct(ctx, p.SKU, 0)
		if overlay.CodeOf(err) == overlay.NotFound {
			made, err = s.store.CreateProduct(ctx, p, store.Once{})
		}
		if err != nil {
			return nil, fmt.Errorf("make demo product %s: %w", p.SKU, err)
		}
		d.products[p.SKU] = made.ID
	}
	return d, nil
}

func readDemo(name string, into any) error {
	text, err := demoFiles.ReadFile("demo/" + name)
	if err != nil {
		return fmt.Errorf("read demo: %w", err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read demo: %s: %w", name, err)
	}
	return nil
}

// run pushes and pins until ctx is done. A push that breaks is begun again, as
// OBS would.
func (d *demoShow) run(ctx context.Context) error {
	for ctx.Err() == nil {
		key, err := d.store.RevealKey(ctx, demoRoom, "demo")
		if err != nil {
			return err
		}
		d.once(ctx, key)
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Second):
		}
	}
	return nil
}

// once is one stay of the publisher, with its script.
func (d *demoShow) once(ctx context.Context, key string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := time.Now()
	go func() {
		defer cancel()
		loop, err := push.NewLoop(d.clip, demoLoop)
		if err == nil {
			err = push.New(push.Options{URL: d.url, Key: key, Log: d.log}).Run(ctx, loop)
		}
		if err != nil && ctx.Err() == nil {
			d.log.Warn("demo publisher stopped", "err", err)
		}
	}()
	for loop := 0; ; loop++ {
		for _, s := range d.script {
			at := began.Add(time.Duration(loop)*demoLoop + time.Duration(s.AtMS)*time.Millisecond)
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Until(at)):
			}
			if err := d.do(ctx, s); err != nil && ctx.Err() == nil {
				d.log.Warn("demo script", "err", err)
			}
		}
	}
}

func (d *demoShow) do(ctx context.Context, s step) (err error) {
	if s.Pin != "" {
		_, err = d.store.Pin(ctx, demoRoom, d.products[s.Pin], overlay.At{}, store.Once{})
		return err
	}
	_, err = d.store.Unpin(ctx, demoRoom, d.products[s.Unpin], overlay.At{})
	return err
}
