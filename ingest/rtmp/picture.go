package rtmp

import (
	"bytes"
	"slices"
	"time"

	"mediad/ingest"
	"mediad/ingest/h264"
)

// slicing says whether an encoder sends a picture as one message, as it should, or
// each of its slices as a message.
type slicing uint8

const (
	// unknown: no second picture has begun yet, so the next message may continue
	// the first.
	unknown slicing = iota
	// whole: each message is a picture, and is passed on at once.
	whole
	// sliced: a picture is passed on when the next begins, a frame later.
	sliced
)

// sliceWait is how long, on our clock, a picture is kept because the next message may
// continue it. Where pictures pause, the next one may be far away.
const sliceWait = 100 * time.Millisecond

// startCodeProbe is the number of pictures in which slices are searched for start codes.
// After that, it is known whether the encoder puts start codes there.
const startCodeProbe = 50

// The most that prefix may hold.
const (
	prefixUnits = 32
	prefixBytes = 64 << 10
)

// prefix keeps copies of the NAL units that came in a message without any slice: SEI
// (captions), parameter sets.
type prefix struct {
	nals  [][]byte
	bytes int
}

func (l *prefix) add(nals [][]byte) {
	for _, nal := range nals {
		switch h264.TypeOf(nal) {
		case h264.SEI, h264.SPS, h264.PPS, h264.SPSExt:
		default:
			continue
		}
		if len(l.nals) == prefixUnits || l.bytes+len(nal) > prefixBytes {
			*l = prefix{} // no picture takes them: the encoder sends none
		}
		l.nals, l.bytes = append(l.nals, bytes.Clone(nal)), l.bytes+len(nal)
	}
}

// picture takes the payload of a video message in: a picture, further slices of the
// last one, or units that belong to the next one.
func (f *feed) picture(ms int64, offset int32, data []byte) error {
	t := &f.tracks[video]
	nals, form, err := h264.Unpack(f.nals[:0], data, t.lengthPrefix(), f.pictures < startCodeProbe || f.mixed)
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
	nals = f.hear(nals, true)
	first := slices.IndexFunc(nals, h264.Coded)
	if first < 0 {
		f.news = f.news || news
		f.prefix.add(nals)
		return nil
	}
	slice := nals[first]
	if nals = ordered(nals, first); len(f.prefix.nals) > 0 {
		nals = slices.Concat(f.prefix.nals, nals)
		f.prefix = prefix{}
	}
	if f.pictures > 0 && ms == f.pictureMS && !h264.Opens(slice) {
		f.goOn(ms, nals)
		return nil
	}
	return f.newPicture(ms, offset, nals, slice, news)
}

// newPicture takes the first message of a picture in. Mostly it is the only one.
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

// goOn adds a message to the picture that the message before it began. Where that
// picture has been passed on already, because the encoder had sent only whole pictures
// so far, the rest comes too late.
func (f *feed) goOn(ms int64, nals [][]byte) {
	f.slicing = sliced
	if !f.backlog.extend(ms, nals) {
		f.account.count(func(n *ingest.Stats) { n.BadPictures++ })
		return
	}
	f.account.count(func(n *ingest.Stats) { n.Joined++ })
}

// open tells whether the newest picture is kept because the next message may continue
// it.
func (f *feed) open() bool {
	return f.slicing != whole && f.backlog.pictures > 0 && f.now().Sub(f.backlog.since) < sliceWait
}

// ordered moves the NAL units that must precede a picture's slices in front of them
// (Rec. ITU-T H.264 7.4.1.2.3). Behind slices, they would begin another picture; OBS
// puts its own SEI there. Ends of sequence are removed: a picture that needs one
// before it is an IDR anyway.
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

// lengthPrefix is how many bytes precede each NAL unit: 4, as is usual in FLV, until a
// header says otherwise.
func (t *track) lengthPrefix() int {
	if t.lengthSize == 0 {
		return 4
	}
	return t.lengthSize
}
