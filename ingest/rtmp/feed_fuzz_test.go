package rtmp

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/aac"
	"mediad/ingest/h264"
	"mediad/ingest/rtmp/flv"
	"mediad/packager"
)

// strict is a Sink that checks the promises of package rtmp, and passes media on to a
// broadcast.
type strict struct {
	*packager.Session
	t      *testing.T
	tracks []ingest.Track
	last   []int64
	begun  bool    // a picture came
	ms     *uint32 // the publisher's clock, which begins with the publish
}

func (s *strict) SetTracks(tracks []ingest.Track) error {
	s.tracks, s.last, s.begun = tracks, make([]int64, len(tracks)), false
	for i := range s.last {
		s.last[i] = -1 << 62
	}
	if len(tracks) == 0 || len(tracks) > 2 {
		s.t.Fatalf("%d tracks", len(tracks))
	}
	return s.Session.SetTracks(tracks)
}

func (s *strict) WriteUnit(u ingest.Unit) error {
	if u.Track >= len(s.tracks) || len(u.NALs) == 0 || u.DTS <= s.last[u.Track] {
		s.t.Fatalf("unit %+v behind %v", u, s.last)
	}
	s.last[u.Track] = u.DTS
	if !s.tracks[u.Track].Codec.Video() {
		if len(u.NALs) != 1 || aac.CheckFrame(u.NALs[0]) != nil {
			s.t.Fatalf("sound % x", u.NALs)
		}
		return s.Session.WriteUnit(u)
	}
	// The first picture is one with which a decoder can begin or, after some time,
	// any picture.
	s.begun = s.begun || u.Key || u.Recovers || *s.ms >= keyFrameWait
	if !s.begun || !h264.HasSlice(u.NALs) || len(u.NALs) > h264.MaxUnits+prefixUnits {
		s.t.Fatalf("picture %+v", u)
	}
	coded := false
	for _, nal := range u.NALs {
		if len(nal) == 0 || !h264.Coded(nal) && bytes.Contains(nal, []byte{0, 0, 1}) {
			s.t.Fatalf("unit % x", nal)
		}
		coded = coded || h264.Coded(nal)
		if k := h264.TypeOf(nal); coded && (k == h264.SEI || k == h264.SPS || k == h264.PPS) {
			s.t.Fatalf("type %d behind slices", k)
		}
	}
	return s.Session.WriteUnit(u)
}

// FuzzFeed reads a script of messages: a byte that says which track, and how much
// later in 8 ms, a byte of length, and the body.
func FuzzFeed(f *testing.F) {
	script := func(bodies ...string) (out []byte) {
		for _, b := range bodies {
			body := unhex(f, b)
			head := byte(4 << 1)
			if body[0] == 0xaf || body[0] == 0x95 {
				head |= 1
			}
			out = append(append(out, head, byte(len(body))), body...)
		}
		return out
	}
	const sps, pps = "6764001facd9405005bb0110000003001000000303c0f1831960", "68ebe3cb22c0"
	f.Add(script(avc720, aac44, idr, sound, pic, sound, pic))
	f.Add(script("1700000000", aac44, "1701000000"+"00000001"+sps+"00000001"+pps+"00000001"+"65888421", sound, "2701000000"+"00000001"+"419a21"))
	f.Add(script(avc720, aac44, "1701000000"+"0000000465888421", "1701000000"+"0000000465408421", pic, "2701000000"+"00000003414021", sound))
	f.Add(script(avc720, "af01fff14c80013ffc21cc", idr, "af01fff14c80013ffc21cc", pic, "af01fff15040013ffc01cc", pic, aac48, "af012110"))
	f.Add(script(avc720, "af00118004c4040021100d4c61766335392e33372e31303056e500", idr, sound, pic, aac44, sound, "af011210", sound))
	f.Add(script(avc720, aac44, "17010000000000000d0605aabb000000016588842100", pic, "2701000000"+"000000020605", "2701000000"+"000000010a", pic, avc360, idr, pic))
	f.Fuzz(func(t *testing.T, script []byte) {
		now := time.Unix(1e9, 0)
		stream := packager.NewStream(packager.Options{Room: "r", Epoch: "e", Anchor: now, Now: func() time.Time { return now }})
		ms, media := uint32(0), uint64(0)
		s := &strict{Session: stream.Attach(), t: t, ms: &ms}
		feed := newFeed(s, func() time.Time { return now })
		for len(script) > 2 && media < 2000 {
			head, n := script[0], min(int(script[1]), len(script)-2)
			body := bytes.Clone(script[2 : 2+n])
			script = script[2+n:]
			step := uint32(head>>1) * 8
			ms, now = ms+step, now.Add(time.Duration(step)*time.Millisecond)
			k, parse := video, flv.ParseVideo
			if head&1 == 1 {
				k, parse = audio, flv.ParseAudio
			}
			p, err := parse(body)
			if err != nil {
				continue
			}
			media++
			err = feed.message(k, ms, p)
			for i := range body { // the buffer is used again
				body[i] = 0xee
			}
			var odd *aac.UnsupportedError
			switch {
			case err == nil:
			case errors.Is(err, errNoHeader), errors.As(err, &odd), strings.Contains(err.Error(), "does not end"):
				return
			default:
				t.Fatal(err)
			}
			if feed.backlog.bytes > backlogBytes+1<<16 || len(feed.backlog.units) > backlogUnits+8 || feed.prefix.bytes > prefixBytes {
				t.Fatalf("%d bytes, %d units are kept", feed.backlog.bytes, len(feed.backlog.units))
			}
		}
		feed.close(ingest.Unpublished)
		if feed.backlog.bytes != 0 || !feed.backlog.empty() {
			t.Fatalf("%d bytes are left", feed.backlog.bytes)
		}
	})
}
