package doctor

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"mediad/packager/m3u8"
)

// network is how much longer a measured time may be than the rule says.
const network = 500 * time.Millisecond

// asking gives the playlist's address with parameters. pairs are names and values;
// their order stays.
func (d *Doctor) asking(pairs ...string) *url.URL {
	u := *d.list
	var b strings.Builder
	b.WriteString(u.RawQuery)
	for i := 0; i+1 < len(pairs); i += 2 {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(pairs[i] + "=" + pairs[i+1])
	}
	u.RawQuery = b.String()
	return &u
}

func (d *Doctor) asksFor(msn uint64, part int) *url.URL {
	if part < 0 {
		return d.asking("_HLS_msn", strconv.FormatUint(msn, 10))
	}
	return d.asking("_HLS_msn", strconv.FormatUint(msn, 10), "_HLS_part", strconv.Itoa(part))
}

// upcoming is the media sequence number of the open segment.
func upcoming(m *m3u8.Media) uint64 { return m.Sequence + uint64(len(m.Segments)) }

// holds tells whether a playlist lists a part, or anything later; part -1 means
// the whole segment.
func holds(m *m3u8.Media, msn uint64, part int) bool {
	switch at := upcoming(m); {
	case m.Ended || msn < at:
		return true
	case msn == at && part >= 0:
		return len(m.Open.Parts) > part
	}
	return false
}

// blocks tells whether the server says that it can hold requests.
func (d *Doctor) blocks() bool {
	return attribute(d.text, "#EXT-X-SERVER-CONTROL", "CAN-BLOCK-RELOAD") == "YES"
}

// follow reads version after version until the broadcast ends, or the time is
// over.
func (d *Doctor) follow(ctx context.Context, until time.Time) {
	hint := d.askHint(ctx)
	said := time.Now()
	d.pace = pace{closed: said} // the playlist was not read for some time
	for ctx.Err() == nil && !d.ended && time.Now().Before(until) && (d.opts.Versions == 0 || d.report.Versions < d.opts.Versions) {
		before := d.text
		if d.blocks() {
			d.block(ctx)
		} else {
			d.poll(ctx)
		}
		d.hold()
		if d.text == before {
			continue
		}
		d.judgeHint(hint)
		hint = d.askHint(ctx)
		d.tooEarly(ctx)
		d.glance(ctx)
		if time.Since(said) > 5*time.Second {
			said = time.Now()
			d.say("%v left, %d versions, %d parts, %d rules broken so far",
				time.Until(until).Round(time.Second), d.report.Versions, d.report.Parts, len(d.ledger.found))
		}
	}
	if d.held != nil && ctx.Err() == nil {
		d.say("waiting for the answer to a request far ahead")
		d.judgeHeld(<-d.held)
	}
}

// block asks for the next part or segment, as a low-latency player does.
func (d *Doctor) block(ctx context.Context) {
	msn, part := upcoming(d.media), len(d.media.Open.Parts)
	if d.media.PartTarget == 0 {
		part = -1
	}
	u := d.asksFor(msn, part)
	ctx, cancel := context.WithTimeout(ctx, 3*d.target+10*time.Second)
	defer cancel()
	a := d.get(ctx, u, "Accept-Encoding", "gzip")
	d.heard(a, blocking)
	rule := "A4.5"
	if part < 0 {
		rule = "A4.4"
	}
	if !a.ok() {
		if ctx.Err() == nil || a.status != 0 {
			d.ledger.bad(rule, a.place(), a.heads("Retry-After"), "the next entry was asked for, and did not come")
		}
		time.Sleep(network / 2)
		d.refresh(ctx)
		return
	}
	m, _ := m3u8.Parse([]byte(tame(string(a.text()))))
	if m != nil {
		d.ledger.judge(rule, holds(m, msn, part), a.place(), a.heads("Age", "Cache-Control")+lastLines(string(a.text())), "the answer does not list what was asked for")
	}
	if m == nil || !holds(m, msn, part) {
		time.Sleep(network / 10)
	}
	d.punctual(ctx, a)
}

// poll reads a playlist of a server that does not block.
func (d *Doctor) poll(ctx context.Context) {
	pause := max(d.target/2, network)
	select {
	case <-ctx.Done():
		return
	case <-time.After(pause):
	}
	d.refresh(ctx)
	if d.ended {
		return
	}
	quiet := time.Since(d.pace.closed)
	d.ledger.judge("A1.11", quiet <= d.target*3/2+pause+noise, d.list.String(), lastLines(d.text),
		fmt.Sprintf("no segment came for %v", quiet.Round(time.Millisecond)))
}

// refresh reads the playlist as it is.
func (d *Doctor) refresh(ctx context.Context) {
	a := d.limited(ctx, d.list, "Accept-Encoding", "gzip")
	d.heard(a, playlist)
	if a.ok() {
		d.see(ctx, a)
	}
}

// see takes the next version in, and reads the media that it lists.
func (d *Doctor) see(ctx context.Context, a *answer) {
	before := d.text
	if d.version(a); d.text != before {
		d.read(ctx)
		d.gone(ctx)
	}
}

// lastLines shows the end of a text.
func lastLines(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	from := max(0, len(lines)-3)
	return fmt.Sprintf("lines %d to %d:\n%s", from+1, len(lines), strings.Join(lines[from:], "\n"))
}

// hint is the request for a hinted part.
type hint struct {
	uri    string
	answer chan *answer
}

// askHint asks for the hinted part. The server answers when the part is there.
func (d *Doctor) askHint(ctx context.Context) *hint {
	if d.media.Hint == "" || d.ended {
		return nil
	}
	h := &hint{uri: d.media.Hint, answer: make(chan *answer, 1)}
	go func() { h.answer <- d.fetch(ctx, h.uri) }()
	return h
}

// judgeHint compares the answer with the part that was listed later.
func (d *Doctor) judgeHint(h *hint) {
	if h == nil || d.ended {
		return
	}
	listed := d.reader.bodies[h.uri]
	if listed == nil {
		return // the hinted part is not listed yet; the answer is dropped
	}
	var a *answer
	select {
	case a = <-h.answer:
	case <-time.After(5 * time.Second):
		d.ledger.bad("A4.16", h.uri, "", "the part is listed, and the request for its hint is still not answered")
		return
	}
	d.heard(a, media)
	whole := a.err == nil && (a.status == http.StatusOK || a.status == http.StatusPartialContent)
	d.ledger.judge("A4.16", whole && string(a.body) == string(listed), a.place(),
		a.heads("Content-Length", "Cache-Control")+fmt.Sprintf("%d bytes; the part has %d", len(a.body), len(listed)),
		"the request for the hinted part did not bring the part")
	if whole && a.done.Sub(a.first) > max(d.media.PartTarget/2, 200*time.Millisecond) {
		d.slow++
	}
	d.ledger.judge("A4.16b", d.slow < 2, a.place(), a.heads(),
		fmt.Sprintf("the body of %d bytes took %v from its first byte on: players take that for a slow network", len(a.body), a.done.Sub(a.first).Round(time.Millisecond)))
}
