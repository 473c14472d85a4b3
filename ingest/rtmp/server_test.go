package rtmp

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOBS replays what OBS 29 sends: chunk size 4096 before connect, three
// commands without waiting, audio and video on one chunk stream.
func TestOBS(t *testing.T) {
	h := serve(t, Options{}, nil)
	p := h.dial(t)

	url := "rtmp://127.0.0.1/live"
	p.raw(p.chunkSize(4096))
	p.raw(p.call(0, "connect", 1., object{"app", "live", "type", "nonprivate",
		"flashVer", "FMLE/3.0 (compatible; FMSc/1.0)", "swfUrl", url, "tcUrl", url, "supportsGoAway", true}))
	want := []string{
		"chunk size 65536",
		"window 2500000",
		"bandwidth 2500000 type 2",
		"user control 000000000000",
		"on 0: _result 1 {fmsVer: FMS/3,0,1,123, capabilities: 31, mode: 1} {level: status, code: NetConnection.Connect.Success, description: Connection succeeded., data: {version: 3,0,1,123}}",
	}
	if d := cmp.Diff(want, p.until("_result 1 ")); d != "" {
		t.Errorf("connect: %s", d)
	}

	p.raw(slices.Concat(p.call(0, "releaseStream", 2., nil, goodKey), p.call(0, "FCPublish", 3., nil, goodKey), p.call(0, "createStream", 4., nil)))
	want = []string{
		"on 0: _result 2 null",
		"on 0: _result 3 null",
		"on 0: onFCPublish 0 null {level: status, code: NetStream.Publish.Start, description: FCPublish succeeded.}",
		"on 0: _result 4 null 1",
	}
	if d := cmp.Diff(want, p.until("_result 4 ")); d != "" {
		t.Errorf("createStream: %s", d)
	}

	p.raw(p.call(1, "publish", 5., nil, goodKey, "live"))
	got := p.until("onStatus")
	want = []string{"user control 000000000001"}
	if d := cmp.Diff(want, got[:len(got)-1]); d != "" {
		t.Errorf("publish: %s", d)
	}
	if last := got[len(got)-1]; !strings.HasPrefix(last, "on 1: onStatus 0 null {") || !strings.Contains(last, "level: status") || !strings.Contains(last, "code: NetStream.Publish.Start") {
		t.Errorf("publish: %s", last)
	}
	sink, req := h.sink(t)
	if req.Key != goodKey || req.Protocol != "rtmp" || req.Encoder != "FMLE/3.0 (compatible; FMSc/1.0)" || !req.Remote.Addr().IsLoopback() {
		t.Errorf("request: %+v", req)
	}

	p.raw(p.message(4, 18, 1, 0, append(amf("@setDataFrame"), unhex(t, metaBoth)...)))
	p.raw(slices.Concat(p.media(audio, 0, aac44), p.media(video, 0, avc720), p.media(video, 0, idr), p.media(audio, 0, sound),
		p.media(audio, 23, sound), p.media(video, 33, pic), p.media(video, 66, pic), p.media(video, 100, pic)))
	p.raw(slices.Concat(p.call(0, "FCUnpublish", 6., nil, goodKey), p.call(0, "deleteStream", 7., nil, 1.)))
	lines := sink.await(t, "close")
	want = []string{
		"tracks " + line720 + " " + line44,
		"unit 0 dts=0 " + idrLine, "unit 1 dts=0 " + sndLine, "unit 1 dts=2070 " + sndLine,
		"unit 0 dts=2970 " + picLine, "unit 0 dts=5940 " + picLine, "unit 0 dts=9000 " + picLine,
		"close unpublished",
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Errorf("media: %s", d)
	}
	_ = p.conn.Close()
	h.stop()
	if d := cmp.Diff(strings.Join(want, "\n"), sink.text()); d != "" {
		t.Errorf("after the connection's end: %s", d)
	}
}

// TestEncoderHabits replays what other encoders do differently.
func TestEncoderHabits(t *testing.T) {
	for _, tc := range []struct {
		name, app, key string
		before, after  func(p *peer) []byte // around publish
		end            string
	}{
		{"slash behind the application", "live/", goodKey, nil, nil, "lost"},
		{"parameters behind both", "live?x=1", goodKey + "?token=a/b", nil, nil, "lost"},
		{"application in the name", "live", "live/" + goodKey + "?x", nil, nil, "lost"},
		{"unknown calls", "live", goodKey, func(p *peer) []byte {
			return slices.Concat(p.call(0, "_checkbw", 9., nil), p.call(0, "noAnswerWanted", 0., nil), p.call(0, "getSomething", 10., nil, object{"a", 1.}))
		}, nil, "lost"},
		{"closeStream", "live", goodKey, nil, func(p *peer) []byte { return p.call(1, "closeStream", 0., nil) }, "unpublished"},
		{"deleteStream alone", "live", goodKey, nil, func(p *peer) []byte { return p.call(0, "deleteStream", 0., nil, 1.) }, "unpublished"},
		{"deleteStream on the stream itself", "live", goodKey, nil, func(p *peer) []byte { return p.call(1, "deleteStream", 0., nil, 1.) }, "unpublished"},
		{"media behind the unpublish", "live", goodKey, nil, func(p *peer) []byte {
			return slices.Concat(p.call(0, "FCUnpublish", 0., nil, goodKey), p.media(video, 0, idr), p.call(0, "deleteStream", 0., nil, 1.), p.media(video, 0, idr))
		}, "unpublished"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := serve(t, Options{}, nil)
			p := h.dial(t)
			p.open(tc.app)
			if tc.before != nil {
				p.raw(tc.before(p))
			}
			p.raw(p.call(1, "publish", 3., nil, tc.key, "live"))
			answers := strings.Join(p.until("NetStream.Publish.Start"), "\n")
			if tc.before != nil && (!strings.Contains(answers, "_result 9 null") || !strings.Contains(answers, "_result 10 null") || strings.Contains(answers, "_result 0")) {
				t.Errorf("answers:\n%s", answers)
			}
			sink, _ := h.sink(t)
			if tc.after != nil {
				p.raw(tc.after(p))
				sink.await(t, "close")
			}
			_ = p.conn.Close()
			if lines := sink.await(t, "close"); !slices.Equal(lines, []string{"close " + tc.end}) {
				t.Errorf("%q, want one close %s", lines, tc.end)
			}
		})
	}
}

func TestPublishAgainOnOneConnection(t *testing.T) {
	h := serve(t, Options{}, nil)
	p := h.dial(t)
	p.publish(goodKey)
	first, _ := h.sink(t)
	p.raw(slices.Concat(p.call(0, "FCUnpublish", 4., nil, goodKey), p.call(0, "deleteStream", 5., nil, 1.), p.call(0, "createStream", 6., nil)))
	p.until("_result 6 ")
	p.raw(p.call(1, "publish", 7., nil, goodKey, "live"))
	p.until("NetStream.Publish.Start")
	second, _ := h.sink(t)
	p.raw(slices.Concat(p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(video, 33, pic)))
	second.await(t, "key")
	if first.text() != "close unpublished" {
		t.Errorf("the first publish: %s", first.text())
	}
}

func TestRefusals(t *testing.T) {
	const status = "on 1: onStatus 0 null {level: error, code: NetStream.Publish."
	for _, tc := range []struct {
		name, key string
		want      string
	}{
		{"wrong key", "wr0ng", status + "BadName, description: unknown stream key: ask your host for a new one}"},
		{"no key", "?x=1", status + "BadName, description: unknown stream key: none was given; put it into OBS → Settings → Stream → Stream Key}"},
		{"refused", "cl0sed", status + "Rejected, description: refused: the show is over}"},
		{"the server's own trouble", "br0ken", status + "Rejected, description: the server cannot take this stream now}"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := serve(t, Options{}, nil)
			p := h.dial(t)
			p.open("live")
			// Media right after publish must not prevent the answer.
			p.raw(slices.Concat(p.call(1, "publish", 3., nil, tc.key, "live"), p.media(video, 0, avc720), p.media(video, 0, idr), p.media(video, 33, pic)))
			if got := p.rest(); !slices.Equal(got, []string{tc.want}) {
				t.Errorf("%q", got)
			}
			h.stop()
			if len(h.sinks) != 0 {
				t.Error("there is a sink")
			}
		})
	}
}

func TestWrongApplication(t *testing.T) {
	for app, text := range map[string]string{
		"stream":          "unknown application: the server is rtmp://HOST/live",
		"":                "unknown application: the server is rtmp://HOST/live",
		"live/" + "wr0ng": "the server ends in /live: the stream key belongs into its own field",
	} {
		h := serve(t, Options{}, nil)
		p := h.dial(t)
		p.raw(p.call(0, "connect", 1., object{"app", app}))
		want := []string{
			"chunk size 65536",
			"on 0: onStatus 0 null {level: error, code: NetConnection.Connect.InvalidApp, description: " + text + "}",
			"on 0: _error 1 null {level: error, code: NetConnection.Connect.Rejected, description: " + text + "}",
		}
		if d := cmp.Diff(want, p.rest()); d != "" {
			t.Errorf("%q: %s", app, d)
		}
	}
}

func TestPlayIsRefused(t *testing.T) {
	h := serve(t, Options{}, nil)
	p := h.dial(t)
	p.open("live")
	p.raw(p.call(1, "play", 3., nil, "wr0ng", 0.))
	if got := p.rest(); len(got) != 1 || !strings.Contains(got[0], "NetStream.Play.Failed") {
		t.Errorf("%q", got)
	}
}

func TestUnsupportedCodecs(t *testing.T) {
	for _, tc := range []struct {
		name string
		k    kind
		body string
		want string
	}{
		{"HEVC", video, "9068766331" + "01", "HEVC (hvc1) video is not supported: choose x264 / H.264 in OBS → Settings → Output"},
		{"AV1", video, "9061763031" + "01", "AV1 (av01) video is not supported: choose x264 / H.264 in OBS → Settings → Output"},
		{"Opus", audio, "904f707573" + "01", "Opus audio is not supported: choose AAC in OBS → Settings → Output"},
		{"MP3", audio, "2faa", "MP3 audio is not supported: choose AAC in OBS → Settings → Output"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := serve(t, Options{}, nil)
			p := h.dial(t)
			p.publish(goodKey)
			sink, _ := h.sink(t)
			p.raw(p.media(tc.k, 0, tc.body))
			want := []string{"on 1: onStatus 0 null {level: error, code: NetStream.Publish.Rejected, description: " + tc.want + "}"}
			if d := cmp.Diff(want, p.rest()); d != "" {
				t.Error(d)
			}
			sink.await(t, "close lost")
			h.stop()
			if !strings.Contains(h.log.String(), tc.want) {
				t.Errorf("the log does not say why:\n%s", h.log)
			}
		})
	}
}

func TestFurtherTracksAreIgnored(t *testing.T) {
	h := serve(t, Options{}, nil)
	p := h.dial(t)
	p.publish(goodKey)
	sink, _ := h.sink(t)
	p.raw(slices.Concat(p.media(video, 0, avc720), p.media(audio, 0, aac44),
		p.media(audio, 0, "95"+"00"+"6d703461"+"01"+"1210"), p.media(audio, 0, "95"+"01"+"6d703461"+"01"+"aa"), p.media(video, 0, idr), p.media(video, 33, pic)))
	lines := sink.await(t, picLine)
	if d := cmp.Diff([]string{"tracks " + line720 + " " + line44, "unit 0 dts=0 " + idrLine, "unit 0 dts=2970 " + picLine}, lines); d != "" {
		t.Error(d)
	}
}
