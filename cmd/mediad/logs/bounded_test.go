package logs

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

var begin = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

func say(t *testing.T, h slog.Handler, at time.Time, level slog.Level, message string, attrs ...slog.Attr) {
	t.Helper()
	r := slog.NewRecord(at, level, message, 0)
	r.AddAttrs(attrs...)
	if err := h.Handle(context.Background(), r); err != nil {
		t.Fatal(err)
	}
}

func TestFloodIsBounded(t *testing.T) {
	var out bytes.Buffer
	h := Bounded(slog.NewTextHandler(&out, nil))
	for i := range 10_000 { // ten seconds of a thousand each
		say(t, h.WithAttrs([]slog.Attr{slog.Int("peer", i)}), begin.Add(time.Duration(i)*time.Millisecond), slog.LevelError, "flood")
	}
	// A hundred, and two for each second; the second one of the last second has
	// not come yet.
	if n := strings.Count(out.String(), "msg=flood"); n != 119 {
		t.Errorf("%d lines of the flood were written", n)
	}
	say(t, h, begin.Add(10*time.Second), slog.LevelError, "something else")
	if !strings.Contains(out.String(), `msg="something else"`) {
		t.Error("a flood of one message silences another")
	}
	out.Reset()
	say(t, h, begin.Add(time.Minute), slog.LevelError, "flood")
	if !strings.Contains(out.String(), "left_out=") {
		t.Errorf("what was left out is not told: %s", out.String())
	}
	out.Reset()
	say(t, h, begin.Add(time.Minute), slog.LevelError, "flood")
	if strings.Contains(out.String(), "left_out=") {
		t.Errorf("it is told twice: %s", out.String())
	}
}

func TestAllThatIsLeftOutIsCounted(t *testing.T) {
	var out bytes.Buffer
	h := Bounded(slog.NewTextHandler(&out, nil))
	for range 1000 {
		say(t, h, begin, slog.LevelWarn, "x")
	}
	say(t, h, begin.Add(time.Second), slog.LevelWarn, "x")
	if !strings.Contains(out.String(), "left_out=900\n") {
		t.Error("the count is not 900")
	}
}

func TestWhatHostsDoPasses(t *testing.T) {
	var out bytes.Buffer
	h := Bounded(slog.NewTextHandler(&out, nil))
	for range 1000 {
		say(t, h, begin, slog.LevelInfo, "stream key revealed")
	}
	if n := strings.Count(out.String(), "revealed"); n != 1000 {
		t.Errorf("%d of 1000 lines", n)
	}
}

func TestMessagesWithoutEnd(t *testing.T) {
	var out bytes.Buffer
	b := Bounded(slog.NewTextHandler(&out, nil)).(handler)
	for i := range 5000 {
		say(t, b, begin, slog.LevelWarn, fmt.Sprint("message ", i))
	}
	if n := len(b.said.by); n > kept+1 {
		t.Errorf("%d messages are remembered", n)
	}
	if n := strings.Count(out.String(), "\n"); n != kept+burst {
		t.Errorf("%d lines, not %d", n, kept+burst)
	}
}

func TestClockThatGoesBack(t *testing.T) {
	var out bytes.Buffer
	h := Bounded(slog.NewTextHandler(&out, nil))
	for i := range 500 {
		say(t, h, begin.Add(-time.Duration(i)*time.Hour), slog.LevelWarn, "x")
	}
	if n := strings.Count(out.String(), "\n"); n != burst {
		t.Errorf("%d lines", n)
	}
}

func TestManyWrite(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(Bounded(slog.NewTextHandler(&out, nil)))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				log.With("a", 1).WithGroup("g").Error("x", "b", 2)
			}
		})
	}
	all.Wait()
	if n := strings.Count(out.String(), "\n"); n < burst || n > burst+20 {
		t.Errorf("%d lines", n)
	}
}
