package rtmp

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mediad/ingest"
	"mediad/ingest/h264"
	"mediad/ingest/rtmp/flv"
	"mediad/packager"
)

// reel is a recording of ffmpeg, split into units.
type reel struct {
	path     string
	header   []byte // AVCDecoderConfigurationRecord
	sound    []byte // AudioSpecificConfig
	pictures []frame
	sounds   []frame
}

type frame struct {
	ms   uint32
	key  bool
	nals [][]byte
}

// newReel makes four seconds, each picture in four slices, without B-frames.
func newReel(t *testing.T, size string) reel {
	t.Helper()
	r := reel{path: filepath.Join(t.TempDir(), "reel.flv")}
	run(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size="+size+":rate=25", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
		"-t", "4", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "25", "-x264-params", "slices=4:sliced-threads=0:scenecut=0",
		"-c:a", "aac", "-b:a", "64k", "-ac", "2", r.path)
	file, err := os.ReadFile(r.path)
	if err != nil {
		t.Fatal(err)
	}
	tags, err := flv.ReadAll(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range tags {
		switch {
		case tag.Type == flv.Video && tag.Body[1] == 0:
			r.header = tag.Body[5:]
		case tag.Type == flv.Video && tag.Body[1] == 1:
			nals, err := h264.Split(nil, tag.Body[5:], 4)
			if err != nil {
				t.Fatal(err)
			}
			r.pictures = append(r.pictures, frame{tag.Timestamp, tag.Body[0]>>4 == 1, nals})
		case tag.Type == flv.Audio && tag.Body[1] == 0:
			r.sound = tag.Body[2:]
		case tag.Type == flv.Audio:
			r.sounds = append(r.sounds, frame{tag.Timestamp, true, [][]byte{tag.Body[2:]}})
		}
	}
	if len(r.pictures) != 100 || len(r.sounds) < 180 || len(r.pictures[0].nals) < 4 {
		t.Fatalf("%d pictures of %d units, %d sounds", len(r.pictures), len(r.pictures[0].nals), len(r.sounds))
	}
	return r
}

// sets are the parameter sets of the header.
func (r reel) sets(t *testing.T) (out [][]byte) {
	c, err := h264.ParseConfig(r.header)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(c.SPS, c.PPS)
}

// note is one message to send.
type note struct {
	kind kind
	ms   uint32
	body []byte
}

func pictureBody(key bool, payload []byte) []byte {
	head := byte(0x27)
	if key {
		head = 0x17
	}
	return append([]byte{head, 1, 0, 0, 0}, payload...)
}

func lengths(size int, nals ...[]byte) (out []byte) {
	for _, n := range nals {
		head := binary.BigEndian.AppendUint32(nil, uint32(len(n)))
		out = append(append(out, head[4-size:]...), n...)
	}
	return out
}

func codes(nals ...[]byte) (out []byte) {
	for _, n := range nals {
		out = append(append(out, 0, 0, 0, 1), n...)
	}
	return out
}

func avcHeader(record []byte) []byte { return append([]byte{0x17, 0, 0, 0, 0}, record...) }
func aacHeader(asc []byte) []byte    { return append([]byte{0xaf, 0}, asc...) }
func soundBody(b []byte) []byte      { return append([]byte{0xaf, 1}, b...) }

// adtsOf puts a frame into ADTS: 48 kHz, so many channels.
func adtsOf(frame []byte, channels byte) []byte {
	n := len(frame) + 7
	return append([]byte{0xff, 0xf1, 0x4c, channels<<6 | byte(n>>11), byte(n >> 3), byte(n<<5) | 0x1f, 0xfc}, frame...)
}

// oddity says how an encoder sends a reel. Fields that are nil mean: as it should be.
type oddity struct {
	headers func(t *testing.T, r reel) []note
	picture func(t *testing.T, r reel, i int, f frame) [][]byte // bodies
	sound   func(i int, f frame) [][]byte
	lost    int            // the first picture of each fifty that is; 0: none
	breaks  int            // EXT-X-DISCONTINUITY
	drops   ingest.Drops   // 1 for what must be counted
	repairs ingest.Repairs // the same
	why     string         // SoundRefused
	silent  bool           // viewers hear nothing
	caption bool           // each picture has its own
	longest bool           // sound is torn
}

// usualHeaders are both, as they should be.
func usualHeaders(_ *testing.T, r reel) []note {
	return []note{{video, 0, avcHeader(r.header)}, {audio, 0, aacHeader(r.sound)}}
}

// caption is SEI of ATSC captions, with a number in it.
func caption(i int) []byte {
	text := fmt.Sprintf("GA94 caption %04d", i)
	body := append([]byte{0xb5, 0x00, 0x31}, text...)
	return append(append([]byte{6, 4, byte(len(body))}, body...), 0x80)
}

// send plays a reel through a real server, and gives the resulting broadcast and the
// counts.
func (o oddity) send(t *testing.T, r reel) (*packager.Stream, ingest.Stats) {
	t.Helper()
	st, p := openSingle(t)
	p.raw(p.chunkSize(65536))
	headers := usualHeaders
	if o.headers != nil {
		headers = o.headers
	}
	notes := headers(t, r)
	for i, f := range r.pictures {
		bodies := [][]byte{pictureBody(f.key, lengths(4, f.nals...))}
		if o.picture != nil {
			bodies = o.picture(t, r, i, f)
		}
		for _, b := range bodies {
			notes = append(notes, note{video, f.ms, b})
		}
	}
	for i, f := range r.sounds {
		bodies := [][]byte{soundBody(f.nals[0])}
		if o.sound != nil {
			bodies = o.sound(i, f)
		}
		for _, b := range bodies {
			notes = append(notes, note{audio, f.ms, b})
		}
	}
	slices.SortStableFunc(notes, func(a, b note) int { return int(a.ms) - int(b.ms) })
	for _, n := range notes {
		typ := byte(9)
		if n.kind == audio {
			typ = 8
		}
		p.raw(p.message(4, typ, 1, n.ms, n.body))
	}
	stats := st.end(t, p)
	return st.stream, stats
}

// oddities are habits of encoders, seen or possible.
var oddities = map[string]oddity{
	"as it should be": {},
	"sound in ADTS": {sound: func(_ int, f frame) [][]byte { return [][]byte{soundBody(adtsOf(f.nals[0], 2))} },
		repairs: ingest.Repairs{ADTS: 1}},
	"sound in ADTS, without a header": {
		headers: func(_ *testing.T, r reel) []note { return []note{{video, 0, avcHeader(r.header)}} },
		sound:   func(_ int, f frame) [][]byte { return [][]byte{soundBody(adtsOf(f.nals[0], 2))} },
		repairs: ingest.Repairs{ADTS: 1}},
	"sound in ADTS, whose header says more than the sequence header": {
		headers: func(_ *testing.T, r reel) []note {
			return []note{{video, 0, avcHeader(r.header)}, {audio, 0, aacHeader([]byte{0x12, 0x08})}, {audio, 2000, aacHeader([]byte{0x12, 0x08})}}
		},
		sound:   func(_ int, f frame) [][]byte { return [][]byte{soundBody(adtsOf(f.nals[0], 2))} },
		repairs: ingest.Repairs{ADTS: 1}, breaks: -1},
	"ADTS of wrong lengths, here and there": {sound: func(i int, f frame) [][]byte {
		b := adtsOf(f.nals[0], 2)
		if i%40 == 20 {
			b[5] ^= 0x20
		}
		return [][]byte{soundBody(b)}
	}, drops: ingest.Drops{BadSound: 1}, repairs: ingest.Repairs{ADTS: 1}},
	"a configuration as a frame, once a second": {sound: func(i int, f frame) [][]byte {
		bodies := [][]byte{soundBody(f.nals[0])}
		if i%47 == 0 {
			bodies = append([][]byte{soundBody([]byte{0x11, 0x90})}, bodies...)
		}
		return bodies
	}, repairs: ingest.Repairs{Configs: 1}},
	"the configuration comes as a frame alone": {
		headers: func(_ *testing.T, r reel) []note {
			return []note{{video, 0, avcHeader(r.header)}, {audio, 0, soundBody([]byte{0x11, 0x90})}}
		}, repairs: ingest.Repairs{Configs: 1}},
	"two frames in one message, in ADTS": {sound: twoByTwo(), repairs: ingest.Repairs{ADTS: 1}},
	"no AAC header": {silent: true,
		headers: func(_ *testing.T, r reel) []note { return []note{{video, 0, avcHeader(r.header)}} },
		drops:   ingest.Drops{NoAudioHeader: 1}},
	"an AAC header that is empty": {silent: true,
		headers: func(_ *testing.T, r reel) []note {
			return []note{{video, 0, avcHeader(r.header)}, {audio, 0, aacHeader(nil)}}
		},
		drops: ingest.Drops{NoAudioHeader: 1}, repairs: ingest.Repairs{BadHeaders: 1}},
	"quad, spelled out": {silent: true,
		headers: func(t *testing.T, r reel) []note {
			return []note{{video, 0, avcHeader(r.header)}, {audio, 0, aacHeader(unhex(t, "118004c4040021100d4c61766335392e33372e31303056e500"))}}
		}, drops: ingest.Drops{OddSound: 1}, why: "layout"},
	"960 samples": {silent: true,
		headers: func(_ *testing.T, r reel) []note {
			return []note{{video, 0, avcHeader(r.header)}, {audio, 0, aacHeader([]byte{0x11, 0x94})}}
		},
		drops: ingest.Drops{OddSound: 1}, why: "frame_length"},
	"AAC Main": {silent: true,
		headers: func(_ *testing.T, r reel) []note {
			return []note{{video, 0, avcHeader(r.header)}, {audio, 0, aacHeader([]byte{0x09, 0x90})}}
		},
		drops: ingest.Drops{OddSound: 1}, why: "profile"},
	"another configuration of the same sound": {headers: func(_ *testing.T, r reel) []note {
		return append(usualHeaders(nil, r), note{audio, 1000, aacHeader([]byte{0x11, 0x90})}, note{audio, 2000, aacHeader([]byte{0x11, 0x90, 0x56, 0xe5, 0x00, 0x00})})
	}},
	"an empty H.264 header, and the true one behind it": {headers: func(_ *testing.T, r reel) []note {
		return append([]note{{video, 0, avcHeader(nil)}}, usualHeaders(nil, r)...)
	}, repairs: ingest.Repairs{BadHeaders: 1}},
	"an empty H.264 header, and sets in key frames": {
		headers: func(_ *testing.T, r reel) []note {
			return []note{{video, 0, avcHeader(nil)}, {audio, 0, aacHeader(r.sound)}}
		},
		picture: func(t *testing.T, r reel, _ int, f frame) [][]byte {
			if !f.key {
				return [][]byte{pictureBody(false, lengths(4, f.nals...))}
			}
			return [][]byte{pictureBody(true, lengths(4, slices.Concat(r.sets(t), f.nals)...))}
		}, repairs: ingest.Repairs{BadHeaders: 1}},
	"an empty H.264 header, and Annex B, as ffmpeg without global headers": {
		headers: func(_ *testing.T, r reel) []note {
			return []note{{video, 0, avcHeader(nil)}, {audio, 0, aacHeader(r.sound)}}
		},
		picture: func(t *testing.T, r reel, _ int, f frame) [][]byte {
			if !f.key {
				return [][]byte{pictureBody(false, codes(f.nals...))}
			}
			return [][]byte{pictureBody(true, codes(slices.Concat(r.sets(t), f.nals)...))}
		}, repairs: ingest.Repairs{BadHeaders: 1, StartCodes: 1}},
	"a broken H.264 header in mid-stream": {headers: func(_ *testing.T, r reel) []note {
		return append(usualHeaders(nil, r), note{video, 1500, avcHeader([]byte{1, 2, 3})})
	}, repairs: ingest.Repairs{BadHeaders: 1}},
	"the header in other bytes: zeros behind, in its box, behind start codes": {headers: func(t *testing.T, r reel) []note {
		sets := r.sets(t)
		box := append(binary.BigEndian.AppendUint32(nil, uint32(len(r.header)+8)), "avcC"...)
		longer := slices.Concat(r.header[:6], []byte{0, byte(len(sets[0]) + 2)}, sets[0], []byte{0, 0}, []byte{1, 0, byte(len(sets[1]))}, sets[1])
		return append(usualHeaders(nil, r), note{video, 1000, avcHeader(append(box, r.header...))}, note{video, 1500, avcHeader(codes(sets...))},
			note{video, 2000, avcHeader(longer)}, note{video, 2500, avcHeader(slices.Concat(r.header, []byte{0xfd, 0xf8, 0xf8, 0}))})
	}},
	"lengths of two bytes": {headers: func(_ *testing.T, r reel) []note {
		h := slices.Clone(r.header)
		h[4] = 0xfd
		return []note{{video, 0, avcHeader(h)}, {audio, 0, aacHeader(r.sound)}}
	}, picture: func(_ *testing.T, _ reel, _ int, f frame) [][]byte {
		return [][]byte{pictureBody(f.key, lengths(2, f.nals...))}
	}},
	"each slice in its own message": {picture: func(_ *testing.T, _ reel, _ int, f frame) (out [][]byte) {
		for _, n := range f.nals {
			out = append(out, pictureBody(f.key, lengths(4, n)))
		}
		return out
	}, repairs: ingest.Repairs{Joined: 1}},
	"delimiter, captions, sets and slices, each in its own message": {caption: true, picture: func(t *testing.T, r reel, i int, f frame) (out [][]byte) {
		for _, n := range slices.Concat([][]byte{{9, 0xf0}, caption(i)}, r.sets(t), f.nals) {
			out = append(out, pictureBody(f.key, lengths(4, n)))
		}
		return out
	}, repairs: ingest.Repairs{Joined: 1}},
	"captions behind the slices": {caption: true, picture: func(_ *testing.T, _ reel, i int, f frame) [][]byte {
		return [][]byte{pictureBody(f.key, lengths(4, append(slices.Clone(f.nals), caption(i))...))}
	}},
	"captions and picture in one length, a start code between": {caption: true, picture: func(_ *testing.T, _ reel, i int, f frame) [][]byte {
		return [][]byte{pictureBody(f.key, lengths(4, bytes.TrimPrefix(codes(append([][]byte{caption(i)}, f.nals...)...), []byte{0, 0, 0, 1})))}
	}, repairs: ingest.Repairs{StartCodes: 1}},
	"delimiters between the slices, fillers, ends of sequence": {picture: func(_ *testing.T, _ reel, i int, f frame) [][]byte {
		nals := slices.Insert(slices.Clone(f.nals), 1, []byte{9, 0xf0})
		nals = append(nals, []byte{12, 0xff, 0xff, 0x80})
		bodies := [][]byte{pictureBody(f.key, lengths(4, nals...))}
		if i%25 == 24 {
			bodies = append(bodies, pictureBody(false, lengths(4, []byte{10}, []byte{11})))
		}
		return bodies
	}},
	"pictures whose lengths do not add up, now and then": {lost: 24, picture: func(_ *testing.T, _ reel, i int, f frame) [][]byte {
		b := pictureBody(f.key, lengths(4, f.nals...))
		if i%50 == 24 { // the last of a group: nothing is coded by it
			b = b[:len(b)-3]
		}
		return [][]byte{b}
	}, drops: ingest.Drops{BadPictures: 1}},
	"messages that make no sense": {picture: func(_ *testing.T, _ reel, i int, f frame) [][]byte {
		return [][]byte{{0x27, 9, 0, 0, 0, 1}, {0x17}, pictureBody(f.key, lengths(4, f.nals...))}
	}, drops: ingest.Drops{BadMessages: 1}},
}

// TestOddMedia sends each oddity through a real server into a broadcast, and reads it
// as viewers do. No rule is broken, ffmpeg decodes every picture as the encoder meant
// it, and only the oddity's own cause is counted.
func TestOddMedia(t *testing.T) {
	r := newReel(t, "320x192")
	meant := decoded(t, r.path)
	for name, o := range oddities {
		t.Run(name, func(t *testing.T) {
			stream, stats := o.send(t, r)
			path, breaks := viewed(t, stream)
			if o.breaks >= 0 && breaks != o.breaks {
				t.Errorf("%d discontinuities, want %d", breaks, o.breaks)
			}
			shown := decoded(t, path)
			want := meant
			if o.lost > 0 {
				want = slices.Clone(meant)
				for i := o.lost; i < len(want); i += 50 {
					want[i] = want[i-1] // a part ends here: the picture before is repeated
				}
			}
			if d := cmp.Diff(want, shown); d != "" {
				t.Errorf("other pictures than were sent: %s", d)
			}
			if loud := loudness(t, path) > -60; loud == o.silent {
				t.Errorf("sound is heard: %v", loud)
			}
			if o.caption {
				media, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				captioned(t, media, len(meant))
			}
			if d := cmp.Diff(o.drops, ones(stats.Drops)); d != "" {
				t.Errorf("drops: %s", d)
			}
			if d := cmp.Diff(o.repairs, onesRepaired(stats.Repairs)); d != "" {
				t.Errorf("repairs: %s", d)
			}
			if stats.SoundRefused != o.why || stats.Jumps+stats.Clamped != 0 {
				t.Errorf("%+v", stats)
			}
		})
	}
}

// twoByTwo sends every second frame together with the one before it.
func twoByTwo() func(i int, f frame) [][]byte {
	var first []byte
	return func(i int, f frame) [][]byte {
		if i%2 == 0 {
			first = adtsOf(f.nals[0], 2)
			return nil
		}
		return [][]byte{soundBody(append(first, adtsOf(f.nals[0], 2)...))}
	}
}

// TestNewSizeInKeyFramesAlone: an encoder changes the size of its pictures, and says so
// only in the parameter sets of its key frames. Viewers get one DISCONTINUITY, and the
// multivariant playlist names the new size.
func TestNewSizeInKeyFramesAlone(t *testing.T) {
	small, large := newReel(t, "320x192"), newReel(t, "640x384")
	whole := small
	for _, f := range large.pictures {
		if f.key {
			f.nals = slices.Concat(large.sets(t), f.nals)
		}
		f.ms += 4000
		whole.pictures = append(whole.pictures[:len(whole.pictures):len(whole.pictures)], f)
	}
	for _, f := range large.sounds {
		f.ms += 4000
		whole.sounds = append(whole.sounds[:len(whole.sounds):len(whole.sounds)], f)
	}
	stream, stats := oddity{}.send(t, whole)
	_, breaks := viewed(t, stream)
	master := fetch(t, stream, "index.m3u8")
	if breaks != 1 || !strings.Contains(master, "RESOLUTION=640x384") || !strings.Contains(master, `CODECS="avc1.42c0`) {
		t.Errorf("%d discontinuities\n%s", breaks, master)
	}
	if stats.Headers != 1 || stats.Dropped() != 0 || stats.Repairs != (ingest.Repairs{}) {
		t.Errorf("%+v", stats)
	}
}

// TestChannelsChange: mono becomes stereo. A header says so, or only ADTS. Viewers get
// one DISCONTINUITY.
func TestChannelsChange(t *testing.T) {
	r := newReel(t, "320x192")
	for name, o := range map[string]oddity{
		"by a header": {headers: func(_ *testing.T, r reel) []note {
			return []note{{video, 0, avcHeader(r.header)}, {audio, 0, aacHeader([]byte{0x11, 0x88})}, {audio, 2000, aacHeader(r.sound)}}
		}, sound: func(i int, f frame) [][]byte {
			if f.ms < 2000 {
				return [][]byte{soundBody([]byte{0x01, 0x18, 0x20, 0x07})}
			}
			return [][]byte{soundBody(f.nals[0])}
		}},
		"by ADTS": {headers: func(_ *testing.T, r reel) []note {
			return []note{{video, 0, avcHeader(r.header)}, {audio, 0, aacHeader([]byte{0x11, 0x88})}}
		}, sound: func(i int, f frame) [][]byte {
			if f.ms < 2000 {
				return [][]byte{soundBody(adtsOf([]byte{0x01, 0x18, 0x20, 0x07}, 1))}
			}
			return [][]byte{soundBody(adtsOf(f.nals[0], 2))}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			stream, stats := o.send(t, r)
			if _, breaks := viewed(t, stream); breaks != 1 {
				t.Errorf("%d discontinuities", breaks)
			}
			if d := stats.Drops; d.Dropped() != d.NoKey || d.NoKey > 25 {
				t.Errorf("%+v", stats)
			}
		})
	}
}
