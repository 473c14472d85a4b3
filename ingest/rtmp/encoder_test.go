package rtmp

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Message bodies of encoders that are not x264's.
const (
	// twoSets has two SPS and two PPS, as hardware boxes send that can switch
	// between two picture sizes.
	twoSets = "17000000000164001fffe2" +
		"001a" + "6764001facd9405005bb0110000003001000000303c0f1831960" +
		"0018" + "6742c01ed900a02ff9701100000303e90000ea600f162e48" +
		"02" + "0006" + "68ebe3cb22c0" + "0005" + "68cb83cb20"
	// filled is an IDR with delimiter, SEI and filler data around it.
	filled = "1701000000" + "0000000209f0" + "000000020605" + "000000026588" + "000000040cffff80"
	// inBand repeats the sets, without a delimiter, as most FLV does.
	inBand = "1701000000" + "0000001a6764001facd9405005bb0110000003001000000303c0f1831960" + "0000000668ebe3cb22c0" + "000000026588"
)

// step is one line of a transcript: what the encoder sends, and what the server's
// answer must contain before the encoder goes on. It does not wait where that is
// empty.
type step struct {
	send []byte
	hear string
}

// transcript is a session of one encoder, up to the end of its publish. The
// media in it are a header each, an IDR and a sound, unless body says other.
type transcript struct {
	encoder, quirk string
	steps          func(p *peer) []step
	want           []string // of the sink; nil: the usual
	encoderName    string
}

// usual is the calls that a Sink gets for the media below.
func usual(end string) []string {
	return []string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 1 dts=0 " + sndLine, "close " + end}
}

func (p *peer) show() []byte {
	return slices.Concat(p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(audio, 0, sound))
}

func (p *peer) connect(app, flash string, more ...any) []byte {
	return p.call(0, "connect", 1., append(object{"app", app, "type", "nonprivate", "flashVer", flash, "tcUrl", "rtmp://host/" + app}, more...))
}

// amf3 makes the AMF3 form of a command: type 17, a format byte of 0 in front.
func (p *peer) amf3(stream uint32, values ...any) []byte {
	return p.message(3, 17, stream, 0, append([]byte{0}, amf(values...)...))
}

// aggregate bundles FLV tags into one message of type 22 (RTMP1 7.1.6).
func (p *peer) aggregate(ts uint32, tags ...[]byte) []byte {
	return p.message(6, 22, 1, ts, slices.Concat(tags...))
}

func tag(t *testing.T, k kind, ts uint32, body string) []byte {
	b := unhex(t, body)
	typ := byte(9)
	if k == audio {
		typ = 8
	}
	out := []byte{typ, byte(len(b) >> 16), byte(len(b) >> 8), byte(len(b)), byte(ts >> 16), byte(ts >> 8), byte(ts), byte(ts >> 24), 0, 0, 0}
	return binary.BigEndian.AppendUint32(append(out, b...), uint32(11+len(b)))
}

// The sessions are written from the encoders' sources (OBS, librtmp, FFmpeg,
// GStreamer), from captures, and, for closed products, from reports about them;
// protocol reference C2.
var transcripts = []transcript{
	{"OBS 32", "three commands at once; FCUnpublish and deleteStream at the end", func(p *peer) []step {
		return []step{
			{p.chunkSize(4096), ""},
			{p.connect("live", "FMLE/3.0 (compatible; FMSc/1.0)", "swfUrl", "rtmp://host/live"), "Connect.Success"},
			{slices.Concat(p.call(0, "releaseStream", 2., nil, goodKey), p.call(0, "FCPublish", 3., nil, goodKey), p.call(0, "createStream", 4., nil)), "_result 4 "},
			{p.call(1, "publish", 5., nil, goodKey, "live"), "Publish.Start"},
			{p.message(4, 18, 1, 0, append(amf("@setDataFrame"), unhex(p.t, metaBoth)...)), ""},
			{p.show(), ""},
			{slices.Concat(p.call(0, "FCUnpublish", 6., nil, goodKey), p.call(0, "deleteStream", 7., nil, 1.)), ""},
		}
	}, nil, "FMLE/3.0 (compatible; FMSc/1.0)"},
	{"OBS 32", "multitrack: a configuration id behind the key", func(p *peer) []step {
		return []step{
			{p.chunkSize(4096), ""}, {p.connect("live", "FMLE/3.0"), "Connect.Success"}, {p.call(0, "createStream", 2., nil), "_result 2 "},
			{p.call(1, "publish", 3., nil, goodKey+"?clientConfigId=6f1a", "live"), "Publish.Start"},
			{p.show(), ""}, {p.call(0, "deleteStream", 4., nil, 1.), ""},
		}
	}, nil, "FMLE/3.0"},
	{"FFmpeg", "answers to releaseStream and FCPublish are not awaited; _checkbw; the key in the URL's path", func(p *peer) []step {
		return []step{
			{p.connect("live", "FMLE/3.0 (compatible; Lavf61.1.100)"), "Connect.Success"},
			{slices.Concat(p.call(0, "releaseStream", 2., nil, goodKey), p.call(0, "FCPublish", 3., nil, goodKey), p.call(0, "createStream", 4., nil), p.call(0, "_checkbw", 5., nil)), "_result 5 "},
			{p.call(1, "publish", 6., nil, goodKey, "live"), "Publish.Start"},
			{p.message(4, 18, 1, 0, append(amf("@setDataFrame"), unhex(p.t, metaBoth)...)), ""},
			{p.show(), ""},
			{slices.Concat(p.call(0, "FCUnpublish", 7., nil, goodKey), p.call(0, "deleteStream", 8., nil, 1.)), ""},
		}
	}, nil, "FMLE/3.0 (compatible; Lavf61.1.100)"},
	{"GStreamer rtmp2sink", "window size before connect; createStream before releaseStream and FCPublish; publish without waiting; data on the stream", func(p *peer) []step {
		return []step{
			{slices.Concat(p.message(2, 5, 0, 0, []byte{0, 0x26, 0x25, 0xa0}), p.connect("live", "LNX 10,0,32,18", "fpad", false, "capabilities", 15., "audioCodecs", 4071., "videoCodecs", 252., "videoFunction", 1.)), "Connect.Success"},
			{slices.Concat(p.call(0, "createStream", 2., nil), p.call(0, "releaseStream", 3., nil, goodKey), p.call(0, "FCPublish", 4., nil, goodKey)), "_result 2 "},
			{p.call(1, "publish", 5., nil, goodKey, "live"), "Publish.Start"},
			{p.message(4, 18, 1, 0, append(amf("@setDataFrame"), unhex(p.t, metaBoth)...)), ""},
			{p.show(), ""},
			{slices.Concat(p.call(0, "FCUnpublish", 0., nil, goodKey), p.call(0, "deleteStream", 0., nil, 1.)), ""},
		}
	}, nil, "LNX 10,0,32,18"},
	{"vMix", "no releaseStream, no FCPublish; no FCUnpublish: only deleteStream", func(p *peer) []step {
		return []step{
			{p.connect("live/", "FMLE/3.0 (compatible; FMSc/1.0)"), "Connect.Success"}, {p.call(0, "createStream", 2., nil), "_result 2 "},
			{p.call(1, "publish", 0., nil, goodKey, "live"), "Publish.Start"},
			{p.show(), ""}, {p.call(0, "deleteStream", 0., nil, 1.), ""},
		}
	}, nil, "FMLE/3.0 (compatible; FMSc/1.0)"},
	{"Larix", "waits for onFCPublish; parameters in application and name; leaves without a word", func(p *peer) []step {
		return []step{
			{p.connect("live?token=a/b", "FMLE/3.0 (compatible; Larix/1.3)"), "Connect.Success"},
			{p.call(0, "FCPublish", 2., nil, goodKey+"?x=1"), "onFCPublish"},
			{p.call(0, "createStream", 3., nil), "_result 3 "},
			{p.call(1, "publish", 4., nil, goodKey+"?x=1&y=/z", "live"), "Publish.Start"},
			{p.show(), ""}, {nil, "close"},
		}
	}, usual("lost"), "FMLE/3.0 (compatible; Larix/1.3)"},
	{"Wirecast", "FCPublish after createStream; closeStream on the stream", func(p *peer) []step {
		return []step{
			{p.connect("live", "FM/2.5 (compatible; FMSc/1.0)", "objectEncoding", 0.), "Connect.Success"},
			{p.call(0, "createStream", 2., nil), "_result 2 "}, {p.call(0, "FCPublish", 3., nil, goodKey), "onFCPublish"},
			{p.call(1, "publish", 4., nil, goodKey, "live"), "Publish.Start"},
			{p.show(), ""}, {p.call(1, "closeStream", 0., nil), ""},
		}
	}, nil, "FM/2.5 (compatible; FMSc/1.0)"},
	{"Flash Media Live Encoder", "AMF3: commands of type 17, and objectEncoding 3", func(p *peer) []step {
		return []step{
			{p.connect("live", "WIN 32,0,0,114", "objectEncoding", 3.), "Connect.Success"},
			{p.amf3(0, "createStream", 2., nil), "_result 2 "},
			{p.amf3(1, "publish", 3., nil, goodKey, "live"), "Publish.Start"},
			{p.message(4, 15, 1, 0, append([]byte{0}, append(amf("@setDataFrame"), unhex(p.t, metaBoth)...)...)), ""},
			{p.show(), ""}, {p.amf3(0, "deleteStream", 4., nil, 1.), ""},
		}
	}, nil, "WIN 32,0,0,114"},
	{"hardware box", "the application in front of the key, and a slash behind it", func(p *peer) []step {
		return []step{
			{p.connect("/live/", "HW/1.0"), "Connect.Success"}, {p.call(0, "createStream", 2., nil), "_result 2 "},
			{p.call(1, "publish", 3., nil, "/live/"+goodKey+"/", "live"), "Publish.Start"},
			{p.show(), ""}, {p.call(0, "FCUnpublish", 4., nil, goodKey), ""},
		}
	}, nil, "HW/1.0"},
	{"hardware box", "aggregate messages on a clock of their own", func(p *peer) []step {
		return []step{
			{p.connect("live", "HW/1.0"), "Connect.Success"}, {p.call(0, "createStream", 2., nil), "_result 2 "},
			{p.call(1, "publish", 3., nil, goodKey, "live"), "Publish.Start"},
			{p.aggregate(0, tag(p.t, video, 7000, avc720), tag(p.t, audio, 7000, aac44), tag(p.t, video, 7000, idr)), ""},
			{p.aggregate(23, tag(p.t, audio, 9023, sound), tag(p.t, video, 9033, pic)), ""},
			{p.call(0, "deleteStream", 4., nil, 1.), ""},
		}
	}, []string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 1 dts=2070 " + sndLine, "unit 0 dts=2970 " + picLine, "close unpublished"}, "HW/1.0"},
	{"hardware box", "several parameter sets in the header", func(p *peer) []step {
		return bare(p, p.media(video, 0, twoSets), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(audio, 0, sound))
	}, nil, "HW/1.0"},
	{"hardware box", "delimiter, SEI and filler around the picture stay for the packager to sort", func(p *peer) []step {
		return bare(p, p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, filled), p.media(audio, 0, sound))
	}, []string{"tracks " + line720 + " " + line44, "unit 0 dts=0 key 09f0,0605,6588,0cffff80", "unit 1 dts=0 " + sndLine, "close unpublished"}, "HW/1.0"},
	{"hardware box", "parameter sets before each key frame, no delimiter", func(p *peer) []step {
		return bare(p, p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, inBand), p.media(audio, 0, sound))
	}, []string{"tracks " + line720 + " " + line44, "unit 0 dts=0 key 6764001f,68ebe3cb,6588", "unit 1 dts=0 " + sndLine, "close unpublished"}, "HW/1.0"},
	{"hardware box", "headers again before each key frame", func(p *peer) []step {
		return bare(p, p.show(), p.media(video, 2000, avc720), p.media(audio, 2000, aac44), p.media(video, 2000, idr))
	}, []string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 1 dts=0 " + sndLine, "unit 0 dts=180000 " + idrLine, "close unpublished"}, "HW/1.0"},
	{"hardware box", "empty messages, and the end of a sequence", func(p *peer) []step {
		return bare(p, p.show(), p.message(4, 8, 1, 10, nil), p.message(4, 9, 1, 10, nil), p.media(audio, 10, "af01"), p.media(video, 20, "1702000000"))
	}, nil, "HW/1.0"},
	{"hardware box", "acknowledgements, pings and a buffer length in between", func(p *peer) []step {
		return bare(p, p.message(2, 3, 0, 0, []byte{0, 0, 1, 0}), p.message(2, 4, 0, 0, []byte{0, 3, 0, 0, 0, 1, 0, 0, 0x0b, 0xb8}),
			p.message(2, 4, 0, 0, []byte{0, 7, 0, 0, 0, 9}), p.message(2, 4, 0, 0, []byte{0, 31, 1}), p.show())
	}, nil, "HW/1.0"},
}

// bare is the shortest session around some media.
func bare(p *peer, media ...[]byte) []step {
	return []step{
		{p.connect("live", "HW/1.0"), "Connect.Success"}, {p.call(0, "createStream", 2., nil), "_result 2 "},
		{p.call(1, "publish", 3., nil, goodKey, "live"), "Publish.Start"},
		{slices.Concat(media...), ""}, {p.call(0, "deleteStream", 4., nil, 1.), ""},
	}
}

func TestTranscripts(t *testing.T) {
	for _, tc := range transcripts {
		t.Run(tc.encoder+": "+tc.quirk, func(t *testing.T) {
			h := serve(t, Options{}, nil)
			p := h.dial(t)
			for i, s := range tc.steps(p) {
				if s.send != nil {
					p.raw(s.send)
				}
				switch s.hear {
				case "":
				case "close":
					_ = p.conn.Close()
				default:
					for _, line := range p.until(s.hear) {
						if strings.Contains(line, "error") {
							t.Errorf("step %d: %s", i, line)
						}
					}
				}
			}
			sink, req := h.sink(t)
			want := tc.want
			if want == nil {
				want = usual("unpublished")
			}
			if d := cmp.Diff(want, sink.await(t, "close")); d != "" {
				t.Error(d)
			}
			if req.Key != goodKey || req.Encoder != tc.encoderName {
				t.Errorf("key %q, encoder %q", strings.ReplaceAll(req.Key, goodKey, "[key]"), req.Encoder)
			}
			if s := req.Stats(); s.Dropped()+s.Refused+s.Clamped+s.Jumps != 0 {
				t.Errorf("the encoder is blamed: %+v", s)
			}
		})
	}
}
