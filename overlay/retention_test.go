package overlay_test

import (
	"testing"
	"time"

	"mediad/overlay"
)

func TestRetention(t *testing.T) {
	for text, want := range map[string]overlay.Retention{
		"720h": {Set: true, For: 720 * time.Hour}, "90m30.5s": {Set: true, For: 90*time.Minute + 30*time.Second},
		"forever": {Set: true}, "0": {Set: true}, "default": {},
	} {
		got, err := overlay.ParseRetention(text)
		if err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
		if again, err := overlay.ParseRetention(got.String()); err != nil || again != got {
			t.Errorf("%s is written %q, which reads %v, %v", text, got, again, err)
		}
	}
	for _, text := range []string{"", "-1h", "59s", "1000000h", "30 days", "1h;"} {
		if got, err := overlay.ParseRetention(text); overlay.CodeOf(err) != overlay.Invalid {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for d, want := range map[time.Duration]string{
		time.Hour: "1h", 720 * time.Hour: "720h", 90 * time.Minute: "1h30m", 10 * time.Minute: "10m", time.Hour + time.Second: "1h0m1s",
	} {
		if got := (overlay.Retention{Set: true, For: d}).String(); got != want {
			t.Errorf("%v is written %s, not %s", d, got, want)
		}
	}
	end := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	day, ever, unset := overlay.Retention{Set: true, For: 24 * time.Hour}, overlay.Retention{Set: true}, overlay.Retention{}
	for _, c := range []struct {
		show, room, config overlay.Retention
		ended, want        time.Time
	}{
		{unset, unset, day, end, end.Add(24 * time.Hour)},
		{unset, ever, day, end, time.Time{}},
		{day, ever, ever, end, end.Add(24 * time.Hour)},
		{unset, unset, day, time.Time{}, time.Time{}},
	} {
		if got := c.show.Or(c.room).Or(c.config).Expiry(c.ended); !got.Equal(c.want) {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
