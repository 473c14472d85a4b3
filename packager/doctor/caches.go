package doctor

import (
	"context"
	"fmt"
	"slices"

	"mediad/packager/m3u8"
)

// burst is how many identical requests are sent together.
const burst = 8

// early is a segment, part or playlist that was asked for before it was there.
type early struct {
	first *answer
	msn   uint64 // it is there when this segment is whole
	kind  kind
	retry func(context.Context) *answer
}

// caches sends requests in pairs and bursts, to see how the caches between here and
// the origin behave.
func (d *Doctor) caches(ctx context.Context) {
	d.say("asking in pairs and bursts")
	d.twice(ctx)
	d.forms(ctx)
	if d.blocks() && d.media.PartTarget > 0 {
		d.together(ctx)
		d.keys(ctx)
	}
	d.askEarly(ctx)
}

// twice asks for the newest segment and the newest part again.
func (d *Doctor) twice(ctx context.Context) {
	var segment, part string
	if n := len(d.media.Segments); n > 0 && !d.media.Segments[n-1].Gap {
		segment = d.media.Segments[n-1].URI
	}
	for _, p := range append(slices.Clone(lastParts(d.media)), d.media.Open.Parts...) {
		if !p.Gap {
			part = p.URI
		}
	}
	for _, uri := range []string{segment, part} {
		if uri != "" {
			d.again(ctx, uri)
		}
	}
}

// again asks three times for a piece of media.
func (d *Doctor) again(ctx context.Context, uri string) {
	x := d.take(ctx, uri)
	if x == nil {
		return
	}
	for range 2 {
		y := d.take(ctx, uri)
		if y == nil {
			return
		}
		d.aged(y)
		d.ledger.judge("A6.26", string(x.body) == string(y.body) && x.header.Get("ETag") == y.header.Get("ETag"), y.place(),
			x.heads("ETag", "Content-Length")+y.heads("ETag", "Content-Length"), "the same media came in two ways")
	}
}

// forms asks for both forms of the playlist in turn.
func (d *Doctor) forms(ctx context.Context) {
	for range 2 {
		zipped := d.limited(ctx, d.list, "Accept-Encoding", "gzip")
		plain := d.limited(ctx, d.list, "Accept-Encoding", "identity")
		d.aged(zipped)
		d.aged(plain)
		if !zipped.ok() || !plain.ok() {
			continue
		}
		d.ledger.judge("A6.25", plain.header.Get("Content-Encoding") == "" && isList(plain.body) && isList(zipped.text()), plain.place(),
			zipped.heads("Content-Encoding", "Vary")+plain.heads("Content-Encoding", "Vary"), "the plain form was asked for, or the compressed one cannot be read")
	}
}

// together sends identical blocking requests at one time.
func (d *Doctor) together(ctx context.Context) {
	d.refresh(ctx)
	if d.ended {
		return
	}
	u := d.asksFor(upcoming(d.media), len(d.media.Open.Parts))
	came := make(chan *answer, burst)
	for range burst {
		go func() { came <- d.limited(ctx, u, "Accept-Encoding", "identity") }()
	}
	var first *answer
	misses, told := 0, 0
	for range burst {
		a := <-came
		if ctx.Err() != nil {
			return
		}
		d.heard(a, blocking)
		d.aged(a)
		if first == nil {
			first = a
		}
		d.ledger.judge("A6.21", a.status == first.status && (string(a.body) == string(first.body) || edge(a) != edge(first)), a.place(),
			first.heads("ETag", "Age")+lastLines(string(first.body))+"\n"+a.heads("ETag", "Age")+lastLines(string(a.body)), "identical requests got different answers")
		if hit, says := cached(a.header); says {
			if told++; !hit {
				misses++
			}
		}
	}
	if told == burst {
		d.ledger.judge("A6.22", misses <= 1, u.String(), first.heads("Cache-Status", "X-Cache", "X-Cache-Status", "Age"), fmt.Sprintf("%d of %d identical requests were not answered from the cache", misses, burst))
	}
}

// edge says how far a playlist reaches. Answers may differ where a new version came
// between two requests.
func edge(a *answer) reach {
	m, err := m3u8.Parse([]byte(tame(string(a.body))))
	if err != nil {
		return reach{}
	}
	return reachOf(m)
}

// keys asks for the same path with several directives, one after the other.
func (d *Doctor) keys(ctx context.Context) {
	for range 3 {
		d.refresh(ctx)
		if d.ended || ctx.Err() != nil {
			return
		}
		old := d.limited(ctx, d.asksFor(d.media.Sequence, 0), "Accept-Encoding", "identity")
		m, _ := m3u8.Parse([]byte(tame(string(old.body))))
		if !old.ok() || m == nil || m.Ended {
			return
		}
		msn, part := upcoming(m), len(m.Open.Parts)
		if m.CanSkipUntil > 0 {
			delta := d.asksFor(msn, part)
			delta.RawQuery += "&_HLS_skip=YES"
			d.heard(d.limited(ctx, delta, "Accept-Encoding", "identity"), blocking)
		}
		a := d.limited(ctx, d.asksFor(msn, part), "Accept-Encoding", "identity")
		d.heard(a, blocking)
		d.ledger.judge("A6.24", lineWith(string(a.body), "#EXT-X-SKIP:") == "", a.place(), a.heads("ETag", "Age")+lineWith(string(a.body), "#EXT-X-SKIP:"),
			"a request without _HLS_skip got a delta update")
		d.ledger.judge("A6.24", !a.ok() || string(a.body) != string(old.body), a.place(), old.heads("ETag", "Age")+a.heads("ETag", "Age")+lastLines(string(a.body)),
			"the answer is the same as that to another request")
	}
}

// askEarly asks for media and playlists that come soon and must be refused now.
func (d *Doctor) askEarly(ctx context.Context) {
	d.refresh(ctx)
	if d.ended {
		return
	}
	at := upcoming(d.media)
	add := func(msn uint64, k kind, ask func(context.Context) *answer) {
		a := ask(ctx)
		if a.status >= 400 {
			d.heard(a, k)
			d.early = append(d.early, early{a, msn, k, ask})
		}
	}
	if d.blocks() {
		u := d.asksFor(at+2, -1)
		add(at+2, blocking, func(ctx context.Context) *answer { return d.limited(ctx, u) })
	}
	if n := len(d.media.Segments); n > 0 {
		last := d.media.Segments[n-1].URI
		if next := another(last, 2); next != "" {
			add(at+1, media, func(ctx context.Context) *answer { return d.fetch(ctx, next) })
		}
	}
	if d.media.Hint != "" {
		if next := another(d.media.Hint, 3); next != "" {
			add(at+1, media, func(ctx context.Context) *answer { return d.fetch(ctx, next) })
		}
	}
}

// tooEarly asks again for what askEarly was refused, once it is there.
func (d *Doctor) tooEarly(ctx context.Context) {
	var rest []early
	for _, e := range d.early {
		there := holds(d.media, e.msn, -1)
		if e.kind == media {
			listed := listsPath(d, e.first.url.Path)
			if there && !listed {
				continue // the name was guessed wrong
			}
			there = listed
		}
		if !there || d.ended {
			rest = append(rest, e)
			continue
		}
		a := e.retry(ctx)
		if ctx.Err() != nil {
			return
		}
		d.heard(a, e.kind)
		d.ledger.judge("A6.23", a.ok(), a.place(), e.first.heads("Cache-Control")+"again, now that it is there:\n"+a.heads("Age", "Cache-Control"), "the answer is still an error")
	}
	d.early = rest
}

// listsPath tells whether the playlist names a segment or part at a path.
func listsPath(d *Doctor, path string) bool {
	at := func(uri string) bool {
		u, err := d.list.Parse(uri)
		return err == nil && u.Path == path
	}
	for _, s := range append(slices.Clone(d.media.Segments), d.media.Open) {
		if s.URI != "" && at(s.URI) || slices.ContainsFunc(s.Parts, func(p m3u8.Part) bool { return at(p.URI) }) {
			return true
		}
	}
	return false
}
