package packager

import (
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"mediad/ingest"
)

// Lifetimes of answers. A cache must not keep an error for long: after one early request
// nobody would get the part, so an answer about what may yet come is not kept at all. And
// it must not ask twice for what never changes.
const (
	forNow    = "max-age=1"
	never404  = "max-age=1"
	noStore   = "no-store"
	immutable = "public, max-age=31536000, immutable"
)

// forAll is the lifetime of the answer to a blocking request. Everybody asks for it once,
// most at the same moment, and it stays right for those who come later: shared caches
// keep it for six target durations. But VHS asks again for the last part of a segment
// until it sees a part of the next one, and a cache must not stop it there.
func (w *window) forAll() string {
	if w.ended || w.whole || len(w.open.parts) == 0 {
		return forNow
	}
	return forNow + ", s-maxage=" + strconv.FormatInt(6*w.target/ingest.Clock, 10)
}

// forReload is the lifetime of what players ask for once in a target duration, or
// once (RFC 8216bis 6.3.4): half of it lets a cache answer for many.
func (w *window) forReload() []string {
	return []string{"max-age=" + strconv.FormatInt(max(w.target/ingest.Clock/2, 1), 10)}
}

// tagOf is the ETag of a text that nothing else names.
func tagOf(text []byte) string { return fmt.Sprintf(`"%08x"`, crc32.ChecksumIEEE(text)) }

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
