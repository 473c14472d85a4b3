package packager

import (
	"strconv"
	"strings"

	"mediad/ingest"
)

// Lifetimes of answers. A cache must neither keep an error for long (one early
// request would poison a part for everybody, so what may yet come is not kept at
// all) nor ask twice for what never changes.
const (
	forNow    = "max-age=1"
	never404  = "max-age=1"
	noStore   = "no-store"
	immutable = "public, max-age=31536000, immutable"
)

// forAll is the lifetime of the answer to a blocking request. Everybody asks for
// it once, most within a moment, and it stays true of those who are behind: shared
// caches keep it for six target durations. But VHS asks again for the last part
// of a segment until it sees one of the next; a cache must not hold it there.
func (w *window) forAll() string {
	if w.ended || w.whole || len(w.open.parts) == 0 {
		return forNow
	}
	return forNow + ", s-maxage=" + strconv.FormatInt(6*w.target/ingest.Clock, 10)
}

// matches tells whether an If-None-Match names a tag. Caches make a tag weak
// when they change the encoding (RFC 9110 8.8.3.2, 13.1.2).
func matches(header, tag string) bool {
	if header == "" {
		return false // as in nearly every request
	}
	for _, v := range strings.Split(header, ",") {
		if v = strings.TrimPrefix(strings.TrimSpace(v), "W/"); v == tag || v == "*" {
			return true
		}
	}
	return false
}
