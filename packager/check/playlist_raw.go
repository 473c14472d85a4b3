package check

import (
	"strings"

	"mediad/packager/m3u8"
)

// rawPlaylist holds what the rules need of a text beside its m3u8.Media.
type rawPlaylist struct {
	version       string
	control       string // the attributes of SERVER-CONTROL
	discontinuity bool   // EXT-X-DISCONTINUITY-SEQUENCE is there
	ranges        []rawRange
}

// rawRange is one EXT-X-DATERANGE tag.
type rawRange struct {
	id    string
	attrs map[string]m3u8.Attribute
}

// readRaw reads a text that m3u8.Parse has found legal.
func readRaw(text []byte) rawPlaylist {
	var r rawPlaylist
	for line := range strings.Lines(string(text)) {
		tag, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		switch tag {
		case "#EXT-X-VERSION":
			r.version = value
		case "#EXT-X-SERVER-CONTROL":
			r.control = value
		case "#EXT-X-DISCONTINUITY-SEQUENCE":
			r.discontinuity = true
		case "#EXT-X-DATERANGE":
			list, _ := m3u8.Attributes(value)
			d := rawRange{attrs: make(map[string]m3u8.Attribute, len(list))}
			for _, a := range list {
				d.attrs[a.Name] = a
			}
			d.id = d.attrs["ID"].Value
			r.ranges = append(r.ranges, d)
		}
	}
	return r
}

// blocks reports whether the server offers blocking reload.
func (r *rawPlaylist) blocks() bool {
	return attribute(r.control, "CAN-BLOCK-RELOAD") == "YES"
}
