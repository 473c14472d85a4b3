// Package doctor follows a live HLS address as a player would and tells which
// statements of the standards, and of players' habits, it breaks: playlists and
// how they change, blocking reload and its request table, headers, MPEG-TS and
// timed ID3, and how a CDN in front treats all of it.
//
// In flows an address, out flows a Report. The package asks for nothing that a
// player would not ask for, but for a few requests that a server must refuse.
// It judges with the readers of packager/check and shares no code with the
// server. Streams of others are welcome: what applies to this project's streams
// only is left out, and what is not MPEG-TS is judged by its playlists alone.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// Options say what to follow, and for how long.
type Options struct {
	// URL is the address of a multivariant or media playlist.
	URL string
	// For is how long to follow; 0: 30 s. A run takes longer by what is asked
	// for before and after.
	For time.Duration
	// Versions ends a run early, after so many versions of the playlist; 0: no.
	Versions int
	// CDN asks in pairs and bursts too, to see how caches behave.
	CDN bool
	// Transport makes the requests; nil: a new one.
	Transport http.RoundTripper
	// Progress is told in lines what goes on; nil: nobody is.
	Progress io.Writer
}

// Doctor is one visit. It is used once.
type Doctor struct {
	opts    Options
	client  *http.Client
	ledger  *ledger
	numbers numbers
	report  Report

	list *url.URL // of the media playlist
	top  *m3u8.Multivariant
	peer []*other // the other media playlists

	// The playlist that came last.
	judge          check.Playlist
	text           string
	media          *m3u8.Media
	target, listed time.Duration
	ended          bool
	pace           pace

	reader reader
	early  []early
	held   chan *answer // the answer to a request far ahead; nil: none is out
	slow   int          // hinted parts whose body trickled

	moments []moment // when versions came, the oldest first
	glanced time.Time

	left      []string // URIs that the last version no longer lists
	leftAsked int
}

// errUnreachable tells that nothing could be judged.
var errUnreachable = errors.New("no playlist could be read there")

// New prepares a visit. It fails if the address is none.
func New(o Options) (*Doctor, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("doctor: %q is neither an http nor an https address", o.URL)
	}
	if o.For == 0 {
		o.For = 30 * time.Second
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	if o.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DisableCompression = true // encodings are judged
		t.MaxIdleConnsPerHost = 16
		o.Transport = t
	}
	d := &Doctor{opts: o, client: &http.Client{Transport: o.Transport}, ledger: newLedger(time.Now), numbers: newNumbers(), list: u}
	d.reader.seen = map[uint64]bool{}
	return d, nil
}

// Run makes the visit. It fails if there is nothing to judge at the address;
// what is judged and found wrong is in the report.
func (d *Doctor) Run(ctx context.Context) (*Report, error) {
	began := time.Now()
	if err := d.open(ctx); err != nil {
		return nil, err
	}
	if !d.ended {
		d.table(ctx)
		if d.opts.CDN {
			d.caches(ctx)
		}
		d.follow(ctx, time.Now().Add(d.opts.For))
	}
	if d.ended {
		d.afterEnd(ctx)
	}
	if d.media == nil {
		return nil, fmt.Errorf("doctor: %s: %w", d.opts.URL, errUnreachable)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	d.conclude()
	r := d.ledger.report()
	r.URL, r.Began, r.Seconds = d.opts.URL, began, time.Since(began).Seconds()
	r.Versions, r.Parts, r.Segments, r.Notes = d.report.Versions, d.report.Parts, d.report.Segments, d.report.Notes
	return r, nil
}

func (d *Doctor) say(format string, args ...any) {
	fmt.Fprintf(d.opts.Progress, "doctor: "+format+"\n", args...)
}

// open finds the media playlist and reads it for the first time.
func (d *Doctor) open(ctx context.Context) error {
	a := d.limited(ctx, d.list)
	text := a.text()
	if !a.ok() || !isList(text) {
		why := a.err
		if why == nil {
			why = fmt.Errorf("%d, %d bytes that are no playlist", a.status, len(a.body))
		}
		return fmt.Errorf("doctor: %s: %w: %w", d.list, errUnreachable, why)
	}
	d.list = a.url
	if isMultivariant(string(text)) {
		d.heard(a, multivariant)
		d.zippedTop(ctx, a.url)
		if err := d.readTop(ctx, a, string(text)); err != nil {
			return err
		}
		a = d.limited(ctx, d.list)
		if !a.ok() {
			return fmt.Errorf("doctor: %s: %w: status %d", d.list, errUnreachable, a.status)
		}
	}
	d.heard(a, playlist)
	d.say("following %s", d.list)
	d.version(a)
	if d.media == nil { // what is wrong with the text is in the ledger
		d.report.Notes = append(d.report.Notes, "The playlist could not be read: only its text was judged.")
		d.media = &m3u8.Media{}
		d.ended = true
	}
	d.peers(ctx)
	if len(d.media.Segments) > 0 {
		d.reader.begin(d.media)
		d.read(ctx)
	}
	return nil
}

// limited is get with the patience of a player.
func (d *Doctor) limited(ctx context.Context, u *url.URL, headers ...string) *answer {
	ctx, cancel := context.WithTimeout(ctx, max(15*time.Second, 4*d.target))
	defer cancel()
	return d.get(ctx, u, headers...)
}
