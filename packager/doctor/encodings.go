package doctor

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// allows tells whether a preflight answer allows the header Range.
func allows(h http.Header) bool {
	for _, v := range strings.Split(h.Get("Access-Control-Allow-Headers"), ",") {
		if v = strings.ToLower(strings.TrimSpace(v)); v == "range" || v == "*" {
			return true
		}
	}
	return false
}

// zippedTop asks for the multivariant playlist compressed.
func (d *Doctor) zippedTop(ctx context.Context, u *url.URL) {
	a := d.limited(ctx, u, "Accept-Encoding", "gzip")
	d.heard(a, multivariant)
	if !a.ok() {
		return
	}
	d.ledger.judge("A6.9", a.zipped(), a.place(), a.heads("Content-Encoding"), "it was asked for compressed")
	if a.zipped() {
		d.ledger.judge("A6.10", varies(a.header), a.place(), a.heads("Vary", "Content-Encoding"), "a cache would give one form to those who want the other")
	}
}

// encodings asks for the playlist compressed and plain.
func (d *Doctor) encodings(ctx context.Context) {
	for range 4 { // until both are of one version
		zipped := d.limited(ctx, d.list, "Accept-Encoding", "gzip")
		plain := d.limited(ctx, d.list, "Accept-Encoding", "identity")
		d.heard(zipped, playlist)
		d.heard(plain, playlist)
		if !zipped.ok() || !plain.ok() {
			return
		}
		l := d.ledger
		l.judge("A6.9", zipped.zipped(), zipped.place(), zipped.heads("Content-Encoding"), "it was asked for compressed")
		if !zipped.zipped() {
			return
		}
		for _, a := range []*answer{zipped, plain} {
			l.judge("A6.10", varies(a.header), a.place(), a.heads("Vary", "Content-Encoding"), "a cache would give one form to those who want the other")
		}
		if string(zipped.text()) != string(plain.text()) {
			continue
		}
		x, y := zipped.header.Get("ETag"), plain.header.Get("ETag")
		if x != "" && y != "" && !strings.HasPrefix(x, "W/") {
			l.judge("A6.12", x != y, zipped.place(), zipped.heads("ETag")+plain.heads("ETag"), "two different bodies have one tag")
		}
		return
	}
}

func varies(h http.Header) bool {
	for _, v := range h.Values("Vary") {
		for _, name := range strings.Split(v, ",") {
			if name = strings.ToLower(strings.TrimSpace(name)); name == "accept-encoding" || name == "*" {
				return true
			}
		}
	}
	return false
}

// objects asks for ranges of a segment, and for media that is not there.
func (d *Doctor) objects(ctx context.Context) {
	var uri string
	for _, s := range d.media.Segments {
		if !s.Gap && s.URI != "" && !strings.Contains(s.URI, "#") {
			uri = s.URI // the newest
		}
	}
	if uri == "" {
		return
	}
	whole := d.take(ctx, uri)
	if whole == nil || len(whole.body) < 400 {
		return
	}
	a := d.fetch(ctx, uri, "Range", "bytes=188-375")
	d.heard(a, media)
	size := fmt.Sprintf("bytes 188-375/%d", len(whole.body))
	d.ledger.judge("A6.13", a.status == http.StatusPartialContent && string(a.body) == string(whole.body[188:376]) && a.header.Get("Content-Range") == size,
		a.place(), a.heads("Content-Range", "Content-Length"), fmt.Sprintf("188 bytes were asked for, %d came", len(a.body)))
	a = d.fetch(ctx, uri, "Range", fmt.Sprintf("bytes=%d-", len(whole.body)+1000))
	d.heard(a, media)
	d.ledger.judge("A6.14", a.status == http.StatusRequestedRangeNotSatisfiable, a.place(), a.heads("Content-Range"), "there is nothing at that place")
	if zipped := d.fetch(ctx, uri, "Accept-Encoding", "gzip"); zipped.ok() {
		d.heard(zipped, media)
	}
	d.absent(ctx, uri)
}

// absent asks for names that are far ahead.
func (d *Doctor) absent(ctx context.Context, segment string) {
	names := []string{segment, d.media.Hint}
	for _, n := range names {
		far := ""
		if n != "" {
			far = another(n, 100000)
		}
		if far == "" {
			continue
		}
		a := d.fetch(ctx, far)
		d.heard(a, media)
		d.ledger.judge("A4.17", a.status == http.StatusNotFound && a.took() < d.target+network, a.place(), a.heads("Cache-Control"),
			"a name that is neither listed nor hinted was not refused at once")
	}
}
