package loadtest

import (
	"bytes"
	"strconv"
)

// edge is the end of a media playlist: the place of the next part.
type edge struct{ msn, part int }

// end finds the edge of a media playlist.
func end(list []byte) edge {
	var e edge
	if _, rest, ok := bytes.Cut(list, []byte("#EXT-X-MEDIA-SEQUENCE:")); ok {
		n, _, _ := bytes.Cut(rest, []byte("\n"))
		e.msn, _ = strconv.Atoi(string(bytes.TrimSpace(n)))
	}
	e.msn += bytes.Count(list, []byte("#EXTINF:"))
	open := list[max(0, bytes.LastIndex(list, []byte("#EXTINF:"))):]
	e.part = bytes.Count(open, []byte("#EXT-X-PART:"))
	return e
}

// partsAfter gives the URIs of the parts that are listed after last; with no
// last, only the newest.
func partsAfter(list []byte, last string) []string {
	var out []string
	for {
		i := bytes.LastIndex(list, []byte("#EXT-X-PART:"))
		if i < 0 {
			break
		}
		line := list[i:]
		list = list[:i]
		_, rest, _ := bytes.Cut(line, []byte(`URI="`))
		uri, _, ok := bytes.Cut(rest, []byte(`"`))
		if !ok || string(uri) == last {
			break
		}
		out = append(out, string(uri))
		if last == "" {
			break
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// variant gives the URI of the first variant of a multivariant playlist.
func variant(list []byte) string {
	_, rest, _ := bytes.Cut(list, []byte("#EXT-X-STREAM-INF:"))
	_, rest, _ = bytes.Cut(rest, []byte("\n"))
	uri, _, _ := bytes.Cut(rest, []byte("\n"))
	return string(bytes.TrimSpace(uri))
}
