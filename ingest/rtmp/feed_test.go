package rtmp

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/ingest"
	"mediad/ingest/rtmp/flv"
)

// Message bodies. The parameter sets are x264's.
const (
	avc720        = "17000000000164001fffe1001a6764001facd9405005bb0110000003001000000303c0f183196001000668ebe3cb22c0fdf8f800"
	avc360        = "17000000000142c01effe100186742c01ed900a02ff9701100000303e90000ea600f162e4801000568cb83cb20"
	aac44         = "af001210"
	aac48         = "af001190"
	idr           = "1701000000" + "000000026588"
	pic           = "2701000000" + "00000002419a"
	idrMore       = "1701000000" + "00000002" + "6540" // not the first slice
	picMore       = "2701000000" + "00000002" + "4140"
	sound         = "af01" + "2110"
	line720       = "avc1.64001f 1280x720@30"
	line360       = "avc1.42c01e 640x360@29.97"
	line44        = "mp4a.40.2 44100/2"
	setsOnly      = "0000001a6764001facd9405005bb0110000003001000000303c0f1831960" + "0000000668ebe3cb22c0"
	idrLine       = "key 6588"
	picLine       = "419a"
	sndLine       = "2110"
	metaBoth      = "02000a6f6e4d65746144617461" + "0800000002" + "000c766964656f636f6465636964" + "00401c000000000000" + "000c617564696f636f6465636964" + "004024000000000000" + "000009"
	metaOnlyVideo = "02000a6f6e4d65746144617461" + "0800000002" + "000c766964656f636f6465636964" + "02000461766331" + "000c617564696f636f6465636964" + "05" + "000009"
	metaOnlyAudio = "02000a6f6e4d65746144617461" + "03" + "000c617564696f636f6465636964" + "004024000000000000" + "000009"
)

// play runs one publish: lines of "v|a MS BODY", "meta BODY", "wait DURATION",
// "lost" and "done".
func play(t *testing.T, script []string) (lines []string, err error) {
	t.Helper()
	s, now := newRecordingSink(), time.Unix(0, 0)
	f := newFeed(s, func() time.Time { return now })
	for _, line := range script {
		word := strings.Fields(line)
		switch word[0] {
		case "meta":
			f.metadata(unhex(t, word[1]))
		case "wait":
			d, perr := time.ParseDuration(word[1])
			if perr != nil {
				t.Fatal(perr)
			}
			now = now.Add(d)
		case "lost":
			f.close(ingest.Lost)
		case "done":
			f.close(ingest.Unpublished)
		default:
			k, parse := video, flv.ParseVideo
			if word[0] == "a" {
				k, parse = audio, flv.ParseAudio
			}
			var ms uint32
			for _, c := range word[1] {
				ms = ms*10 + uint32(c-'0')
			}
			body := unhex(t, word[2])
			p, perr := parse(body)
			if perr != nil {
				t.Fatal(perr)
			}
			err = f.message(k, ms, p)
			for i := range body { // the buffer is used again
				body[i] = 0xee
			}
			if err != nil {
				return s.lines, err
			}
		}
	}
	return s.lines, nil
}

var feedCases = []struct {
	name   string
	script []string
	want   []string
	err    string
}{
	{"both headers first, as OBS and ffmpeg do",
		[]string{"meta " + metaBoth, "v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "a 0 " + sound, "a 23 " + sound, "v 33 " + pic, "done"},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 1 dts=0 " + sndLine, "unit 1 dts=2070 " + sndLine, "unit 0 dts=2970 " + picLine, "close unpublished"}, ""},
	{"audio header late: units are kept and replayed in order",
		[]string{"v 0 " + avc720, "v 0 " + idr, "v 33 " + pic, "a 40 " + aac44, "a 40 " + sound},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine, "unit 1 dts=3600 " + sndLine}, ""},
	{"no audio: one second of media",
		[]string{"v 0 " + avc720, "v 0 " + idr, "v 999 " + pic, "v 1000 " + pic},
		[]string{"tracks " + line720, "unit 0 dts=0 " + idrLine, "unit 0 dts=89910 " + picLine, "unit 0 dts=90000 " + picLine}, ""},
	{"no audio: one second of waiting",
		[]string{"v 0 " + avc720, "v 0 " + idr, "wait 1s", "v 33 " + pic},
		[]string{"tracks " + line720, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine}, ""},
	{"no video: one second of media",
		[]string{"a 0 " + aac44, "a 0 " + sound, "a 1000 " + sound},
		[]string{"tracks " + line44, "unit 0 dts=0 " + sndLine, "unit 0 dts=90000 " + sndLine}, ""},
	{"metadata says that there is no audio",
		[]string{"meta " + metaOnlyVideo, "v 0 " + avc720, "v 0 " + idr, "v 33 " + pic},
		[]string{"tracks " + line720, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine}, ""},
	{"metadata says that there is no video",
		[]string{"meta " + metaOnlyAudio, "a 0 " + aac44, "a 0 " + sound},
		[]string{"tracks " + line44, "unit 0 dts=0 " + sndLine}, ""},
	{"pictures come seconds after sound, as the metadata have announced them: tracks are told once",
		[]string{"meta " + metaBoth, "a 0 " + aac44, "a 0 " + sound, "a 1500 " + sound, "wait 3s", "a 3000 " + sound, "v 3010 " + avc720, "a 3023 " + sound, "v 3033 " + idr, "wait 100ms", "a 3046 " + sound},
		[]string{"tracks " + line720 + " " + line44, "unit 1 dts=272070 " + sndLine, "unit 0 dts=272970 " + idrLine, "unit 1 dts=274140 " + sndLine}, ""},
	{"pictures are announced and do not come: five seconds of media",
		[]string{"meta " + metaBoth, "a 0 " + aac44, "a 4999 " + sound, "a 5000 " + sound},
		[]string{"tracks " + line44, "unit 0 dts=449910 " + sndLine, "unit 0 dts=450000 " + sndLine}, ""},
	{"pictures are announced and do not come: five seconds of waiting",
		[]string{"meta " + metaBoth, "a 0 " + aac44, "a 0 " + sound, "wait 5s", "a 23 " + sound},
		[]string{"tracks " + line44, "unit 0 dts=0 " + sndLine, "unit 0 dts=2070 " + sndLine}, ""},
	{"metadata lies: the track is announced when it comes, video from its key frame on",
		[]string{"meta " + metaOnlyVideo, "v 0 " + avc720, "v 0 " + idr, "a 10 " + aac44, "a 10 " + sound, "v 33 " + pic, "v 67 " + idr},
		[]string{"tracks " + line720, "unit 0 dts=0 " + idrLine, "tracks " + line720 + " " + line44, "unit 1 dts=900 " + sndLine, "unit 0 dts=6030 " + idrLine}, ""},
	{"nothing but frames without headers", []string{"v 0 " + idr, "a 0 " + sound, "wait 5s", "v 2000 " + idr, "lost"}, []string{"close lost"}, ""},
	{"pictures before the first key frame are dropped, sound is not",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + pic, "a 10 " + sound, "v 33 " + pic, "v 67 " + idr, "v 100 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 1 dts=900 " + sndLine, "unit 0 dts=6030 " + idrLine, "unit 0 dts=9000 " + picLine}, ""},
	{"an endless GOP, joined in its middle: the next picture after four seconds has to do",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + pic, "v 2000 " + pic, "v 3999 " + pic, "a 3999 " + sound, "v 4000 " + pic, "v 4033 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 1 dts=359910 " + sndLine, "unit 0 dts=360000 " + picLine, "unit 0 dts=362970 " + picLine}, ""},
	{"intra refresh: a recovery point is as good",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + pic, "v 33 " + "2701000000" + "00000005060601c480" + "00000002419a"},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=2970 060601c4,419a"}, ""},
	{"an open GOP: so is a picture of I slices",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + pic, "v 33 " + "2701000000" + "000000024188", "v 67 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=2970 4188", "unit 0 dts=6030 " + picLine}, ""},
	{"timestamps jump and no key frame comes: sound at once, pictures after four seconds",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 20000 " + pic, "a 20000 " + sound, "v 22000 " + pic, "v 24000 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "tracks " + line720 + " " + line44, "unit 1 dts=1800000 " + sndLine, "unit 0 dts=2160000 " + picLine}, ""},
	{"a key frame by name only is none",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + "1701000000" + "00000002419a", "v 33 " + idr},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=2970 " + idrLine}, ""},
	{"parameter sets alone are no picture; they go with the next",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + "1701000000" + setsOnly, "v 33 " + idr, "v 67 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=2970 key 6764001f,68ebe3cb,6588", "unit 0 dts=6030 " + picLine}, ""},
	{"composition times of both signs",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 100 " + "1701000042" + "000000026588", "v 133 " + "2701ffffdf" + "00000002419a"},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=9000 pts=14940 " + idrLine, "unit 0 dts=11970 pts=9000 " + picLine}, ""},
	{"headers repeated byte by byte",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 33 " + avc720, "a 33 " + aac44, "v 33 " + pic, "a 33 " + sound},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine, "unit 1 dts=2970 " + sndLine}, ""},
	{"another picture size: announced with its first key frame",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 33 " + avc360, "a 33 " + sound, "v 33 " + pic, "v 67 " + idr, "v 100 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 1 dts=2970 " + sndLine, "tracks " + line360 + " " + line44, "unit 0 dts=6030 " + idrLine, "unit 0 dts=9000 " + picLine}, ""},
	{"another sound: announced at once",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "a 10 " + aac48, "v 33 " + pic, "a 40 " + sound, "v 67 " + pic, "v 100 " + idr},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine, "tracks " + line720 + " mp4a.40.2 48000/2", "unit 1 dts=3600 " + sndLine, "unit 0 dts=9000 " + idrLine}, ""},
	{"a header that changes while units are kept",
		[]string{"v 0 " + avc720, "v 0 " + idr, "v 33 " + avc360, "v 33 " + idr, "a 40 " + aac44},
		[]string{"tracks " + line360 + " " + line44, "unit 0 dts=2970 " + idrLine}, ""},
	{"timestamps from 0 again: a break, and on with a key frame",
		[]string{"v 9000 " + avc720, "a 9000 " + aac44, "v 9000 " + idr, "v 0 " + pic, "a 0 " + sound, "v 33 " + idr},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=810000 " + idrLine, "tracks " + line720 + " " + line44, "unit 1 dts=0 " + sndLine, "unit 0 dts=2970 " + idrLine}, ""},
	{"a picture is handed on with its message, but for the first, which may go on",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "a 10 " + sound},
		[]string{"tracks " + line720 + " " + line44}, ""},
	{"the first waits for 100 ms, no longer",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "wait 99ms", "a 99 " + sound, "wait 1ms", "a 122 " + sound},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 1 dts=8910 " + sndLine, "unit 1 dts=10980 " + sndLine}, ""},
	{"from the second on none waits",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 33 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine}, ""},
	{"slices in messages of their own: each picture waits for the next, sound behind it too",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 0 " + idrMore, "v 0 " + idrMore, "a 10 " + sound, "v 33 " + pic, "v 33 " + picMore, "a 40 " + sound, "v 67 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 key 6588,6540,6540", "unit 1 dts=900 " + sndLine, "unit 0 dts=2970 419a,4140", "unit 1 dts=3600 " + sndLine}, ""},
	{"and none longer than 100 ms",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 0 " + idrMore, "v 33 " + pic, "v 33 " + picMore, "wait 100ms", "a 133 " + sound},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 key 6588,6540", "unit 0 dts=2970 419a,4140", "unit 1 dts=11970 " + sndLine}, ""},
	{"a slice that comes after its picture was handed on is left out, and the next picture waits",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 33 " + pic, "v 33 " + picMore, "v 67 " + pic, "v 67 " + picMore, "v 100 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine, "unit 0 dts=6030 419a,4140"}, ""},
	{"a later slice of another time is a picture: its beginning is lost",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 33 " + picMore, "v 67 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 4140", "unit 0 dts=6030 " + picLine}, ""},
	{"what is kept of a picture is written, also where the publisher is lost",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 0 " + idrMore, "lost"},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 key 6588,6540", "close lost"}, ""},
	{"a header that is empty, broken or cut off is skipped, whatever is on air",
		[]string{"v 0 1700000000", "a 0 af00", "v 0 17000000000064001fffe1", "v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 20 17000000000164", "a 20 af0012", "v 33 " + pic, "a 40 " + sound},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine, "unit 1 dts=3600 " + sndLine}, ""},
	{"sound that cannot be carried is no track; a better header brings it in",
		[]string{"v 0 " + avc720, "a 0 af000a10", "v 0 " + idr, "a 10 " + sound, "v 33 " + pic, "a 40 " + aac44, "a 40 " + sound, "v 67 " + idr},
		[]string{"tracks " + line720, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine, "tracks " + line720 + " " + line44, "unit 1 dts=3600 " + sndLine, "unit 0 dts=6030 " + idrLine}, ""},
	{"sound that becomes such is left out, and its track stays",
		[]string{"v 0 " + avc720, "a 0 " + aac44, "v 0 " + idr, "v 33 " + pic, "a 40 af000a10", "a 40 " + sound, "v 67 " + pic, "a 70 " + aac44, "a 70 " + sound},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine, "unit 0 dts=6030 " + picLine, "unit 1 dts=6300 " + sndLine}, ""},
	{"such sound alone is refused in words", []string{"a 0 af000a10", "a 4999 " + sound, "a 5000 " + sound}, nil, "choose AAC-LC"},
	{"nothing with a header is refused after ten seconds", []string{"v 0 " + idr, "v 9999 " + idr, "wait 10s", "v 9999 " + idr}, nil, "no sequence header"},
	{"timestamps wrap",
		[]string{"v 4294967290 " + avc720, "a 4294967290 " + aac44, "v 4294967290 " + idr, "v 27 " + pic},
		[]string{"tracks " + line720 + " " + line44, "unit 0 dts=386547056100 " + idrLine, "unit 0 dts=386547059070 " + picLine}, ""},
	{"done before the tracks are settled: what came is kept",
		[]string{"v 0 " + avc720, "v 0 " + idr, "done"},
		[]string{"tracks " + line720, "unit 0 dts=0 " + idrLine, "close unpublished"}, ""},
	{"lost before the tracks are settled", []string{"v 0 " + avc720, "v 0 " + idr, "lost"}, []string{"close lost"}, ""},
}

func TestFeed(t *testing.T) {
	for _, tc := range feedCases {
		t.Run(tc.name, func(t *testing.T) {
			got, err := play(t, tc.script)
			if tc.err == "" && err != nil || tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)) {
				t.Errorf("error %v, want %q", err, tc.err)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A track that comes after the tracks are settled changes them, and counts as a change.
// One that comes in time does not.
func TestLateTrackIsAChange(t *testing.T) {
	for wait, want := range map[time.Duration]uint64{0: 0, settle: 1} {
		now := time.Unix(0, 0)
		f := newFeed(newRecordingSink(), func() time.Time { return now })
		for _, body := range []string{aac44, sound, avc720} {
			k, parse := audio, flv.ParseAudio
			if body == avc720 {
				k, parse = video, flv.ParseVideo
			}
			p, err := parse(unhex(t, body))
			if err != nil {
				t.Fatal(err)
			}
			if err := f.message(k, 0, p); err != nil {
				t.Fatal(err)
			}
			now = now.Add(wait)
		}
		if got := f.account.counted().Headers; got != want {
			t.Errorf("the header of the pictures comes after %v: %d changes, want %d", wait, got, want)
		}
	}
}

func TestBacklogIsBounded(t *testing.T) {
	s := newRecordingSink()
	f := newFeed(s, time.Now)
	for _, body := range []string{avc720, idr} {
		p, err := flv.ParseVideo(unhex(t, body))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.message(video, 0, p); err != nil {
			t.Fatal(err)
		}
	}
	p, err := flv.ParseVideo(append(unhex(t, "2701000000"), append([]byte{0, 1, 0, 0}, make([]byte, 1<<16)...)...))
	if err != nil {
		t.Fatal(err)
	}
	p.Data[4] = 0x41
	for n := 1; !f.settled; n++ {
		if n > backlogBytes>>16 {
			t.Fatalf("%d bytes are kept", f.backlog.bytes)
		}
		if err := f.message(video, 0, p); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 * backlogBytes >> 16 { // a picture without end
		if f.backlog.bytes >= backlogBytes {
			t.Fatalf("%d bytes are kept", f.backlog.bytes)
		}
		if err := f.message(video, 0, p); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFeedDoesNotAllocate(t *testing.T) {
	f := newFeed(deafSink{}, time.Now)
	for _, m := range []struct {
		k    kind
		body string
	}{{video, avc720}, {audio, aac44}, {video, idr}} {
		parse := flv.ParseVideo
		if m.k == audio {
			parse = flv.ParseAudio
		}
		p, err := parse(unhex(t, m.body))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.message(m.k, 0, p); err != nil {
			t.Fatal(err)
		}
	}
	picture, sample, ts := unhex(t, pic), unhex(t, sound), uint32(0)
	allocs := testing.AllocsPerRun(200, func() {
		ts += 33
		v, verr := flv.ParseVideo(picture)
		a, aerr := flv.ParseAudio(sample)
		if verr != nil || aerr != nil || f.message(video, ts, v) != nil || f.message(audio, ts, a) != nil {
			t.Error("refused")
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations for a picture and a sound", allocs)
	}
}

type deafSink struct{}

func (deafSink) SetTracks([]ingest.Track) error { return nil }
func (deafSink) WriteUnit(ingest.Unit) error    { return nil }
func (deafSink) Close(ingest.End)               {}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
