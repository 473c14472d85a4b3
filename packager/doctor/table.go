package doctor

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"mediad/packager/m3u8"
)

// table sends the requests of RFC 8216bis 6.2.5, and those that are needed to judge
// some headers.
func (d *Doctor) table(ctx context.Context) {
	d.say("asking what the server must answer, and what it must refuse")
	a := d.limited(ctx, d.list)
	d.heard(a, playlist)
	d.ledger.judge("A4.1", a.ok() && a.took() < time.Second, a.place(), a.heads("Content-Type"), "the plain request was not answered at once")
	if a.ok() {
		d.see(ctx, a)
	}
	if d.ended {
		return
	}
	if d.blocks() {
		d.refusals(ctx)
		d.waits(ctx)
	}
	d.foreign(ctx)
	d.skips(ctx)
	d.encodings(ctx)
	d.options(ctx)
	d.objects(ctx)
}

// refusals sends the requests that a server must refuse at once.
func (d *Doctor) refusals(ctx context.Context) {
	at := upcoming(d.media)
	refused := func(id string, u *url.URL, why string) {
		a := d.limited(ctx, u)
		d.heard(a, blocking)
		d.ledger.judge(id, a.status == http.StatusBadRequest && a.took() < d.target+network, a.place(), a.heads("Cache-Control"), why)
	}
	refused("A4.2", d.asking("_HLS_part", "0"), "a part without a media sequence number was not refused")
	for _, garbage := range []string{"x", "-1", "1.5"} {
		refused("A4.3", d.asking("_HLS_msn", garbage), "a directive that is no number was not refused")
	}
	refused("A4.8", d.asksFor(at+100, -1), fmt.Sprintf("segment %d is far ahead of %d and was not refused", at+100, at-1))
	d.limits(ctx)
}

// tries is how often the doctor asks for something just beyond a limit. The playlist
// may come from a cache, and more media may have come since then. The limit has then
// moved on, and the answer tells nothing.
const tries = 4

// limits asks for segments, and for parts of the open segment, beyond the limit. It
// adds two target durations of parts: players that begin through a cache may ask for
// one more than the limit, and another one may come meanwhile.
func (d *Doctor) limits(ctx context.Context) {
	d.tooFar(ctx, "A4.8", func() *url.URL { return d.asksFor(upcoming(d.media)+2, -1) })
	if d.media.PartTarget == 0 {
		return
	}
	limit := 3
	if d.media.PartTarget < time.Second {
		limit = inTime(3*time.Second, d.media.PartTarget)
	}
	limit += 2 * inTime(d.target, d.media.PartTarget)
	for _, more := range []int{limit, 100000} {
		d.tooFar(ctx, "A4.9", func() *url.URL { return d.asksFor(upcoming(d.media), len(d.media.Open.Parts)+more) })
	}
}

// inTime is the number of parts in a time, rounded up.
func inTime(d, part time.Duration) int { return int((d + part - 1) / part) }

// tooFar asks for something until it is refused.
func (d *Doctor) tooFar(ctx context.Context, id string, which func() *url.URL) {
	var a *answer
	for range tries {
		soon, cancel := context.WithTimeout(ctx, d.target+network)
		a = d.get(soon, which())
		cancel()
		d.heard(a, blocking)
		if a.status == http.StatusBadRequest {
			d.ledger.ok(id)
			return
		}
		d.refresh(ctx)
		if next := d.limited(ctx, d.asksFor(upcoming(d.media), -1)); next.ok() {
			d.see(ctx, next)
		}
		if d.ended || ctx.Err() != nil {
			return
		}
	}
	d.ledger.bad(id, a.place(), a.heads("Cache-Control")+lastLines(d.text), "it is too far ahead, and was not refused")
}

// waits sends the requests that a server answers at once or holds.
func (d *Doctor) waits(ctx context.Context) {
	ahead := upcoming(d.media) + 1
	d.held = make(chan *answer, 1)
	limit := 3*d.target + 3*time.Second
	go func() {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		d.held <- d.get(ctx, d.asksFor(ahead, -1))
	}()

	now := func(id string, u *url.URL, why string) {
		a := d.limited(ctx, u)
		d.heard(a, blocking)
		full := bytes.Contains(a.text(), []byte("#EXT-X-MEDIA-SEQUENCE:"))
		d.ledger.judge(id, a.ok() && full && a.took() < time.Second, a.place(), a.heads("Content-Type"), why)
	}
	now("A4.7", d.asksFor(d.media.Sequence, -1), "the oldest segment is listed, and the answer did not come at once")
	now("A4.7", d.asksFor(d.media.Sequence, 0), "a part of the oldest segment is over, and the answer did not come at once")

	if d.media.PartTarget == 0 {
		return
	}
	d.refresh(ctx)
	last := upcoming(d.media) - 1
	for _, part := range []int{len(lastParts(d.media)), 200} {
		a := d.limited(ctx, d.asksFor(last, part))
		d.heard(a, blocking)
		m, _ := m3u8.Parse([]byte(tame(string(a.text()))))
		d.ledger.judge("A4.6", a.ok() && m != nil && holds(m, last+1, 0), a.place(), a.heads("Content-Type")+lastLines(string(a.text())),
			fmt.Sprintf("segment %d is closed, so part 0 of %d was asked for", last, last+1))
	}
	whole := upcoming(d.media)
	d.say("waiting for a whole segment")
	a := d.limited(ctx, d.asksFor(whole, -1))
	d.heard(a, blocking)
	m, _ := m3u8.Parse([]byte(tame(string(a.text()))))
	d.ledger.judge("A4.4", a.ok() && m != nil && holds(m, whole, -1), a.place(), a.heads("Content-Type")+lastLines(string(a.text())),
		fmt.Sprintf("the answer does not list segment %d", whole))
	if a.ok() {
		d.see(ctx, a)
	}
	d.conditional(ctx)
}

// lastParts gives the parts of the last whole segment.
func lastParts(m *m3u8.Media) []m3u8.Part {
	if n := len(m.Segments); n > 0 {
		return m.Segments[n-1].Parts
	}
	return nil
}

// conditional asks for the next version with the ETag of the present one.
func (d *Doctor) conditional(ctx context.Context) {
	plain := d.limited(ctx, d.list)
	d.heard(plain, playlist)
	if !plain.ok() {
		return
	}
	d.see(ctx, plain)
	tag := plain.header.Get("ETag")
	if tag == "" || d.ended {
		return
	}
	msn, part := upcoming(d.media), len(d.media.Open.Parts)
	a := d.limited(ctx, d.asksFor(msn, part), "If-None-Match", tag)
	d.heard(a, blocking)
	d.ledger.judge("A6.16", a.status != http.StatusNotModified, a.place(), a.heads("ETag"), "it was answered that nothing is new, instead of waiting for it")
}

// hold judges the answer to the request far ahead, once it is there.
func (d *Doctor) hold() {
	if d.held == nil {
		return
	}
	select {
	case a := <-d.held:
		d.judgeHeld(a)
	default:
	}
}

func (d *Doctor) judgeHeld(a *answer) {
	d.held = nil
	d.heard(a, blocking)
	m, _ := m3u8.Parse([]byte(tame(string(a.text()))))
	msn, _ := strconv.ParseUint(a.url.Query().Get("_HLS_msn"), 10, 64)
	good := a.status == http.StatusServiceUnavailable || a.ok() && m != nil && holds(m, msn, -1)
	d.ledger.judge("A4.10", good && a.took() <= 3*d.target+2*time.Second, a.place(), a.heads("Retry-After"),
		fmt.Sprintf("after three target durations (%v) there was neither the segment nor a 503", 3*d.target))
}

// foreign asks with parameters that have no meaning.
func (d *Doctor) foreign(ctx context.Context) {
	first := strconv.FormatUint(d.media.Sequence, 10)
	for _, u := range []*url.URL{
		d.asking("_HLS_doctor", "1", "viewer", "%7E;2"),
		d.asking("utm_source", "a", "_HLS_part", "0", "x", "", "_HLS_msn", first),
	} {
		a := d.limited(ctx, u)
		d.heard(a, blocking)
		d.ledger.judge("A4.13", a.ok() && isList(a.text()) && a.took() < time.Second, a.place(), a.heads("Content-Type"), "parameters without a meaning changed the answer")
	}
}

// options sends the preflight request of a browser, for a range and another origin.
func (d *Doctor) options(ctx context.Context) {
	a := d.ask(ctx, http.MethodOptions, d.list, "Origin", "https://doctor.example", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "range")
	d.heard(a, playlist)
	d.ledger.judge("A6.8", a.status/100 == 2 && allows(a.header), a.place(), a.heads("Access-Control-Allow-Headers", "Access-Control-Allow-Methods"),
		"a browser may not send Range to this server")
}
