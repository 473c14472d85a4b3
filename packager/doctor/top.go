package doctor

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"mediad/packager/m3u8"
)

// maxPeers bounds how many media playlists besides the followed one are read.
const maxPeers = 8

func isMultivariant(text string) bool {
	return strings.Contains(text, "#EXT-X-STREAM-INF:")
}

// readTop judges a multivariant playlist; its first variant is followed.
func (d *Doctor) readTop(ctx context.Context, a *answer, text string) error {
	l, where := d.ledger, a.place()
	top, err := m3u8.ParseMultivariant([]byte(text))
	if err != nil {
		l.bad("A5.0", where, lineWith(text, "#EXT-X-STREAM-INF:"), err.Error())
		all := playlists(text)
		if len(all) == 0 {
			return fmt.Errorf("doctor: %s: %w: %w", d.list, errUnreachable, err)
		}
		if d.list, err = a.url.Parse(all[0]); err != nil {
			return fmt.Errorf("doctor: variant: %w", err)
		}
		return nil
	}
	l.ok("A5.0")
	d.top = top
	scores := strings.Count(text, "SCORE=")
	l.judge("A5.9", scores == 0 || scores == len(top.Variants), where, lineWith(text, "SCORE="), fmt.Sprintf("%d of %d variants have SCORE", scores, len(top.Variants)))
	for _, v := range top.Variants {
		var missing []string
		for name, absent := range map[string]bool{"AVERAGE-BANDWIDTH": v.AverageBandwidth == 0, "CODECS": v.Codecs == "",
			"RESOLUTION": pictured(v) && v.Width == 0, "FRAME-RATE": pictured(v) && v.FrameRate == 0} {
			if absent {
				missing = append(missing, name)
			}
		}
		l.judge("A5.3", len(missing) == 0, where, lineWith(text, fmt.Sprintf("BANDWIDTH=%d", v.Bandwidth)), "missing: "+strings.Join(missing, ", "))
	}
	first, err := a.url.Parse(top.Variants[0].URI)
	if err != nil {
		return fmt.Errorf("doctor: variant: %w", err)
	}
	d.list = first
	seen := map[string]bool{first.String(): true}
	for _, uri := range playlists(text) {
		u, err := a.url.Parse(uri)
		if err != nil || seen[u.String()] || len(d.peer) == maxPeers {
			continue
		}
		seen[u.String()] = true
		variant := slices.ContainsFunc(top.Variants, func(v m3u8.Variant) bool { return v.URI == uri })
		d.peer = append(d.peer, &other{u, variant})
	}
	return nil
}

// pictured tells whether a variant has pictures, or may have some.
func pictured(v m3u8.Variant) bool {
	for _, kind := range []string{"avc1", "avc3", "hvc1", "hev1", "av01", "vp09"} {
		if strings.Contains(v.Codecs, kind) {
			return true
		}
	}
	return v.Codecs == "" || v.Width > 0
}

// playlists lists the URIs of all media playlists except I-frame playlists.
func playlists(text string) (out []string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		list, isMedia := strings.CutPrefix(line, "#EXT-X-MEDIA:")
		if isMedia {
			attrs, _ := m3u8.Attributes(list)
			for _, a := range attrs {
				if a.Name == "URI" {
					out = append(out, a.Value)
				}
			}
		} else if line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

// other is a media playlist besides the one that is followed.
type other struct {
	url     *url.URL
	variant bool // not of EXT-X-MEDIA
}

// peers reads the other playlists once, and judges what must be the same in all.
func (d *Doctor) peers(ctx context.Context) {
	for _, p := range d.peer {
		a := d.limited(ctx, p.url)
		d.heard(a, playlist)
		d.ledger.judge("A2.4", a.ok(), a.place(), a.heads(), "a listed playlist cannot be fetched")
		text := string(a.text())
		m, err := m3u8.Parse([]byte(tame(text)))
		if !a.ok() || err != nil {
			continue
		}
		d.ledger.judge("A5.7", m.TargetDuration == d.media.TargetDuration, a.place(), lineWith(text, "#EXT-X-TARGETDURATION"),
			fmt.Sprintf("%d here, %d in %s", m.TargetDuration, d.media.TargetDuration, d.list))
		mine, theirs := control(d.text), control(text)
		d.ledger.judge("A1.2b", mine == theirs, a.place(), lineWith(text, "#EXT-X-SERVER-CONTROL", "#EXTM3U"), fmt.Sprintf("%q here, %q in %s", theirs, mine, d.list))
	}
	if len(d.peer) > 0 && d.media.PartTarget > 0 && !d.ended {
		d.reports(d.text, d.list.String())
	}
}

func control(text string) string {
	line := lineWith(text, "#EXT-X-SERVER-CONTROL:")
	_, value, _ := strings.Cut(line, "#EXT-X-SERVER-CONTROL:")
	return value
}

// reports judges that there is an EXT-X-RENDITION-REPORT for every other playlist.
func (d *Doctor) reports(text, where string) {
	var reported []string
	for line := range strings.Lines(text) {
		if list, is := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "#EXT-X-RENDITION-REPORT:"); is {
			attrs, _ := m3u8.Attributes(list)
			for _, a := range attrs {
				if u, err := d.list.Parse(a.Value); a.Name == "URI" && err == nil {
					reported = append(reported, path.Clean(u.Path))
				}
			}
		}
	}
	for _, p := range d.peer {
		found := false
		for _, r := range reported {
			found = found || r == path.Clean(p.url.Path)
		}
		d.ledger.judge("A1.24", found, where, lastLines(text), "there is no report on "+p.url.String())
	}
}
