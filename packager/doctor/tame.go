package doctor

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"mediad/packager/m3u8"
)

// tame rewrites a playlist of another project so that package m3u8 can read it, which
// is made for this project's playlists. It keeps the number of lines, so that places in
// the text stay. A byte range becomes a fragment of its URI, "#LENGTH@OFFSET".
func tame(text string) string {
	var out strings.Builder
	t := tamer{zone: regexp.MustCompile(`([+-]\d\d)(\d\d)("?)$`), ends: map[string]int64{}}
	for line := range strings.Lines(text) {
		end := line[len(strings.TrimRight(line, "\r\n")):]
		out.WriteString(t.line(strings.TrimRight(line, "\r\n")))
		out.WriteString(end)
	}
	return out.String()
}

type tamer struct {
	zone   *regexp.Regexp
	pieces string           // of the next segment's URI
	ends   map[string]int64 // where the last range of a URI ended
}

func (t *tamer) line(line string) string {
	tag, value, _ := strings.Cut(line, ":")
	switch tag {
	case "#EXT-X-MAP", "#EXT-X-KEY", "#EXT-X-DEFINE", "#EXT-X-BITRATE":
		return ""
	case "#EXT-X-BYTERANGE":
		t.pieces = value
		return ""
	case "#EXT-X-PROGRAM-DATE-TIME":
		return tag + ":" + t.zone.ReplaceAllString(value, "$1:$2$3")
	case "#EXT-X-PART", "#EXT-X-PRELOAD-HINT":
		return t.ranged(tag, value)
	}
	if line != "" && line[0] != '#' && t.pieces != "" {
		line, t.pieces = t.fragment(line, t.pieces), ""
	}
	return line
}

// ranged moves the byte range of a part or hint into its URI.
func (t *tamer) ranged(tag, value string) string {
	list, err := m3u8.Attributes(value)
	if err != nil {
		return tag + ":" + value
	}
	var uri, length, offset string
	rest := ""
	for _, a := range list {
		switch a.Name {
		case "URI":
			uri = a.Value
		case "BYTERANGE":
			length = a.Value
		case "BYTERANGE-LENGTH":
			length = a.Value
		case "BYTERANGE-START":
			offset = a.Value
		default:
			v := a.Value
			if a.Quoted {
				v = `"` + v + `"`
			}
			rest += "," + a.Name + "=" + v
		}
	}
	switch {
	case length == "" && offset == "":
		return tag + ":" + value
	case tag == "#EXT-X-PRELOAD-HINT" && length == "":
		return "" // its length is open, so the part cannot be named
	case offset != "":
		length += "@" + offset
	}
	return tag + `:URI="` + t.fragment(uri, length) + `"` + rest
}

// fragment gives a URI with its range. A range without offset begins where the last
// range of that URI ended (RFC 8216bis 4.4.4.2).
func (t *tamer) fragment(uri, piece string) string {
	n, o, given := strings.Cut(piece, "@")
	length, err := strconv.ParseInt(n, 10, 63)
	offset := t.ends[uri]
	if given && err == nil {
		offset, err = strconv.ParseInt(o, 10, 63)
	}
	if err != nil {
		return uri
	}
	t.ends[uri] = offset + length
	return fmt.Sprintf("%s#%d@%d", uri, length, offset)
}

// piece splits a URI into the URI and its range, as the value of a Range header. The
// range is "" for the whole resource.
func piece(uri string) (string, string) {
	at := strings.LastIndexByte(uri, '#')
	if at < 0 {
		return uri, ""
	}
	var length, offset int64
	if n, err := fmt.Sscanf(uri[at:], "#%d@%d", &length, &offset); n != 2 || err != nil || length < 1 {
		return uri, ""
	}
	return uri[:at], fmt.Sprintf("bytes=%d-%d", offset, offset+length-1)
}
