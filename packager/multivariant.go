package packager

import (
	"math"
	"net/http"
	"strings"

	"mediad/ingest"
	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// listKind is which media playlist a multivariant playlist names.
type listKind uint8

const (
	ofLive listKind = iota
	ofRewind
	ofPreview // as ofLive, for a player whose viewer does not count
	listKinds // how many there are
)

// serveMultivariant waits for the first whole segment, whose bit rate it names.
func (l *Live) serveMultivariant(w http.ResponseWriter, r *http.Request, room string, kind listKind) {
	w.Header()["Vary"] = byEncoding // also of a refusal, as of the media playlist
	s := l.Room(room)
	if s == nil {
		refuse(w, http.StatusNotFound, never404, "this room is not live")
		return
	}
	win, ok := s.await(r.Context(), (*window).told)
	if !ok {
		refuse(w, http.StatusServiceUnavailable, noStore, "the broadcast is about to begin")
		return
	}
	writePlaylist(w, r, s.multivariant(win, kind), win.forReload())
}

// multivariant renders the multivariant playlist of a window at first need.
func (s *Stream) multivariant(w *window, kind listKind) *rendered {
	l := &w.multivariants[kind]
	l.once.Do(func() {
		own := layout.Of(s.opts.Room, s.opts.Epoch)
		var list m3u8.Multivariant
		for r := layout.Main; w.knows(r); r++ {
			media := own.MediaPlaylist().In(r).InRoom()
			switch kind {
			case ofRewind:
				media = own.RewindPlaylist().InRewind()
			case ofPreview:
				media += "?" + preview + "=1"
			}
			if v, ok := s.variant(w, r, media); ok {
				list.Variants = append(list.Variants, v)
			}
			if kind == ofRewind {
				break // others are kept for as long as the window lists them
			}
		}
		inOrder(list.Variants)
		text, err := list.Bytes()
		l.made = newRendered(tagOf(text), text, err)
	})
	return l.made
}

// mostFrames is a frame rate that no stream has.
const mostFrames = 1000

// variant describes a rendition; not ok: players are not told of it, or not yet.
func (s *Stream) variant(w *window, r layout.Rendition, media string) (v m3u8.Variant, ok bool) {
	peak, mean := w.peak(r)
	if !w.offers(r) || r != layout.Main && mean == 0 {
		return v, false
	}
	v = m3u8.Variant{
		URI: media,
		// A live variant's peak must stay below 125 % of what is declared. A single
		// sliver may come to more than the attribute holds.
		Bandwidth: min(max(peak+peak/10, 1), math.MaxUint32), AverageBandwidth: min(mean, math.MaxUint32),
	}
	var codecs []string
	for _, t := range w.tracks {
		if r != layout.Main && t.Codec.Video() {
			t = w.offered[r-1]
		}
		codecs = append(codecs, t.RFC6381)
		if t.Codec.Video() {
			v.Width, v.Height, v.FrameRate = t.Width, t.Height, t.FrameRate
		}
	}
	v.Codecs = strings.Join(codecs, ",")
	if fps := s.health.FPS(); v.FrameRate == 0 {
		v.FrameRate = fps
	}
	if !(v.FrameRate < mostFrames) { // what a sequence header says may be nonsense
		v.FrameRate = 0
	}
	if w.repeated {
		v.FrameRate = max(v.FrameRate, 2*ingest.Clock/float64(w.partTarget)) // two in each part
	}
	return v, true
}
