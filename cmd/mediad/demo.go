package main

import (
	"context"
	"errors"
	"io"
	"net/http"

	"golang.org/x/sync/errgroup"

	"mediad/cmd/mediad/banner"
	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/demo"
)

// serveDemo runs the server and, beside it, a show that runs itself.
func (o configOrigin) serveDemo(ctx context.Context, c config.Config, out io.Writer) error {
	o.demo = true
	demo.Change(&c)
	s, err := openServer(ctx, c, o.anew)
	if err != nil {
		return err
	}
	s.origin = o
	show, err := demo.Prepare(ctx, demo.Options{Store: s.store, URL: "rtmp://" + banner.Reachable(s.rtmp.Addr()) + "/live", Web: s.web(), Log: s.log})
	if err == nil {
		err = s.prepare(ctx, out)
	}
	if err != nil {
		return errors.Join(err, s.shut())
	}
	s.extra = func(mux *http.ServeMux) {
		mux.Handle("GET /demo/images/", http.StripPrefix("/demo/images/", demo.Images()))
		mux.Handle(demo.ShopPath+"/", show.Shop())
	}
	run, ctx := errgroup.WithContext(ctx)
	run.Go(func() error { return s.run(ctx) })
	run.Go(func() error { return show.Run(ctx) })
	return run.Wait()
}
