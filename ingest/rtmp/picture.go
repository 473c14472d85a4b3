package rtmp

import (
	"bytes"
	"slices"
	"time"

	"mediad/ingest"
	"mediad/ingest/h264"
)

// slicing says whether an encoder sends a picture as one message, as it should, or
// its slices in messages of their own.
type slicing uint8

const (
	// unknown: no second picture has begun yet, so the first may go on.
	unknown slicing = iota
	// whole: each message is a picture, and is handed on at once.
	whole
	// sliced: a picture is handed on when the next begins, a frame later.
	sliced
)

// patience is how long a picture is kept, on our clock, that may go on: the next
// may be a long way off where pictures pause.
const patience = 100 * time.Millisecond

// habit is how many pictures show whether an encoder puts start codes into slices.
const habit = 50

// What may wait for the picture that it belongs to.
const (
	leadUnits = 32
	leadBytes = 64 << 10
)

// lead keeps copies of the NAL units that came in a message without any slice: SEI
// (captions), parameter sets.
type lead struct {
	nals  [][]byte
	bytes int
}

func (l *lead) add(nals [][]byte) {
	for _, nal := range nals {
		switch h264.TypeOf(nal) {
		case h264.SEI, h264.SPS, h264.PPS, h264.SPSExt:
		default:
			continue
		}
		if len(l.nals) == leadUnits || l.bytes+len(nal) > leadBytes {
			*l = lead{} // nobody's: an encoder that sends no pictures
		}
		l.nals, l.bytes = append(l.nals, bytes.Clone(nal)), l.bytes+len(nal)
	}
}

// picture takes the payload of a video message in: a picture, the next slices of
// one, or what belongs to one that is to come.
func (f *feed) picture(ms int64, offset int32, data []byte) error {
	t := &f.tracks[video]
	nals, form, err := h264.Unpack(f.nals[:0], data, t.prefix(), f.pictures < habit || f.mixed)
	f.nals = nals[:0]
	if err != nil {
		f.account.count(func(n *ingest.Stats) { n.BadPictures++ })
		return nil
	}
	if form != h264.Lengths {
		f.account.count(func(n *ingest.Stats) { n.StartCodes++ })
		f.mixed = f.mixed || form == h264.Mixed
	}
	nals, bad, news := t.take(nals)
	f.account.count(func(n *ingest.Stats) { n.BadHeaders += uint64(bad) })
	first := slices.IndexFunc(nals, h264.Coded)
	if first < 0 {
		f.news = f.news || news
		f.lead.add(nals)
		return nil
	}
	slice := nals[first]
	if nals = ordered(nals, first); len(f.lead.nals) > 0 {
		nals = slices.Concat(f.lead.nals, nals)
		f.lead = lead{}
	}
	if f.pictures > 0 && ms == f.pictureMS && !h264.Opens(slice) {
		f.goOn(ms, nals)
		return nil
	}
	return f.newPicture(ms, offset, nals, slice, news)
}

// newPicture takes the first, and mostly only, message of a picture in.
func (f *feed) newPicture(ms int64, offset int32, nals [][]byte, slice []byte, news bool) error {
	if f.settled {
		if err := f.drain(); err != nil {
			return err
		}
	}
	t, key := &f.tracks[video], h264.HasIDR(nals)
	if key {
		again := t.known
		if changed := t.follow(slice, news || f.news); changed {
			f.configured(video, ms, again, changed)
		}
		f.news = false
	}
	if !t.known {
		f.account.count(func(n *ingest.Stats) { n.NoVideoHeader++ })
		return nil
	}
	if f.pictures++; f.pictures > 1 && f.slicing == unknown {
		f.slicing = whole
	}
	f.pictureMS = ms
	return f.put(video, ms, offset, nals, key)
}

// goOn adds a message to the picture that the message before began. If that has
// been handed on already, because no picture before it was cut up, the rest comes
// too late.
func (f *feed) goOn(ms int64, nals [][]byte) {
	f.slicing = sliced
	if !f.backlog.extend(ms, nals) {
		f.account.count(func(n *ingest.Stats) { n.BadPictures++ })
		return
	}
	f.account.count(func(n *ingest.Stats) { n.Joined++ })
}

// open tells whether the newest picture is kept because it may go on.
func (f *feed) open() bool {
	return f.slicing != whole && f.backlog.pictures > 0 && f.now().Sub(f.backlog.since) < patience
}

// ordered puts what a picture's NAL units say before its slices in front of them,
// where decoders look for it (Rec. ITU-T H.264 7.4.1.2.3): behind slices, it would
// begin another picture. OBS puts its own SEI there. Ends of sequence go: a picture
// that needs them is an IDR anyway.
func ordered(nals [][]byte, first int) [][]byte {
	late := func(nal []byte) bool {
		t := h264.TypeOf(nal)
		return t >= h264.SEI && t <= h264.AUD || t >= h264.SPSExt && t <= subsetSPS
	}
	ends := func(nal []byte) bool { t := h264.TypeOf(nal); return t == endOfSequence || t == endOfStream }
	if slices.ContainsFunc(nals, ends) {
		nals = slices.DeleteFunc(nals, ends)
		first = slices.IndexFunc(nals, h264.Coded)
	}
	if !slices.ContainsFunc(nals[first:], late) {
		return nals
	}
	out := slices.Clone(nals[:first])
	for _, nal := range nals[first:] {
		if late(nal) && h264.TypeOf(nal) != h264.AUD {
			out = append(out, nal)
		}
	}
	for _, nal := range nals[first:] {
		if !late(nal) {
			out = append(out, nal)
		}
	}
	return out
}

const (
	endOfSequence = 10
	endOfStream   = 11
	subsetSPS     = 15
)

// prefix is how many bytes precede each NAL unit; as FLV has it where no header
// has said so.
func (t *track) prefix() int {
	if t.lengthSize == 0 {
		return 4
	}
	return t.lengthSize
}
