package restream

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/push"
)

// TestQueue: what waits is bounded in time and in bytes, begins with a key frame, and is as
// new as it can be.
func TestQueue(t *testing.T) {
	picture := func(ms int64, key bool, size int) message {
		return message{kind: flv.Video, begins: key, ms: ms, at: time.UnixMilli(ms), body: make([]byte, size)}
	}
	for name, tc := range map[string]struct {
		size, gop int // bytes of a picture, pictures from key frame to key frame; one each 100 ms
		first     int64
		bytes     int
		dropped   uint64
	}{
		"two seconds":         {1000, 5, 3000, 20_000, 30},
		"four megabytes":      {1 << 20, 2, 4600, 4 << 20, 46},
		"no key frame near":   {1000, 30, 3000, 20_000, 30},
		"a key frame too far": {1000, 1000, -1, 0, 50},
		"one is too large":    {5 << 20, 1, 4900, 5 << 20, 49},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQueue(0, 0)
			q.put(picture(0, true, 1))
			if _, _, ok := q.next(time.UnixMilli(0)); ok {
				t.Fatal("a closed queue takes messages")
			}
			q.take(true)
			q.put(picture(0, false, 1)) // nothing to begin with
			q.count()
			for i := range 50 {
				q.put(picture(int64(i)*100, i%tc.gop == 0, tc.size))
				if bytes, _ := q.figures(); bytes > max(maxBytes, tc.size) {
					t.Fatalf("%d bytes wait", bytes)
				}
			}
			bytes, dropped := q.figures()
			if bytes != tc.bytes || dropped != tc.dropped {
				t.Errorf("%d bytes wait and %d are dropped, want %d and %d", bytes, dropped, tc.bytes, tc.dropped)
			}
			m, _, ok := q.next(time.UnixMilli(1 << 40))
			if ok != (tc.first >= 0) || ok && (m.ms != tc.first || !m.begins) {
				t.Errorf("the first is at %d ms, begins: %t (%t), want %d", m.ms, m.begins, ok, tc.first)
			}
		})
	}
	q := newQueue(time.Second, 8_000_000)
	q.take(true)
	q.put(picture(0, true, 1000))
	if _, wait, ok := q.next(time.UnixMilli(400)); ok || wait != 600*time.Millisecond {
		t.Errorf("due in %v (%t)", wait, ok)
	}
	if _, _, ok := q.next(time.UnixMilli(1000)); !ok {
		t.Error("it is due, and does not come")
	}
}

// TestClock: one time, whatever publishers' clocks do.
func TestClock(t *testing.T) {
	start := time.Unix(1000, 0)
	var c clock
	for i, s := range []struct {
		track int
		dts   int64 // ms, on the publisher's clock
		at    int64 // ms, of arrival
		fresh bool
		want  int64 // ms
	}{
		{0, 90_000, 0, true, 0},
		{1, 90_005, 5, false, 5},
		{0, 90_033, 33, false, 33},
		{1, 89_990, 34, false, -10}, // sound is a little behind
		{0, 95_033, 5033, false, 5033},
		{0, 50, 6033, true, 6033}, // another publisher, a second later
		{1, 60, 6040, false, 6043},
		{0, 50_000, 6066, false, 6069}, // its clock jumped ahead
		{1, 50_010, 6070, false, 6079},
		{0, 7, 6100, false, 6109}, // and back
		{1, 8, 6110, false, 6110},
		{0, 40, 6110, false, 6142},
	} {
		got := c.place(s.track, s.dts*ingest.Millisecond, start.Add(time.Duration(s.at)*time.Millisecond), s.fresh) / ingest.Millisecond
		if got != s.want {
			t.Errorf("unit %d is at %d ms, want %d", i, got, s.want)
		}
	}
}

func TestPause(t *testing.T) {
	for i, want := range []time.Duration{1, 1, 2, 5, 10, 30, 30} {
		if got := pause(i, false); got != want*time.Second {
			t.Errorf("after %d failures %v, want %d s", i, got, want)
		}
	}
	for i, want := range []time.Duration{30, 30, 60, 120, 300, 300} {
		if got := pause(i, true); got != want*time.Second {
			t.Errorf("after %d refusals %v, want %d s", i, got, want)
		}
	}
	for range 100 {
		if d := jittered(10 * time.Second); d < 8*time.Second || d > 12*time.Second {
			t.Errorf("10 s became %v", d)
		}
	}
}

// TestProblem: a server's words are told without the key, cut and cleaned.
func TestProblem(t *testing.T) {
	const key = "live_name?sign=s3cr3t&expire=99"
	refused := func(words string) error {
		return fmt.Errorf("%w: %w", push.ErrRefused, &push.StatusError{Code: "NetStream.Publish.BadName", Description: words})
	}
	for name, tc := range map[string]struct {
		err        error
		code, said string
	}{
		"the key":     {refused("no stream " + key + "!"), RefusedKey, "NetStream.Publish.BadName no stream …!"},
		"a part":      {refused("live_name: s3cr3t is over"), RefusedKey, "NetStream.Publish.BadName …: … is over"},
		"controls":    {refused("a\x1b[31m\r\n\u202eb\xff"), RefusedKey, "NetStream.Publish.BadName a [31m b"},
		"long":        {refused(strings.Repeat("玉", 500)), RefusedKey, "NetStream.Publish.BadName " + strings.Repeat("玉", 93) + "…"},
		"hung up":     {fmt.Errorf("%w: %w", push.ErrRefused, errors.New("server closed the connection")), RefusedKey, ""},
		"connect":     {&push.StatusError{Code: "NetConnection.Connect.Rejected"}, Refused, "NetConnection.Connect.Rejected"},
		"later":       {errors.New("server closed the connection"), HungUp, ""},
		"a long wait": {fmt.Errorf("write: %w", timeout{}), NoAnswer, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := problem(tc.err, key)
			if p.Code != tc.code || p.Said != tc.said || p.Text == "" {
				t.Errorf("%+v", p)
			}
		})
	}
}

type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

// FuzzClean: whatever a server says, what is told has no key, no control character, and no
// more than its length.
func FuzzClean(f *testing.F) {
	f.Add("no stream live_name here", "live_name?sign=s3cr3t")
	f.Add("\x1b[2J\u202e", "abcd")
	f.Fuzz(func(t *testing.T, said, key string) {
		got := clean(said, key)
		if n := len([]rune(got)); n > maxSaid {
			t.Fatalf("%d characters", n)
		}
		if len(key) >= 4 && !strings.Contains(key, "…") && !strings.ContainsAny(key, " \t\n") && strings.Contains(said, key) && strings.Contains(got, key) {
			t.Fatalf("%q has the key %q", got, key)
		}
		for _, r := range got {
			if r < ' ' || r == 0x7f {
				t.Fatalf("%q has a control character", got)
			}
		}
	})
}
