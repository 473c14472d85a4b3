// Package doctor follows a live HLS address as a player would, and tells which rules
// of standards and players it breaks: in playlists and their changes, in blocking
// reload and its request table, in headers, in MPEG-TS and timed ID3, and in how a
// CDN in front treats all of them.
//
// An address flows in, and a Report flows out. The package sends only requests that
// players send, and a few that a server must refuse. It judges with the readers of
// packager/check and shares no code with the server. It takes streams of other
// projects, too: rules for this project's streams are then left out, and a stream
// that is not MPEG-TS is judged by its playlists alone.
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
	// For is how long to follow; 0 means 30 s. A run takes longer than that,
	// because of the requests before and after.
	For time.Duration
	// Versions, if not 0, ends a run early, after so many versions of the playlist.
	Versions int
	// CDN sends requests in pairs and bursts too, to see how caches behave.
	CDN bool
	// Transport makes the requests; nil means a new one.
	Transport http.RoundTripper
	// Progress, if not nil, gets lines that tell what the doctor does.
	Progress io.Writer
}

// Doctor is one run over an address. It is used once.
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
	held   chan *answer // the answer to a request far ahead; nil while there is none
	slow   int          // number of hinted parts whose body came slowly

	moments []moment // when versions came, the oldest first
	glanced time.Time

	left      []string // URIs that the last version no longer lists
	leftAsked int
}

// errUnreachable says that nothing could be judged.
var errUnreachable = errors.New("no playlist could be read there")

// New prepares a run. It fails if the address is not an http or https address.
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

// Run judges the address. It fails if there is nothing to judge there. Broken rules
// are no failure: they are in the report.
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
		d.ladder(ctx)
		d.follow(ctx, time.Now().Add(d.opts.For))
		d.ladder(ctx)
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
			if list := playlistOf(d.list); list != nil {
				why = fmt.Errorf("%w: this is the address of a page, whose playlist is %s", why, list)
			}
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
	if d.media == nil { // the ledger has the fault of the text
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

// limited is get with a time limit such as players have.
func (d *Doctor) limited(ctx context.Context, u *url.URL, headers ...string) *answer {
	ctx, cancel := context.WithTimeout(ctx, max(15*time.Second, 4*d.target))
	defer cancel()
	return d.get(ctx, u, headers...)
}
