package doctor

import (
	"context"
	"net/http"

	"mediad/packager/m3u8"
)

// maxLeft bounds the number of requests for media that has left the list.
const maxLeft = 6

// leaving notes the media that the version m no longer lists.
func (d *Doctor) leaving(m *m3u8.Media) {
	old := d.media
	if m.Sequence > old.Sequence {
		d.ledger.ok("A1.16b")
		if len(old.Segments) > 0 && !old.Segments[0].Gap {
			d.left = append(d.left, old.Segments[0].URI)
		}
	}
	listed := map[string]bool{}
	for _, s := range append(m.Segments[:len(m.Segments):len(m.Segments)], m.Open) {
		for _, p := range s.Parts {
			listed[p.URI] = true
		}
	}
	last := ""
	for _, s := range old.Segments {
		for _, p := range s.Parts {
			if !listed[p.URI] && !p.Gap {
				last = p.URI
			}
		}
	}
	if last != "" {
		d.left = append(d.left, last)
	}
}

// gone asks for the media that has just left the list.
func (d *Doctor) gone(ctx context.Context) {
	for _, uri := range d.left {
		if uri == "" || d.leftAsked >= maxLeft {
			continue
		}
		d.leftAsked++
		a := d.fetch(ctx, uri)
		if ctx.Err() != nil {
			return
		}
		d.heard(a, media)
		there := a.err == nil && (a.status == http.StatusOK || a.status == http.StatusPartialContent)
		d.ledger.judge("A1.17", there, a.place(), a.heads("Date"), "it has just left the playlist, and viewers who read the one before still want it")
	}
	d.left = nil
}
