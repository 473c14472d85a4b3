package packager

import (
	"bytes"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/layout"
	"mediad/packager/mpegts"
	"mediad/packager/repeat"
)

// follower writes one more rendition beside the first: the pictures of a track of its own,
// with the sound and the tags of the first, byte for byte. Its parts begin and end where
// those of the first do. Whatever goes wrong with it costs the first nothing: the
// follower is lost, and its parts are gaps. Stream.mu guards it.
type follower struct {
	rendition layout.Rendition
	track     ingest.Track
	writer    *mpegts.Writer
	lost      loss
	told      bool // the room's health and the playlists know

	buf      bytes.Buffer // of the open part
	open     bool         // one is
	pictures int          // in it
	key      bool         // it holds an IDR

	begun   bool   // a picture was taken since the publisher's tracks, or a silence, began
	offered bool   // it stands in the multivariant playlist
	came    int64  // output DTS of the publisher's last picture
	absent  int    // moments of the first track since then
	segment uint64 // that the picture lies in
	misses  int    // segments in a row that begin with a key frame of the first track alone
	picture [][]byte
	repeats repeats
}

// loss is why a follower is left out.
type loss uint8

const (
	notLost   loss = iota
	unaligned      // its key frames are not where those of the first track are
	stopped        // its pictures stopped, or cannot be written
)

const (
	// mostMisses is how many segments in a row may begin without a key frame of a follower.
	mostMisses = 2
	// mostStrays is how many key frames of a follower that has not begun may stand alone.
	mostStrays = 3
	// longestAbsence is how long, in ticks, a follower may send nothing, and fewestAbsent
	// how many pictures of the first track must have come meanwhile.
	longestAbsence = 2 * ingest.Clock
	fewestAbsent   = 5
)

// newFollower gives a follower for a track of pictures, beside the sound of the first
// rendition. was is the one of the former stay, whose last key frame viewers may see.
func newFollower(r layout.Rendition, track ingest.Track, sound []ingest.Track, was *follower) *follower {
	f := &follower{rendition: r, track: track}
	w, err := mpegts.NewWriter(append([]ingest.Track{track}, sound...))
	if err != nil {
		f.lost = stopped
		return f
	}
	f.writer, f.repeats.maker = w, repeat.New(track.SPS, track.PPS)
	if was != nil && was.picture != nil && sameSets(was.track, track) {
		f.picture = kept(nil, was.picture)
	}
	return f
}

// restart forgets what was seen of the track, as Session.restart does.
func (f *follower) restart() {
	f.begun, f.misses, f.absent = false, 0, 0
	if m := f.repeats.maker; m != nil {
		m.Restart()
		f.repeats = repeats{maker: m, dts: f.repeats.dts, last: f.repeats.last}
	}
}

func (f *follower) lose(why loss) {
	if f.lost == notLost {
		f.lost = why
	}
}

// beginPart begins a part.
func (f *follower) beginPart() {
	if f.lost != notLost {
		return
	}
	f.buf.Reset()
	f.pictures, f.key = 0, false
	if f.writer.Begin(&f.buf) != nil {
		f.lose(stopped)
		return
	}
	f.open = true
}

// endPart ends the part beside one of the first rendition; nil: it is a gap.
func (f *follower) endPart(first *part) *part {
	whole := f.drop() && f.pictures > 0 && f.lost == notLost
	var p *part
	if whole {
		p = &part{number: first.number, data: bytes.Clone(f.buf.Bytes()), duration: first.duration, independent: f.key}
	}
	if f.buf.Cap() > maxScratch {
		f.buf = bytes.Buffer{}
	}
	return p
}

// drop ends the part without regard to its bytes; not whole: they cannot be used.
func (f *follower) drop() (whole bool) {
	if !f.open {
		return false
	}
	f.open = false
	if f.writer.End() != nil {
		f.lose(stopped)
		return false
	}
	return true
}

// tag writes a tag of the first rendition.
func (f *follower) tag(pts int64, text []byte) {
	if f.open && f.lost == notLost && f.writer.ID3(pts, text) != nil {
		f.lose(stopped)
	}
}

// write writes a unit, as openMedia does.
func (f *follower) write(u ingest.Unit) (done bool) {
	if !f.open || f.lost != notLost {
		return false
	}
	if f.buf.Len() > maxPartBytes || f.writer.Unit(u) != nil {
		f.lose(stopped)
		return false
	}
	return true
}

// show writes a picture.
func (f *follower) show(u ingest.Unit) bool {
	if !f.write(u) {
		return false
	}
	f.pictures++
	f.key = f.key || u.Key
	f.repeats.dts = u.DTS
	return true
}

// take writes a picture of the publisher's, which has a key frame of the first track beside
// it or not, and is not written before least. o is what is open.
func (f *follower) take(u ingest.Unit, o *openMedia, least int64, keyed bool) {
	if f.lost != notLost || !f.joins(u, o, keyed) {
		return
	}
	a := &f.repeats
	f.came, f.absent, f.segment = u.DTS, 0, o.segment.msn
	if a.frozen = a.frozen && u.DTS-a.since < longestFreeze && !u.Recovers; a.frozen && !u.Key {
		return
	}
	u.DTS = max(u.DTS, least, a.dts+1)
	a.said = max(u.PTS, u.DTS)
	u.PTS = min(max(a.said, a.last+1), u.DTS+align.MaxOffset)
	if !f.show(u) {
		return
	}
	a.maker.Note(u.NALs, u.DTS, a.said)
	if a.onKey = u.Key; u.Key {
		a.frozen = false
		f.picture = kept(f.picture, u.NALs)
	}
}

// joins tells whether a picture can be written. The first one must be a key frame, beside
// one of the first track. Later the first of each segment must be one, wherever that of
// the first rendition is.
func (f *follower) joins(u ingest.Unit, o *openMedia, keyed bool) bool {
	begins := u.Key || u.Recovers
	switch {
	case !f.begun && !begins:
		return false
	case !f.begun && !keyed:
		if f.misses++; f.misses >= mostStrays {
			f.lose(unaligned)
		}
		return false
	case !f.begun || begins && f.segment != o.segment.msn:
		f.begun, f.misses = true, 0
	case f.segment != o.segment.msn && o.headKey():
		if f.misses++; f.misses >= mostMisses {
			f.lose(unaligned)
			return false
		}
	}
	return true
}

// repeat shows the picture that is on the screen once more, where u shows that of the
// first track. Where that one is frozen, so is this.
func (f *follower) repeat(u ingest.Unit, frozen bool) {
	if f.lost != notLost {
		return
	}
	a := &f.repeats
	dts := max(u.DTS, a.dts+1)
	nal, pts := a.maker.Make(dts)
	if nal == nil || a.frozen || frozen {
		if !a.onKey && !a.frozen {
			a.frozen, a.since = true, dts
		}
		f.still(dts, u.PTS-u.DTS)
		return
	}
	pts = min(pts, dts+align.MaxOffset)
	if f.show(ingest.Unit{DTS: dts, PTS: pts, NALs: [][]byte{nal}}) {
		a.last = pts
	}
}

// still shows the last key frame.
func (f *follower) still(dts, delay int64) {
	if f.picture == nil {
		return
	}
	a := &f.repeats
	dts = max(dts, a.dts+1)
	pts := max(dts+delay, a.last+1)
	if f.show(ingest.Unit{DTS: dts, PTS: pts, Key: true, NALs: f.picture}) {
		a.last = pts
	}
}

// missing tells whether the publisher's pictures have stopped, at a picture of the first
// track that lies at dts. since is where that one's stay began.
func (f *follower) missing(dts, since, target int64) bool {
	longest := int64(longestAbsence)
	if !f.begun {
		longest += 2 * target // it waits for a key frame
	}
	f.absent++
	return f.offered && f.absent > fewestAbsent && dts-max(f.came, since) > longest
}
