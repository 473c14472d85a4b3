package mpegts

import (
	"errors"
	"fmt"
	"math"

	"mediad/ingest"
)

// video is the state of the H.264 track.
type video struct {
	params params
	// fresh says that the parameter sets must come in front of the next picture:
	// at a part's start, and when the publisher has changed them.
	fresh   bool
	lastDTS int64
	cc      uint8    // continuity counter of the last packet
	front   []byte   // the bytes before the publisher's first NAL unit, reused
	code    [4]byte  // a start code
	pieces  [][]byte // of one access unit in Annex B, reused
}

func (v *video) init(t ingest.Track) error {
	v.lastDTS, v.cc, v.code = math.MinInt64, firstCC, [4]byte{3: 1}
	for _, kind := range []struct {
		nal  byte
		sets [][]byte
	}{{nalSPS, t.SPS}, {nalPPS, t.PPS}} {
		for _, s := range kind.sets {
			if len(s) == 0 || s[0]&0x1f != kind.nal {
				return errors.New("H.264 parameter set of another kind")
			}
			if _, err := v.params.put(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// picture writes one coded picture as one PES packet.
func (w *Writer) picture(u ingest.Unit) error {
	v := &w.video
	key, slices := u.Key, false
	for _, nal := range u.NALs {
		if len(nal) == 0 {
			continue
		}
		switch kind := nal[0] & 0x1f; kind {
		case nalSPS, nalPPS:
			news, err := v.params.put(nal)
			if err != nil {
				return err
			}
			v.fresh = v.fresh || news
		case nalIDR:
			key, slices = true, true
		case 1, 2, 3, 4:
			slices = true
		}
	}
	if !slices {
		// There is nothing to show. Parameter sets are remembered, filler is not.
		return nil
	}
	if u.DTS <= v.lastDTS {
		return fmt.Errorf("DTS %d does not rise above %d", u.DTS, v.lastDTS)
	}
	v.lastDTS = u.DTS

	// 13818-1 2.14.1: an access unit delimiter in front, any slice type. The
	// start codes have four bytes, which 14496-10 B.1.2 asks for in front of
	// the first NAL unit and of parameter sets.
	v.front = append(v.front[:0], 0, 0, 0, 1, nalAUD, 0xF0)
	if key || v.fresh {
		// The sets come in front of every IDR, and of every part's first picture:
		// without them, Shaka and video.js fail in a part that begins inside a GOP.
		if !v.params.complete() {
			return errors.New("no SPS and PPS yet")
		}
		for _, s := range v.params.sets {
			v.front = append(append(v.front, 0, 0, 0, 1), s.nal...)
		}
		v.fresh = false
	}
	v.pieces = append(v.pieces[:0], v.front)
	for _, nal := range u.NALs {
		if len(nal) == 0 {
			continue
		}
		switch nal[0] & 0x1f {
		case nalAUD, nalFiller, nalSPS, nalPPS:
			// New parameter sets are in v.front already; the others would be
			// repeats.
		default:
			v.pieces = append(v.pieces, v.code[:], nal)
		}
	}

	if u.DTS-PCRDelay >= w.audio.start {
		// If sound were held longer, its PTS would be below this picture's PCR.
		if err := w.flushAudio(); err != nil {
			return err
		}
	}
	if err := w.advance(pidVideo, u.DTS-PCRDelay); err != nil {
		return err
	}
	p := pes{pid: pidVideo, stream: streamVideo, pts: u.PTS, dts: u.DTS, pcr: w.clock.at(u.DTS), timed: true, random: key}
	p.append(w.out.Buffer, &v.cc, v.pieces)
	clear(v.pieces) // they belong to the publisher
	w.clock.cc = v.cc
	return nil
}
