package packager

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"mediad/ingest"
)

// directives are the delivery directives of a playlist request (RFC 8216bis
// 6.2.5). Other parameters, known to come or not, are ignored.
type directives struct {
	msn      uint64
	part     int
	blocking bool // _HLS_msn is there
	whole    bool // without _HLS_part: the whole segment is asked for
	skip     skip
}

var (
	errPartWithoutMSN = errors.New("_HLS_part needs _HLS_msn")
	errNotANumber     = errors.New("_HLS_msn and _HLS_part are whole numbers from 0")
	errTooFarAhead    = errors.New("_HLS_msn or _HLS_part is too far ahead of the playlist")
)

func parseDirectives(raw string) (d directives, err error) {
	if raw == "" {
		return d, nil
	}
	// For a word that is not known, perhaps of a later standard, nothing is left
	// out: a full list is always right.
	switch skip, _ := reserved(raw).find("_HLS_skip"); skip {
	case "YES":
		d.skip = skipSegments
	case "v2":
		d.skip = skipRanges
	}
	msn, blocking := reserved(raw).find("_HLS_msn")
	part, some := reserved(raw).find("_HLS_part")
	d.blocking, d.whole = blocking, !some
	if !blocking {
		if some {
			return d, errPartWithoutMSN
		}
		return d, nil
	}
	if d.msn, err = number(msn); err != nil {
		return d, err
	}
	if some {
		n, err := number(part)
		if err != nil {
			return d, err
		}
		d.part = int(min(n, 1<<30))
	}
	return d, nil
}

// reserved finds the parameters of a query whose names the standard reserves
// (RFC 8216bis 6.2.5), or we do, the first of each name. All else in the query, malformed or not, is
// somebody else's. The query is not parsed, because viewers ask several times a second.
type reserved string

func (q reserved) find(name string) (value string, ok bool) {
	for rest := string(q); rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		if strings.Contains(pair, "%") {
			if plain, err := url.PathUnescape(pair); err == nil {
				pair = plain
			}
		}
		if n, v, _ := strings.Cut(pair, "="); n == name {
			return v, true
		}
	}
	return "", false
}

// preview is the parameter of a host's own look at the room, who is no viewer. The answer is the
// same; a multivariant playlist hands the parameter on, so that players need not know of it.
const preview = "preview"

func isPreview(raw string) bool {
	if raw == "" {
		return false
	}
	_, ok := reserved(raw).find(preview)
	return ok
}

// number reads a decimal-integer (RFC 8216bis 4.2).
func number(s string) (uint64, error) {
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, errNotANumber
		}
	}
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0, errNotANumber
	}
	return n, nil
}

// satisfied tells whether the playlist of w answers the request.
func (d directives) satisfied(w *window) bool {
	switch {
	case !w.ready():
		return false
	case w.ended || !d.blocking:
		return true
	case d.whole || w.whole:
		return d.msn <= w.lastMSN()
	}
	return w.has(d.msn, d.part)
}

// check refuses what will not come in time: a media sequence number more than two beyond
// the last whole segment, or a part beyond the Advance Part Limit
// (RFC 8216bis 6.2.5.2). That limit is widened by the parts of one target
// duration, which hls.js may add when it tunes in through a cache.
func (d directives) check(w *window) error {
	if !d.blocking || w.ended || !w.ready() {
		return nil
	}
	if d.msn > w.lastMSN()+2 {
		return errTooFarAhead
	}
	if d.whole || w.whole || d.msn <= w.lastMSN() {
		return nil
	}
	ahead := 3
	if w.partTarget < ingest.Clock {
		ahead = int((3*ingest.Clock + w.partTarget - 1) / w.partTarget)
	}
	ahead += int(w.target / w.partTarget)
	listed := 0
	if d.msn == w.lastMSN()+1 {
		listed = len(w.open.parts)
	}
	if d.part >= listed+ahead {
		return errTooFarAhead
	}
	return nil
}
