package check_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mediad/ingest"
	"mediad/packager/check"
	"mediad/packager/check/checktest"
	"mediad/packager/id3"
	"mediad/packager/mpegts"
)

const packetSize = checktest.PacketSize

// clip gives the parts of a good stream: H.264 with B-frames and AAC, two cues
// at its head.
func clip(t testing.TB) [][]byte {
	t.Helper()
	data, err := os.ReadFile("../mpegts/testdata/clip.ts")
	if err != nil {
		t.Fatal(err)
	}
	parts := check.Parts(data)
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	return parts
}

func TestGoodStream(t *testing.T) {
	parts := clip(t)
	var c check.TS
	for range 2 {
		for i, p := range parts {
			if v := c.Part(p); len(v) > 0 {
				t.Errorf("part %d: %v", i, v)
			}
			if i == 0 {
				want := check.Span{Units: 13, Frames: 13, FirstDTS: 900000, LastDTS: 943200, MinPTS: 907200, MaxPTS: 950400, Key: true, Keys: 1}
				if got := c.Video(); got != want {
					t.Errorf("got %+v, want %+v", got, want)
				}
				if got := c.Audio(); got.Units != 5 || got.Frames != 20 || got.FirstDTS != 905130 {
					t.Errorf("audio %+v", got)
				}
				if got := c.Cues(); len(got) != 2 || got[0].PTS != 907200 || got[1].PTS != 907201 ||
					string(got[0].JSON) != `{"v":1,"kind":"custom","seq":1,"title":"玉米 🌽"}` {
					t.Errorf("cues %v", got)
				}
			}
		}
		c.Discontinuity() // the same again, which is legal then
	}
	for _, p := range parts {
		c.Part(p)
	}
	if v := c.Part(parts[0]); len(v) == 0 {
		t.Error("a repeated part is not noticed")
	}
}

// packets is a part into which tests put violations.
type packets [][]byte

func (p packets) find(pid int, start bool, n int) int {
	for i, b := range p {
		if int(b[1]&0x1f)<<8|int(b[2]) == pid && (!start || b[1]&0x40 != 0) {
			if n == 0 {
				return i
			}
			n--
		}
	}
	panic("no such packet")
}

// pes gives the first payload of a PES packet.
func (p packets) pes(pid, n int) []byte { return checktest.Payload(p[p.find(pid, true, n)]) }

// section changes a table and sets its CRC right.
func (p packets) section(i int, change func(s []byte) []byte) packets {
	p[i] = checktest.Section(p[i], change)
	return p
}

// replace changes bytes wherever they stand in a part, length kept.
func (p packets) replace(from, to string) packets {
	f, _ := hex.DecodeString(strings.ReplaceAll(from, " ", ""))
	to2, _ := hex.DecodeString(strings.ReplaceAll(to, " ", ""))
	all := bytes.Join(p, nil)
	if !bytes.Contains(all, f) || len(f) != len(to2) {
		panic("nothing to replace")
	}
	return slices.Collect(slices.Chunk(bytes.ReplaceAll(all, f, to2), packetSize))
}

const (
	video, audio, meta, pmt = 0x100, 0x101, 0x102, 0x1000
)

// planted are violations, each put into one part of the good stream, and the
// rules that must be found broken there and no others.
var planted = []struct {
	name  string
	part  int
	plant func(p packets) packets
	want  string
}{
	{"bytes at the end", 0, func(p packets) packets { return append(p, []byte{0x47, 1}) }, "B1.1"},
	{"empty", 2, func(packets) packets { return nil }, "B1.1"},
	{"sync byte", 2, func(p packets) packets { p[len(p)-1][0] = 0x48; return p }, "13818-1 2.4.3.2 B1.5"},
	{"transport error", 0, func(p packets) packets { p[5][1] |= 0x80; return p }, "13818-1 2.4.3.2"},
	{"scrambled", 0, func(p packets) packets { p[5][3] |= 0x80; return p }, "13818-1 2.4.3.2"},
	{"adaptation field of 183 and payload", 0, func(p packets) packets { p[p.find(meta, true, 1)][4] = 183; return p }, "13818-1 2.4.3.4"},
	{"stuffing", 0, func(p packets) packets { p[p.find(meta, true, 1)][7] = 0; return p }, "13818-1 2.4.3.4"},
	{"no PAT", 1, func(p packets) packets { return p[1:] }, "B1.1 B1.1b B6.11"},
	{"no PMT", 1, func(p packets) packets { return slices.Delete(p, 1, 2) }, "B1.1 B1.1b B6.11"},
	{"PMT third", 1, func(p packets) packets { p[1], p[2] = p[2], p[1]; return p }, "B1.1b B1.5 B6.11 G.1"},
	{"PAT CRC", 0, func(p packets) packets { p[0][20] ^= 1; return p }, "13818-1 2.4.4 B1.1 B1.1b B6.11"},
	{"PMT CRC", 0, func(p packets) packets { p[1][66] ^= 1; return p }, "13818-1 2.4.4 B1.1 B6.11"},
	{"network PID first", 0, func(p packets) packets {
		return p.section(0, func(s []byte) []byte { return slices.Insert(s, 8, 0, 0, 0xE0, 0x10) })
	}, "B1.1 B1.1b B1.2 B6.11"},
	{"second program", 0, func(p packets) packets {
		return p.section(0, func(s []byte) []byte { return append(s, 0, 2, 0xF1, 0) })
	}, "B1.2"},
	{"PMT over two packets", 0, func(p packets) packets { p[1][6], p[1][7] = 0xB0, 0xF0; return p }, "B1.1 B1.3 B6.11"},
	{"PMT not current", 0, func(p packets) packets {
		return p.section(1, func(s []byte) []byte { s[5] &^= 1; return s })
	}, "13818-1 2.4.4 B1.1 B6.11"},
	{"stream loop", 0, func(p packets) packets {
		return p.section(1, func(s []byte) []byte { s[len(s)-16] = 0x40; return s })
	}, "13818-1 2.4.4.8 B1.1 B6.11"},
	{"PMT version", 1, func(p packets) packets {
		return p.section(1, func(s []byte) []byte { s[5] = 0xC3; return s })
	}, "B1.4"},
	{"undeclared PID", 0, func(p packets) packets {
		return append(p, append([]byte{0x47, 0x41, 0x23, 0x10}, make([]byte, 184)...))
	}, "B6.11"},
	{"PID twice", 0, func(p packets) packets {
		return p.section(1, func(s []byte) []byte { return append(s, 0x0F, 0xE1, 0x01, 0xF0, 0x00) })
	}, "B1.4 B1.6"},
	{"stream type", 0, func(p packets) packets {
		return p.section(1, func(s []byte) []byte { return append(s, 0x06, 0xE1, 0x03, 0xF0, 0x00) })
	}, "B1.6"},
	{"no ID3 declared", 1, func(p packets) packets {
		return p.section(1, func(s []byte) []byte { return s[:len(s)-20] })
	}, "B1.4 B1.4b"},
	{"PCR PID", 1, func(p packets) packets {
		return p.section(1, func(s []byte) []byte { s[9] = 1; return s })
	}, "B1.4 B1.6 B1.9"},
	{"no pointer descriptor", 0, func(p packets) packets {
		return p.section(1, func(s []byte) []byte { s[11] = 0; return slices.Delete(s, 12, 29) })
	}, "B2"},
	{"pointer to another program", 0, func(p packets) packets {
		return p.section(1, func(s []byte) []byte { s[28] = 2; return s })
	}, "B2"},
	{"metadata descriptor", 0, func(p packets) packets {
		return p.section(1, func(s []byte) []byte { s[len(s)-2] = 1; return s })
	}, "B2"},
	{"lost packet", 0, func(p packets) packets { i := p.find(video, false, 5); return slices.Delete(p, i, i+1) }, "B1.13"},
	{"counter over the part's edge", 1, func(p packets) packets {
		for _, b := range p {
			if b[1]&0x1f == 1 && b[2] == 1 {
				b[3] = b[3]&0xf0 | (b[3]+1)&0x0f
			}
		}
		return p
	}, "B1.13"},
	{"PES goes on from before", 1, func(p packets) packets { p[p.find(video, true, 0)][1] &^= 0x40; return p }, "B1.5 G.1"},
	{"audio PES cut off", 2, func(p packets) packets { return p[:len(p)-1] }, "B1.5"},
	{"audio PES too long", 0, func(p packets) packets { p.pes(audio, 1)[5]--; return p }, "B1.5"},
	{"audio PES open", 0, func(p packets) packets { b := p.pes(audio, 1); b[4], b[5] = 0, 0; return p }, "B1.5"},
	{"no PES header", 0, func(p packets) packets { p.pes(audio, 1)[2] = 2; return p }, "13818-1 2.4.3.7"},
	{"PES flags", 0, func(p packets) packets { p.pes(audio, 1)[6] = 0x04; return p }, "13818-1 2.4.3.7"},
	{"PTS marker", 0, func(p packets) packets { p.pes(audio, 1)[9] &^= 1; return p }, "13818-1 2.4.3.7 B1.10"},
	{"no PTS", 0, func(p packets) packets { p.pes(audio, 1)[7] = 0; return p }, "B1.10"},
	{"PTS 0", 0, func(p packets) packets {
		checktest.SetTime(p.pes(video, 0)[9:], 0)
		checktest.SetTime(p.pes(video, 0)[14:], 1<<33-9000)
		return p
	}, "B1.10 B1.9"},
	{"DTS stands", 0, func(p packets) packets { checktest.SetTime(p.pes(video, 1)[14:], 900000); return p }, "B1.11"},
	{"DTS falls over the part's edge", 1, func(p packets) packets { checktest.SetTime(p.pes(video, 0)[14:], 943199); return p }, "B1.11"},
	{"PTS below DTS", 0, func(p packets) packets { checktest.SetTime(p.pes(video, 1)[9:], 903599); return p }, "B1.11"},
	{"PTS far from DTS", 1, func(p packets) packets { checktest.SetTime(p.pes(video, 1)[9:], 900000+61*90000); return p }, "B1.11"},
	{"audio overlaps", 0, func(p packets) packets { checktest.SetTime(p.pes(audio, 1)[9:], 905200); return p }, "B1.12"},
	{"no PCR at the start", 1, func(p packets) packets {
		b := p[p.find(video, true, 0)]
		b[5] &^= 0x10
		copy(b[6:12], "\xff\xff\xff\xff\xff\xff")
		return p
	}, "B1.9"},
	{"PCRs far apart", 0, func(p packets) packets {
		for n := 1; n < 3; n++ {
			b := p[p.find(video, true, n)]
			b[5] &^= 0x10
			copy(b[6:12], "\xff\xff\xff\xff\xff\xff")
		}
		return p
	}, "B1.9"},
	{"PCR stands", 0, func(p packets) packets { checktest.SetPCR(p[p.find(video, true, 1)], 837000); return p }, "B1.9"},
	{"PCR above DTS", 2, func(p packets) packets {
		for n, d := range []int64{8000, 16000, 24000, 32000, 40000} {
			checktest.SetPCR(p[p.find(video, true, n)], 920000+d*2)
		}
		return p
	}, "B1.9"},
	{"PCR on another PID", 0, func(p packets) packets {
		b := p[p.find(meta, true, 1)]
		b[5] |= 0x10
		return p
	}, "B1.9"},
	{"no delimiter", 0, func(p packets) packets { return p.replace("00000001 09F0", "00000001 06F0") }, "B1.7"},
	{"no picture", 2, func(p packets) packets {
		return slices.DeleteFunc(p, func(b []byte) bool { return int(b[1]&0x1f)<<8|int(b[2]) == video })
	}, "G.5"},
	{"filler", 0, func(p packets) packets { return p.replace("00000001 06", "00000001 0C") }, "B1.7"},
	{"AVCC", 1, func(p packets) packets { return p.replace("00000001 09F0", "00000002 09F0") }, "B1.7"},
	{"broken NAL unit", 0, func(p packets) packets { return p.replace("00000001 09F0", "00000001 89F0") }, "B1.7"},
	{"no SPS", 0, func(p packets) packets { return p.replace("00000001 67", "00000001 6F") }, "B1.7 G.1"},
	{"no PPS", 0, func(p packets) packets { return p.replace("00000001 68", "00000001 6F") }, "B1.7 G.1"},
	{"no SPS inside the GOP", 1, func(p packets) packets { return p.replace("00000001 67", "00000001 6F") }, "G.1"},
	{"two pictures", 1, func(p packets) packets { return p.replace("00000001 68", "00000001 09") }, "B1.5 G.1"},
	{"no slice", 2, func(p packets) packets { return p.replace("00000001 65", "00000001 6A") }, "B1.5 B1.8"},
	{"no random access", 0, func(p packets) packets { p[p.find(video, true, 0)][5] &^= 0x40; return p }, "B1.8"},
	{"random access without IDR", 0, func(p packets) packets { p[p.find(video, true, 1)][5] |= 0x40; return p }, "B1.8"},
	{"picture not aligned", 0, func(p packets) packets { p.pes(video, 1)[6] = 0x80; return p }, "B1.8"},
	{"video stream_id", 0, func(p packets) packets { p.pes(video, 1)[3] = 0xFD; return p }, "13818-1 2.4.3.7"},
	{"audio stream_id", 0, func(p packets) packets { p.pes(audio, 1)[3] = 0xBD; return p }, "13818-1 2.4.3.7"},
	{"ADTS sync", 0, func(p packets) packets { p.pes(audio, 1)[14] = 0xFE; return p }, "B1.5"},
	{"ADTS length", 0, func(p packets) packets { p.pes(audio, 1)[18]++; return p }, "B1.5"},
	{"ADTS rate reserved", 0, func(p packets) packets { p.pes(audio, 1)[16] |= 0x3C; return p }, "B1.5"},
	{"ADTS kinds mixed", 0, func(p packets) packets { p.pes(audio, 1)[17] ^= 0x40; return p }, "B1.5"},
	{"ADTS inside of ADTS", 0, func(p packets) packets {
		b := p.pes(audio, 1)
		copy(b[21:], []byte{0xFF, 0xF1, 0x50, 0x80, 0x10, 0x1F, 0xFC})
		return p
	}, "14496-3 4.4.2.1"},
	{"sound ends before it begins", 0, func(p packets) packets { p.pes(audio, 1)[21] = 0xE0; return p }, "14496-3 4.4.2.1"},
	{"ADTS changed", 1, func(p packets) packets { return p.replace("FFF150 80", "FFF14C 80") }, "14496-3 1.A.2"},
	{"ID3 stream_id", 0, func(p packets) packets { p.pes(meta, 0)[3] = 0xFC; return p }, "B3"},
	{"ID3 not aligned", 0, func(p packets) packets { p.pes(meta, 0)[6] = 0x80; return p }, "B3"},
	{"ID3 flags", 0, func(p packets) packets { p.pes(meta, 0)[7] |= 0x02; return p }, "B3"},
	{"ID3 version", 0, func(p packets) packets { return p.replace("494433 04", "494433 03") }, "B3"},
	{"cues fall", 0, func(p packets) packets { checktest.SetTime(p.pes(meta, 1)[9:], 907200); return p }, "B6.7"},
	{"cue before its part", 0, func(p packets) packets { checktest.SetTime(p.pes(meta, 0)[9:], 800000); return p }, "B6.1"},
	{"cue behind its part", 0, func(p packets) packets { checktest.SetTime(p.pes(meta, 1)[9:], 961200); return p }, "B6.1"},
	{"cue alone", 0, func(p packets) packets { return p[:4] }, "B6.10"},
	{"no JSON", 0, func(p packets) packets { return p.replace("7B2276223A31", "7B2276223B31") }, "B5"},
	{"no object", 0, func(p packets) packets { return p.replace("7B2276223A31", "202276223A31") }, "B5"},
}

func TestPlanted(t *testing.T) {
	for _, c := range planted {
		t.Run(c.name, func(t *testing.T) {
			var ts check.TS
			for i, part := range clip(t)[:c.part+1] {
				if i == c.part {
					p := packets(slices.Collect(slices.Chunk(slices.Clone(part), packetSize)))
					part = bytes.Join(c.plant(p), nil)
				}
				found := ts.Part(part)
				want := ""
				if i == c.part {
					want = c.want
				}
				if got := rules(found); got != want {
					t.Errorf("part %d: rules %q, want %q: %v", i, got, want, found)
				}
			}
		})
	}
}

// rules gives the broken rules, each once, in order.
func rules(found []check.Violation) string {
	var names []string
	for _, v := range found {
		names = append(names, v.Rule.String())
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

// TestCueText breaks the rules of tags and texts that the writer does not enforce.
func TestCueText(t *testing.T) {
	object := func(n int) string { return `{"a":"` + strings.Repeat("x", n-8) + `"}` }
	two := id3.AppendTXXX(nil, "mediad.cue", []byte(`{}`))
	two = append(two, two[10:]...)
	copy(two[len(two)-2-11:], "other.name")
	two[9] = byte(len(two) - 10)
	for _, c := range []struct {
		name string
		tag  []byte
		want string
	}{
		{"2048 bytes", id3.AppendTXXX(nil, "mediad.cue", []byte(object(2048))), ""},
		{"2049 bytes", id3.AppendTXXX(nil, "mediad.cue", []byte(object(2049))), "B5"},
		{"emoji", id3.AppendTXXX(nil, "mediad.cue", []byte(`{"title":"🌽 玉米"}`)), ""},
		{"list", id3.AppendTXXX(nil, "mediad.cue", []byte(`[1]`)), "B5"},
		{"not UTF-8", id3.AppendTXXX(nil, "mediad.cue", []byte("{\"a\":\"\xff\"}")), "B3"},
		{"description", id3.AppendTXXX(nil, "other", []byte(`{}`)), "B4"},
		{"two tags", append(id3.AppendTXXX(nil, "mediad.cue", []byte(`{}`)), id3.AppendTXXX(nil, "mediad.cue", []byte(`{}`))...), "B3"},
		{"two frames", two, "B4"},
		{"no tag", []byte("hello"), "B3"},
	} {
		w, err := mpegts.NewWriter([]ingest.Track{{Codec: ingest.AAC, SampleRate: 48000, Channels: 2, Config: []byte{0x11, 0x90}}})
		if err != nil {
			t.Fatal(err)
		}
		var buf bytes.Buffer
		for _, err := range []error{
			w.Begin(&buf), w.ID3(900000, c.tag),
			w.Unit(ingest.Unit{DTS: 900000, PTS: 900000, NALs: [][]byte{{1, 2, 3}}}), w.End(),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		var ts check.TS
		if found := ts.Part(buf.Bytes()); rules(found) != c.want {
			t.Errorf("%s: %v, want %q", c.name, found, c.want)
		}
		if cues, err := check.Cues(buf.Bytes()); (err == nil) != (c.want == "") {
			t.Errorf("%s: %v, %v", c.name, cues, err)
		}
	}
}

func TestCues(t *testing.T) {
	cues, err := check.Cues(bytes.Join(clip(t), nil))
	if err != nil || len(cues) != 2 || cues[1].PTS != 907201 {
		t.Errorf("%v, %v", cues, err)
	}
	if _, err := check.Cues([]byte("nothing")); err == nil {
		t.Error("cues of nothing")
	}
}

// TestInspect judges the texts that the golden text of a good stream does not have.
func TestInspect(t *testing.T) {
	parts := clip(t)
	parts[1][2*packetSize] = 0 // a lost sync byte
	var text bytes.Buffer
	if err := check.Inspect(&text, bytes.Join(parts, nil)); err != nil {
		t.Fatal(err)
	}
	at := "at byte " + strconv.Itoa(len(parts[0])+2*packetSize)
	if s := text.String(); !strings.Contains(s, "3 parts") || !strings.Contains(s, "13818-1 2.4.3.2 "+at) {
		t.Errorf("no violation %s in\n%s", at, s)
	}

	text.Reset()
	if err := check.Inspect(&text, bytes.Repeat([]byte{0x47, 1, 2, 3}, 47*100)); err != nil {
		t.Fatal(err)
	}
	if s := text.String(); !strings.Contains(s, "no PMT") {
		t.Errorf("garbage gave\n%s", s)
	}

	for name, do := range map[string]func(io.Writer, []byte) error{"Inspect": check.Inspect, "Dump": check.Dump} {
		for _, data := range []string{"", "G", "#EXTM3U\n" + strings.Repeat("x", 400)} {
			if err := do(&text, []byte(data)); err == nil || !strings.Contains(err.Error(), "not an MPEG-TS") {
				t.Errorf("%s of %.8q: %v", name, data, err)
			}
		}
		if err := do(broken{}, bytes.Join(parts, nil)); err == nil {
			t.Errorf("%s hides that it could not write", name)
		}
	}
}

// broken is a writer that fails.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("full") }

// FuzzTS shows that no data makes checker, dump or inspection panic.
func FuzzTS(f *testing.F) {
	parts := clip(f)
	f.Add(bytes.Join(parts, nil)[:40*packetSize])
	for _, c := range planted {
		p := packets(slices.Collect(slices.Chunk(slices.Clone(parts[c.part]), packetSize)))
		data := bytes.Join(c.plant(p), nil)
		f.Add(data[:min(len(data), 20*packetSize)])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var ts check.TS
		ts.Part(data)
		for _, p := range check.Parts(data) {
			ts.Part(p)
		}
		var text bytes.Buffer
		_ = check.Dump(&text, data)
		_ = check.Inspect(&text, data)
		_, _ = check.Cues(data)
	})
}

// Every rule of MPEG-TS has a planted violation.
func TestEveryTSRuleIsPlanted(t *testing.T) {
	found := map[string]bool{"B4": true} // in TestCueText
	for _, c := range planted {
		for _, name := range regexp.MustCompile(`[BG]\d?\.?\d+[a-z]?|1\d+-\d+ \S+`).FindAllString(c.want, -1) {
			found[name] = true
		}
	}
	for _, id := range check.Rules() {
		if id.OfTS() && !found[id.String()] {
			t.Errorf("%v is never planted: %s", id, id.Rule().Says)
		}
	}
}
