package h264

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mediad/ingest/ingesttest"
)

const dated = "2026-11-21T12:00:03.591Z"

func TestReadPerformance(t *testing.T) {
	captions := []byte{0x04, 0x03, 0xb5, 0x00, 0x31}
	session := ingesttest.Counts(ingesttest.Times(ingesttest.SessionID, "\x04", dated), 120, 3, 7, 358)
	other := [16]byte{1}
	long := append([]byte(ingesttest.SessionID), 1, 2, 1)
	long = binary.BigEndian.AppendUint64(long, 1795262403591)
	long = append(long, 3, 2, 0, 0, 0, 0, 0, 0, 0, 9)
	for name, c := range map[string]struct {
		nal  []byte
		want Performance
		ok   bool
	}{
		"times of all events":            {ingesttest.SEI(ingesttest.Times(ingesttest.TimesID, "\x01", dated, "\x02", "2026-11-21T12:00:03.600Z", "\x03", "2026-11-21T12:00:03.602Z", "\x04", "2026-11-21T12:00:03.650Z")), Performance{Composed: dated}, true},
		"times as numbers":               {ingesttest.SEI(ingesttest.Counts(long, 120, 3)), Performance{Rendered: 120, Lagged: 3}, true},
		"the session":                    {ingesttest.SEI(session), Performance{Rendered: 120, Lagged: 3, Dropped: 7, Output: 358}, true},
		"a rendition":                    {ingesttest.SEI(ingesttest.Counts(ingesttest.Times(ingesttest.RenditionID, "\x04", dated), 120, 5, 115)), Performance{Input: 120, Skipped: 5}, true},
		"two messages":                   {ingesttest.SEI(session, ingesttest.Counts(ingesttest.Times(ingesttest.RenditionID, "\x04", dated), 60, 1, 59)), Performance{Rendered: 120, Lagged: 3, Dropped: 7, Output: 358, Input: 60, Skipped: 1}, true},
		"counts that nobody knows":       {ingesttest.SEI(ingesttest.Counts(ingesttest.Times(ingesttest.RenditionID, "\x04", dated), 60, 1, 59, 9, 9, 9)), Performance{Input: 60, Skipped: 1}, true},
		"no end of a date":               {ingesttest.SEI(append([]byte(ingesttest.TimesID), 0, 1, 1, '2', '0')), Performance{Composed: "20"}, true},
		"counts that are cut off":        {ingesttest.SEI(session[:len(session)-10]), Performance{Rendered: 120, Lagged: 3}, true},
		"a form of time nobody knows":    {ingesttest.SEI(append([]byte(ingesttest.TimesID), 0, 9, 1, 0)), Performance{}, true},
		"nothing behind the UUID":        {ingesttest.SEI([]byte(ingesttest.TimesID)), Performance{}, true},
		"much behind the UUID":           {ingesttest.SEI(append([]byte(ingesttest.TimesID), bytes.Repeat([]byte{0xff}, 1000)...)), Performance{}, true},
		"captions":                       {append(append([]byte{6}, captions...), 0x80), Performance{}, false},
		"captions behind it":             {append(append(ingesttest.SEI(session)[:len(ingesttest.SEI(session))-1], captions...), 0x80), Performance{}, false},
		"other user data":                {ingesttest.SEI(append(other[:], 1, 2, 3)), Performance{}, false},
		"a message that is cut off":      {ingesttest.SEI(session)[:40], Performance{}, false},
		"a size that is cut off":         {[]byte{6, 5, 255}, Performance{}, false},
		"a message too short for a UUID": {[]byte{6, 5, 1, 9, 0x80}, Performance{}, false},
		"nothing":                        {[]byte{6, 0x80}, Performance{}, false},
		"a slice":                        {append([]byte{0x41}, ingesttest.SEI(session)[1:]...), Performance{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := ReadPerformance(c.nal)
			if ok != c.ok {
				t.Fatalf("ok is %v", ok)
			}
			if diff := cmp.Diff(c.want, got); ok && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A recovery point is found behind a message whose bytes were changed to prevent a start code.
func TestMessageBehindPreventedStartCode(t *testing.T) {
	user := ingesttest.SEI(append(bytes.Repeat([]byte{0}, 15), 1))
	nal := append(user[:len(user)-1:len(user)-1], recoveryPoint, 1, 0x84, 0x80)
	if !hasMessage(nal, recoveryPoint) {
		t.Error("the recovery point was not found")
	}
	if hasMessage(nal[:len(nal)-2], recoveryPoint) {
		t.Error("a message that is cut off was found")
	}
}

// FuzzSEI: any bytes are read within their bounds.
func FuzzSEI(f *testing.F) {
	f.Add(ingesttest.SEI(ingesttest.Counts(ingesttest.Times(ingesttest.SessionID, "\x04", dated), 120, 3, 7, 358)))
	f.Add(ingesttest.SEI(ingesttest.Times(ingesttest.TimesID, "\x01", dated, "\x04", dated)))
	f.Add([]byte{6, 5, 255, 255, 255, 0})
	f.Fuzz(func(t *testing.T, nal []byte) {
		if len(nal) == 0 {
			return
		}
		_, ok := ReadPerformance(nal)
		if ok && TypeOf(nal) != SEI {
			t.Error("a unit that is no SEI was read")
		}
		if ok && !hasMessage(nal, unregistered) {
			t.Error("a unit was read as OBS's that has no user data")
		}
		hasMessage(nal, recoveryPoint)
	})
}

func BenchmarkReadPerformance(b *testing.B) {
	for name, nal := range map[string][]byte{
		"of OBS":  ingesttest.SEI(ingesttest.Counts(ingesttest.Times(ingesttest.SessionID, "\x04", dated), 120, 3, 7, 358)),
		"caption": append(append([]byte{6, 4, 60}, bytes.Repeat([]byte{0xb5}, 60)...), 0x80),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ReadPerformance(nal)
			}
		})
	}
}
