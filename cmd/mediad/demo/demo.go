// Package demo is a show that runs itself: it pushes a clip over real RTMP in a loop,
// and pins and unpins products at moments of the clip. Beside it stands a shop in which
// visitors buy for nothing.
//
// Input: the address to push to. Output: the actions of an encoder, a host and a shop,
// over the same interfaces as theirs.
package demo

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"path/filepath"
	"sync"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/testshop"
	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/push"
	"mediad/overlay"
	"mediad/overlay/store"
)

// files are the demo's clip, catalogue and script.
//
//go:embed clip.flv catalogue.json script.json images/*.svg
var files embed.FS

const (
	room  = "demo"
	title = "Corn Town Market"
	// loopLength is how long the clip lasts.
	loopLength = 32 * time.Second
)

// step is one line of the script: a product is pinned or unpinned at a moment
// of the clip.
type step struct {
	AtMS  int    `json:"at_ms"`
	Pin   string `json:"pin"`   // SKU
	Unpin string `json:"unpin"` // SKU
}

// Change changes a configuration into one for the demo: a real shop must not
// get the demo's rooms and products.
func Change(c *config.Config) {
	c.DataDir = filepath.Join(c.DataDir, "demo")
	c.Database.URL = "" // a database of its own, in data_dir
	// Nor may its broadcasts replace those of a server that runs beside it.
	c.Storage.S3.Prefix = path.Join(c.Storage.S3.Prefix, "demo")
	if c.Storage.Dir.Path != "" {
		c.Storage.Dir.Path = filepath.Join(c.Storage.Dir.Path, "demo")
	}
	for i := range c.Rooms {
		if c.Rooms[i].Slug == room {
			c.Rooms[i].Title = title
		}
	}
}

// Options of a Show. All are needed.
type Options struct {
	Store *store.Store
	URL   string // where encoders push to
	Web   string // where viewers find the pages, without a slash at its end
	Log   *slog.Logger
}

// Show is the demo's encoder and its host.
type Show struct {
	o        Options
	clip     []flv.Tag
	script   []step
	products map[string]string // id by SKU
	shop     *testshop.Shop
}

// Prepare makes the demo's room, shop and products, if they are not there yet. It
// starts nothing.
func Prepare(ctx context.Context, o Options) (*Show, error) {
	d := &Show{o: o, products: map[string]string{}}
	if _, err := d.o.Store.EnsureRoom(ctx, room, title, ""); err != nil {
		return nil, err
	}
	var catalogue []overlay.Product
	var err error
	if err = read("catalogue.json", &catalogue); err != nil {
		return nil, err
	}
	if err = read("script.json", &d.script); err != nil {
		return nil, err
	}
	if d.clip, err = tags(); err != nil {
		return nil, err
	}
	if err := d.open(ctx, catalogue); err != nil {
		return nil, err
	}
	for _, p := range catalogue {
		p = d.linked(p)
		made, err := d.o.Store.GetProduct(ctx, p.SKU, 0)
		if overlay.CodeOf(err) == overlay.NotFound {
			made, err = d.o.Store.CreateProduct(ctx, p, store.Once{})
		} else if err == nil && made.Link != p.Link { // of an older demo, or of one at another address
			made, err = d.o.Store.UpdateProduct(ctx, made.ID, overlay.ProductChange{Link: &p.Link})
		}
		if err != nil {
			return nil, fmt.Errorf("make demo product %s: %w", p.SKU, err)
		}
		d.products[p.SKU] = made.ID
	}
	return d, nil
}

// tags reads the demo's clip, once for all who push it: nobody changes what it gives.
var tags = sync.OnceValues(func() ([]flv.Tag, error) {
	clip, err := files.ReadFile("clip.flv")
	if err != nil {
		return nil, fmt.Errorf("read demo: %w", err)
	}
	all, err := flv.ReadAll(bytes.NewReader(clip))
	if err != nil {
		return nil, fmt.Errorf("read demo: %w", err)
	}
	return all, nil
})

// Clip gives the demo's clip without an end, for whoever pushes one. However many do, its
// frames are in memory once.
func Clip() (*push.Loop, error) {
	all, err := tags()
	if err != nil {
		return nil, err
	}
	return push.NewLoop(all, loopLength)
}

func read(name string, into any) error {
	text, err := files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read demo: %w", err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read demo: %s: %w", name, err)
	}
	return nil
}

// Run pushes and pins until ctx is done. After a push that breaks it begins
// again, as OBS does.
func (d *Show) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		key, err := d.o.Store.RevealKey(ctx, room, "demo")
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

// once pushes for one session, and follows the script.
func (d *Show) once(ctx context.Context, key string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := time.Now()
	go func() {
		defer cancel()
		loop, err := push.NewLoop(d.clip, loopLength)
		if err == nil {
			err = push.New(push.Options{URL: d.o.URL, Key: key, Log: d.o.Log}).Run(ctx, loop)
		}
		if err != nil && ctx.Err() == nil {
			d.o.Log.Warn("demo publisher stopped", "err", err)
		}
	}()
	for loop := 0; ; loop++ {
		for _, s := range d.script {
			at := began.Add(time.Duration(loop)*loopLength + time.Duration(s.AtMS)*time.Millisecond)
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Until(at)):
			}
			if err := d.do(ctx, s); err != nil && ctx.Err() == nil {
				d.o.Log.Warn("demo script", "err", err)
			}
		}
	}
}

func (d *Show) do(ctx context.Context, s step) (err error) {
	if s.Pin != "" {
		_, err = d.o.Store.Pin(ctx, room, d.products[s.Pin], overlay.At{}, store.Once{})
		return err
	}
	_, err = d.o.Store.Unpin(ctx, room, d.products[s.Unpin], overlay.At{})
	return err
}

// Images serves the pictures of the demo's products.
func Images() http.Handler {
	images, _ := fs.Sub(files, "images") // the name is legal
	return http.FileServerFS(images)
}
