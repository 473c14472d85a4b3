package doctor

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// kind is what an answer should be.
type kind uint8

const (
	multivariant kind = iota
	playlist          // asked for without directives
	blocking          // with directives
	media
)

// lifetime reads how long caches may keep an answer. keeps is false where the answer
// does not say so.
func lifetime(h http.Header) (life time.Duration, keeps bool) {
	for _, word := range strings.Split(h.Get("Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(strings.ToLower(word)), "=")
		switch name {
		case "no-store", "no-cache", "private":
			return 0, true
		case "max-age", "s-maxage":
			if n, err := strconv.ParseUint(strings.Trim(value, `"`), 10, 32); err == nil {
				life, keeps = time.Duration(n)*time.Second, true
			}
			if name == "s-maxage" {
				return life, keeps
			}
		}
	}
	return life, keeps
}

// heard judges the headers that every answer of its kind must have.
func (d *Doctor) heard(a *answer, k kind) {
	if a.status == 0 {
		return
	}
	l, where := d.ledger, a.place()
	origin := a.header.Get("Access-Control-Allow-Origin")
	l.judge("A6.6", origin != "", where, a.heads("Access-Control-Allow-Origin"), "a page of another origin cannot read this answer")
	l.judge("A6.6b", origin != "*" || a.header.Get("Access-Control-Allow-Credentials") != "true", where,
		a.heads("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"), "browsers refuse the two together")
	l.judge("A6.17", a.header.Get("Set-Cookie") == "", where, a.heads("Set-Cookie"), "the answer sets a cookie")
	life, keeps := lifetime(a.header)
	switch {
	case a.status == http.StatusRequestedRangeNotSatisfiable: // stays true
	case a.status >= 400:
		// Without Cache-Control, a cache decides for itself; some keep errors for 10 s.
		l.judge("A6.5", keeps && life <= time.Second, where, a.heads("Cache-Control"), "a cache may keep this error, and give it to viewers for whom it is no longer true")
	case k == media:
		d.heardMedia(a, life, keeps)
	case a.status == http.StatusOK || a.status == http.StatusNotModified:
		d.heardPlaylist(a, k, life, keeps)
	}
}

func (d *Doctor) heardMedia(a *answer, life time.Duration, keeps bool) {
	l, where := d.ledger, a.place()
	if a.status == http.StatusOK && len(a.body) > 0 && a.body[0] == 0x47 {
		l.judge("A6.2", strings.EqualFold(mimeType(a.header), "video/mp2t"), where, a.heads("Content-Type"), "MPEG-TS is served as another type")
	}
	listed := max(d.listed, 10*time.Second)
	l.judge("A6.4", keeps && life >= listed, where, a.heads("Cache-Control"), "caches may not keep this for as long as it is listed ("+listed.Round(time.Second).String()+")")
	l.judge("A6.11", a.header.Get("Content-Encoding") == "", where, a.heads("Content-Encoding"), "media is sent compressed")
	l.judge("A5.8", !a.redirected, where, a.heads(), "the request was redirected here")
}

func (d *Doctor) heardPlaylist(a *answer, k kind, life time.Duration, keeps bool) {
	l, where := d.ledger, a.place()
	if a.status == http.StatusOK {
		switch t := strings.ToLower(mimeType(a.header)); t {
		case "application/vnd.apple.mpegurl", "audio/mpegurl":
			l.ok("A6.1")
		default:
			l.bad("A6.1", where, a.heads("Content-Type"), "the playlist is of type "+strconv.Quote(t))
		}
		l.judge("A6.7", exposes(a.header, "age"), where, a.heads("Access-Control-Expose-Headers"), "a player cannot read Age")
	}
	if k == playlist && d.target > 0 && !d.ended {
		most := max(d.target/2, time.Second)
		l.judge("A6.3", keeps && life <= most, where, a.heads("Cache-Control"), "caches may show an old playlist for longer than "+most.String())
	}
	if modified, err := http.ParseTime(a.header.Get("Last-Modified")); err == nil && d.target > 0 && !d.ended {
		if date, err := http.ParseTime(a.header.Get("Date")); err == nil {
			l.judge("A6.15", date.Sub(modified).Abs() <= 3*d.target, where, a.heads("Last-Modified", "Date"), "an Apple player takes this for a stale playlist")
		}
	}
}

func mimeType(h http.Header) string {
	t, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.TrimSpace(t)
}

func exposes(h http.Header, name string) bool {
	for _, v := range strings.Split(h.Get("Access-Control-Expose-Headers"), ",") {
		if v = strings.TrimSpace(strings.ToLower(v)); v == name || v == "*" {
			return true
		}
	}
	return false
}

// isTS tells whether data is MPEG-TS.
func isTS(data []byte) bool {
	return len(data) >= packetSize && data[0] == 0x47 && (len(data) < 2*packetSize || data[packetSize] == 0x47)
}

// isList tells whether data is a playlist.
func isList(data []byte) bool { return bytes.HasPrefix(data, []byte("#EXTM3U")) }
