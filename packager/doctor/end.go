package doctor

import (
	"context"
	"time"
)

// afterEnd judges what a server does with directives when the broadcast is
// over.
func (d *Doctor) afterEnd(ctx context.Context) {
	if d.text == "" || !d.media.Ended {
		return
	}
	d.say("the broadcast has ended")
	for _, a := range []*answer{
		d.limited(ctx, d.asksFor(upcoming(d.media)+100, 3)),
		d.limited(ctx, d.asking("_HLS_part", "1")),
		d.limited(ctx, d.asking("_HLS_skip", "YES")),
	} {
		if ctx.Err() != nil {
			return
		}
		d.heard(a, blocking)
		text := string(a.text())
		full := lineWith(text, "#EXT-X-ENDLIST") != "" && lineWith(text, "#EXT-X-SKIP") == ""
		d.ledger.judge("A4.11", a.ok() && full && a.took() < time.Second, a.place(), a.heads("Content-Type")+lastLines(text), "the whole ended playlist was not answered at once")
	}
	again := d.limited(ctx, d.list)
	if again.ok() {
		d.see(ctx, again)
	}
}
