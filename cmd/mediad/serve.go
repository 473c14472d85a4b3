package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"mediad/cmd/mediad/banner"
	"mediad/cmd/mediad/broadcast"
	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/datadir"
	"mediad/cmd/mediad/importer"
	"mediad/cmd/mediad/keep"
	"mediad/cmd/mediad/logs"
	"mediad/cmd/mediad/memory"
	"mediad/cmd/mediad/metrics"
	"mediad/cmd/mediad/objects"
	"mediad/cmd/mediad/parts"
	"mediad/cmd/mediad/pictures"
	"mediad/cmd/mediad/playback"
	"mediad/cmd/mediad/remind"
	"mediad/cmd/mediad/replay"
	"mediad/cmd/mediad/site"
	"mediad/cmd/mediad/site/connlimit"
	"mediad/cmd/mediad/targets"
	"mediad/cmd/mediad/uploads"
	"mediad/cmd/mediad/webhook"
	"mediad/ingest/bans"
	"mediad/ingest/rtmp"
	"mediad/ingest/rtmp/restream"
	"mediad/overlay"
	"mediad/overlay/chat"
	"mediad/overlay/checkout"
	"mediad/overlay/clicks"
	"mediad/overlay/feed"
	"mediad/overlay/mail"
	"mediad/overlay/sales"
	"mediad/overlay/store"
	"mediad/overlay/viewers"
	"mediad/overlay/webhooks"
	"mediad/packager"
	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/packager/spool"
)

// server has all parts that run, connected.
type server struct {
	config      config.Config
	origin      configOrigin // of config
	anew        bool         // a missing database or secret may be made anew
	attended    bool         // it was started from a terminal, by a person
	hangups     chan os.Signal
	log         *slog.Logger
	dataDir     *datadir.Lock
	store       *store.Store
	feed        *feed.Feed
	clicks      *clicks.Counter
	holds       *checkout.Holds
	viewers     *viewers.Counter
	sales       *sales.Counter
	chat        *chat.Hub
	imports     *importer.Importer
	uploads     *uploads.Uploads
	mail        *mail.Mailer // nil: none is sent
	webhooks    *webhooks.Sender
	reminders   *remind.Office
	live        *packager.Live
	archive     *archive.Archive
	sweeper     *keep.Sweeper
	media       *keep.Media
	spool       *spool.Spool
	restream    *restream.Hub
	broadcasts  *broadcast.Manager
	replays     *replay.Replays
	files       *replay.Downloads
	ingest      *rtmp.Server
	images      *pictures.Pictures // nil: there are none
	traffic     *metrics.Traffic
	connections *connlimit.Limiter
	guesses     guesses // of tokens
	protection  *playback.Protection
	// unchecked is the object store, if it could not be used at the start; nil:
	// it could.
	unchecked objects.Store

	rtmp, http   net.Listener
	rtmps        net.Listener // nil: no port for it
	tls          *tls.Config  // of http; nil: no TLS
	level        slog.LevelVar
	certificates site.Certificates
	plain        net.Listener // redirects to HTTPS; nil: no such port
	operator     net.Listener // the operator's; nil: no port for it

	plainHandler http.Handler
	metricsToken atomic.Pointer[string]
	close        []func() error
	extra        func(*http.ServeMux) // adds the routes of a demo; nil: none
}

// How long a shutdown waits for connections and, at the same time, for the object
// store (drainFor): an upgrade should cost viewers no more than an encoder's reconnect,
// 2 s in OBS. Segments that are not in the spool either get more time (drainStore).
// Whatever has not ended then, as on a disk that hangs, is left (leaveAfter).
const (
	drainFor   = 1500 * time.Millisecond
	drainStore = 3 * time.Second
	leaveAfter = drainStore + 500*time.Millisecond
)

// starts is the command line of the commands that start a server.
type starts struct {
	configured
	BeginAnew bool `help:"Start although the database or secret.key is missing and older data is there. The server then begins with an empty database, or makes new stream keys and deletes all API tokens. Use this flag for one start."`
}

func (b starts) origin(environ []string) configOrigin {
	return configOrigin{file: b.Config, environ: environ, anew: b.BeginAnew}
}

// serve runs the server until ctx is done.
func (o configOrigin) serve(ctx context.Context, c config.Config, out io.Writer) error {
	s, err := openServer(ctx, c, o.anew)
	if err != nil {
		return err
	}
	s.origin = o
	if err := s.prepare(ctx, out); err != nil {
		return errors.Join(err, s.shut())
	}
	return s.run(ctx)
}

// newServer is openServer without the right to begin anew.
func newServer(ctx context.Context, c config.Config) (*server, error) {
	return openServer(ctx, c, false)
}

// openServer opens what the configuration names. It starts nothing.
func openServer(ctx context.Context, c config.Config, anew bool) (*server, error) {
	s := &server{config: c, anew: anew, attended: banner.IsTerminal(os.Stdout), hangups: make(chan os.Signal, 1), traffic: metrics.NewTraffic(), certificates: site.Certificates{}}
	_ = s.level.UnmarshalText([]byte(c.Log.Level)) // the configuration was checked before
	s.log = logs.New(c.Log.Format, &s.level, os.Stderr)
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.shut())
	}
	return s, nil
}

func (s *server) open(ctx context.Context) (err error) {
	c := s.config
	// The lock comes before anything is read, and before the ports: a server on
	// the same data_dir would have them.
	if s.dataDir, err = datadir.Acquire(ctx, c.DataDir, datadir.Options{Log: s.log}); err != nil {
		return err
	}
	s.close = append(s.close, s.dataDir.Close)
	if err := objects.CloseToOthers(ctx, c, s.log); err != nil {
		return err
	}
	if s.rtmp, err = s.listen("rtmp.listen", c.RTMP.Listen, "another mediad or RTMP server"); err != nil {
		return err
	}
	if err := s.openRTMPS(); err != nil {
		return err
	}
	if s.http, err = s.listen("http.listen", c.HTTP.Listen, "another mediad or web server"); err != nil {
		return err
	}
	if err := s.openHTTPS(); err != nil {
		return err
	}
	if err := s.openOperator(); err != nil {
		return err
	}
	s.guesses = guesses{bans.New(banRule(c.Auth.Ban.WrongTokens, c.Auth.Ban.Within, c.Auth.Ban.For)), s.log}
	limits := site.ConnectionLimits(wantedConnections(c), s.log)
	s.connections = connlimit.New(limits.HTTP, "http.max_connections", s.log)
	if err := s.dataDir.At(s.web(), banner.Reachable(s.rtmp.Addr())); err != nil {
		return err
	}
	bucket, checked, err := objects.OpenChecked(ctx, c, s.log)
	if err != nil {
		return err
	}
	if !checked {
		s.unchecked = bucket
	}
	if o, ok := bucket.(io.Closer); ok {
		s.close = append(s.close, o.Close)
	}
	rest := importer.Rest(func() bool { return s.live != nil && len(s.live.Streams()) > 0 })
	if s.store, err = store.Open(ctx, store.Options{
		Dir: c.DataDir, URL: c.Database.URL, Pace: overlay.CuesASecond, Log: s.log, Traces: []string{layout.Disk(c.SpoolDir()).Journals()}, Elsewhere: objects.LeftIn(bucket, c.StoreName(), s.log), Anew: s.anew,
		Rest: rest,
	}); err != nil {
		return err
	}
	s.close = append(s.close, s.store.Close)
	if r := s.store.Restored(); r != nil {
		s.log.Warn("the database is an older copy: a backup was put back. Open shows go on with numbers above all that may have been used since",
			"last_change", r.Since, "about_commits_lost", r.Lost)
	}
	s.live = packager.NewLive(objects.Reader(bucket))
	s.replays = replay.New(replay.Options{
		Store: s.store, Live: s.live, Journals: archive.OpenJournals(c.SpoolDir()), Base: c.HTTP.Base(), Log: s.log,
	})
	s.files = replay.NewDownloads(replay.DownloadOptions{
		Dir: c.DataPath("tmp", "downloads"), FFmpeg: c.FFmpeg, Limit: int64(c.Downloads.Limit), Replays: s.replays, Media: s.live, Log: s.log,
	})
	s.spool = spool.New(spool.Options{Dir: c.SpoolDir(), Log: s.log})
	s.archive = archive.New(archive.Options{
		Store: objects.Writer(bucket), Name: c.StoreName(), Dir: c.SpoolDir(), Window: c.HLS.Window, Log: s.log,
		Spool: s.spool, MaxSpooled: int64(c.Storage.Spool), Workers: c.Storage.Uploads,
		Private: func(epoch string) bool { return s.broadcasts.Rehearsal(epoch) },
	})
	if s.protection, err = playback.Open(c); err != nil {
		return err
	}
	s.feed = feed.New(feed.Options{Log: s.store, Agenda: s.store, Sink: cueSink{s.live}, Logger: s.log, Delay: c.HLS.CueDelay,
		Figures: func(room string) (overlay.Pulse, bool) { return s.broadcasts.Pulse(room) }})
	s.clicks = clicks.New(clicks.Options{Store: s.store, NewID: s.store.NewID, Keep: c.Clicks.Keep, Limit: c.Clicks.Limit, Log: s.log})
	s.holds = checkout.NewHolds(checkout.HoldOptions{Store: s.store, Stripe: checkout.NewStripe(os.Getenv("STRIPE_API_BASE")), Log: s.log})
	s.sales = sales.New(sales.Options{Store: s.store, Log: s.log})
	s.viewers = viewers.New(viewers.Options{Store: s.store, Orders: s.sales.Orders, Log: s.log})
	s.chat = chat.New(chat.Options{Store: s.store, NewID: s.store.NewID, Listeners: limits.HTTP / 2, Log: s.log}) // players need the other half
	s.imports = importer.New(importer.Options{Store: s.store, Dir: c.DataPath("imports"), Log: s.log, Rest: rest})
	if m := c.SMTP; m.Server != "" {
		from, err := m.Sender()
		if err != nil {
			return err
		}
		s.mail = mail.New(mail.Options{Queue: s.store, Server: m.Server, TLS: mail.TLS(m.TLS), User: m.User, Password: m.Password, From: from, PublicURL: c.HTTP.PublicURL, PerHour: m.PerHour, Log: s.log})
	}
	if s.reminders, err = remind.Open(c, s.store, s.mail, s.log); err != nil {
		return err
	}
	told := webhooks.Options{Queue: s.store, UserAgent: "mediad/" + Version, Log: s.log}
	if c.Webhooks.PrivateNetworks {
		told.Public = overlay.NearAddress
	}
	s.webhooks = webhooks.New(told)
	uploaded, err := objects.Pictures(bucket, c.DataPath("images"))
	if err != nil {
		return err
	}
	s.uploads = uploads.New(uploads.Options{Rows: s.store, Objects: uploaded, Log: s.log})
	retention := overlay.Retention{Set: true, For: c.Storage.Retention}
	s.sweeper = keep.NewSweeper(keep.Options{Rows: s.store, Archive: s.archive, Objects: objects.Kept(bucket), Retention: retention, People: c.Keeping(), Log: s.log})
	s.media = keep.NewMedia(keep.MediaOptions{
		Kind: c.Storage.Kind, Data: c.DataDir, Dir: c.ObjectsDir(), Sweeper: s.sweeper, Archive: s.archive, Rows: s.store, Retention: retention, Behind: broadcast.BehindStore,
	})
	p := pictures.Options{Mode: c.Thumbnails, FFmpeg: c.FFmpeg, Live: s.live, Rows: s.store, Log: s.log}
	if bucket != nil {
		p.Store = objects.Stored{Store: bucket}
	}
	if s.images, err = pictures.Open(p); err != nil {
		return err
	}
	if s.restream, err = targets.Open(c, s.log); err != nil {
		return err
	}
	o := broadcast.Options{
		Live: s.live, Store: s.store, Archive: s.archive, Spool: s.spool, Feed: s.feed,
		Lengths: broadcast.Lengths{Part: c.HLS.Part, Segment: c.HLS.Segment, Window: c.HLS.Window, DVR: c.HLS.DVR, Reconnect: c.HLS.Reconnect},
		Log:     s.log, Listed: s.traffic.Listed, Over: s.images.Over, Audience: s.viewers.Pulse, Restream: s.restream,
	}
	if w := c.Auth.PublishWebhook; w.URL != "" {
		key, err := w.SigningKey()
		if err != nil {
			return fmt.Errorf("auth.publish_webhook.secret: %w", err)
		}
		o.Permit = webhook.New(webhook.Options{URL: w.URL, Key: key, UserAgent: "mediad/" + Version, Log: s.log}).Permit
	}
	s.broadcasts = broadcast.New(o)
	s.ingest = rtmp.New(rtmpOptions(c.RTMP, limits.RTMP, s.broadcasts, s.log))
	return nil
}

func (s *server) listen(key, address, likely string) (net.Listener, error) {
	l, err := site.Listen(key, address, likely)
	if err != nil {
		return nil, err
	}
	s.close = append(s.close, func() error {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	return l, nil
}

// shut closes what newServer opened, last first.
func (s *server) shut() error {
	var errs []error
	for i := len(s.close) - 1; i >= 0; i-- {
		errs = append(errs, s.close[i]())
	}
	s.close = nil
	return errors.Join(errs...)
}

// prepare makes the rooms and the admin token, takes up what a former process
// left on air, and prints the addresses.
func (s *server) prepare(ctx context.Context, out io.Writer) error {
	token, err := s.store.EnsureAdminToken(ctx, s.config.Auth.AdminToken, banner.IsTerminal(out))
	if err != nil {
		return err
	}
	for _, r := range s.config.Rooms {
		if _, err := s.store.EnsureRoom(ctx, r.Slug, r.Title, r.StreamKey); err != nil {
			return err
		}
		if r.Latency == "" {
			continue
		}
		if _, err := s.store.SetLatency(ctx, r.Slug, overlay.Latency(r.Latency), "configuration"); err != nil {
			return err
		}
	}
	if err := s.warnOfShortKeys(ctx); err != nil {
		return err
	}
	if err := s.broadcasts.Restore(ctx); err != nil {
		return err
	}
	if s.origin.environ != nil { // before anybody is told that the server is there
		signal.Notify(s.hangups, syscall.SIGHUP)
	}
	return s.tellWhere(ctx, out, token)
}

// run serves until ctx is done, then shuts down in order: publishers first,
// then viewers and the store, then the database.
func (s *server) run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, parts.Within(drainFor, "the database's end", s.log, s.shut)) }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	routes, err := s.routes()
	if err != nil {
		return err
	}
	open := func(h http.Handler) *site.Server {
		return site.New(site.Options{
			Handler: h, Pages: crossOrigin(s.config.HTTP.APIOrigins), Players: often, Network: packager.NetworkOf, Count: s.traffic.Count, Log: s.log,
		})
	}
	servers := []*site.Server{open(routes)}
	if s.plain != nil {
		servers = append(servers, open(s.plainHandler))
	}
	var serveMetrics func() error
	if s.operator != nil {
		var operator *site.Server
		operator, serveMetrics = s.serveOperator()
		servers = append(servers, operator)
	}

	s.tellStart()

	// These goroutines run longer than publishers and viewers, which need them.
	behind, stopBehind := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBehind()
	back, behind := parts.New(behind, s.log)
	back.Go("the memory's limit", memory.Save)
	back.Go("the database", func(ctx context.Context) error { return s.store.Watch(ctx, stop) }) // an orderly end, if another server has it
	back.Go("the archive", s.archive.Run)
	back.Go("the check of the store", func(ctx context.Context) error {
		return objects.CheckUntil(ctx, s.unchecked, objects.CheckAgain, s.log)
	})
	back.Go("the spool", s.spool.Run)
	back.Go("live playback", s.live.Run)
	back.Go("downloads", s.files.Run)
	back.Go("events", s.feed.Run)
	back.Go("clicks", s.clicks.Run)
	back.Go("holds", s.holds.Run)
	back.Go("viewers", s.viewers.Run)
	back.Go("sales", s.sales.Run)
	back.Go("chats", s.chat.Run)
	back.Go("imports", s.imports.Run)
	back.Go("uploaded pictures", s.uploads.Run)
	back.Go("mail", s.mail.Run)
	back.Go("webhooks", s.webhooks.Run)
	back.Go("reminders", s.reminders.Run)
	back.Go("pictures", s.images.Run)
	back.Go("deletions", s.sweeper.Run)
	back.Go("broadcasts", s.broadcasts.Run)
	back.Go("restreaming", s.restream.Run)

	front, ctx := parts.New(ctx, s.log)
	// Publishers are closed after the Manager knows about the shutdown. Otherwise it
	// would take them for lost.
	taking, stopTaking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopTaking()
	front.Go("publishers", func(context.Context) error { return s.ingest.Serve(taking, s.rtmp) })
	if s.rtmps != nil {
		front.Go("publishers over TLS", func(context.Context) error { return s.ingest.Serve(taking, s.rtmps) })
	}
	front.Go("viewers", func(context.Context) error { return servers[0].Serve(s.connections.Listener(s.http), s.tls) })
	if s.plain != nil {
		front.Go("redirects", func(context.Context) error { return servers[1].Serve(s.connections.Listener(s.plain), nil) })
	}
	if serveMetrics != nil {
		front.Go("metrics", func(context.Context) error { return serveMetrics() })
	}
	if s.origin.environ != nil {
		front.Go("the configuration", func(ctx context.Context) error { return s.reloadOnHangup(ctx, stop) })
	}
	front.Go("connections", func(context.Context) error {
		select {
		case <-ctx.Done():
		case <-behind.Done():
			stop()
		}
		s.log.Info("shutting down")
		if err := s.dataDir.Leave(); err != nil {
			s.log.Warn("the next start will not know that this process is shutting down", "err", err)
		}
		s.broadcasts.Suspend()
		stopTaking()
		s.feed.HangUp()
		front.Go("what waits for the store", func(context.Context) error { s.flush(); return nil })
		return site.Drain(drainFor, servers...)
	})
	err = front.Wait(leaveAfter)
	stopBehind()
	return errors.Join(err, back.Wait(leaveAfter))
}

// flush waits for the object store.
func (s *server) flush() {
	secured, cancel := context.WithTimeout(context.Background(), drainStore)
	defer cancel()
	stored, cancel := context.WithTimeout(secured, drainFor)
	defer cancel()
	err := s.archive.Flush(stored)
	if err == nil {
		return
	}
	if lost := s.archive.Secure(secured); lost != nil {
		s.log.Error("not everything could be stored, and the local disk has not confirmed that the spool has it: what the next start does not find there becomes a gap", "err", lost)
		return
	}
	s.log.Warn("not everything could be stored; the next start goes on from the spool", "err", err)
}

// wantedConnections gives the number of connections in the configuration.
func wantedConnections(c config.Config) connlimit.Wanted {
	return connlimit.Wanted{HTTP: c.HTTP.MaxConnections, RTMP: c.RTMP.MaxConnections, Uploads: c.Storage.Uploads}
}
