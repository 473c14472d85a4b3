package config

import (
	"slices"
	"testing"
	"time"
)

func TestChanged(t *testing.T) {
	a, b := Defaults(), Defaults()
	b.Rooms, b.HTTP.Listen, b.RTMP.Ban.For = []Room{{Slug: "x"}}, ":1", time.Hour
	if got := Changed(a, b); !slices.Equal(got, []string{"rtmp.ban.for", "http.listen", "rooms"}) {
		t.Errorf("%q", got)
	}
}
