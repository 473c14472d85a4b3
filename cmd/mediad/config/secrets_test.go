package config

import (
	"fmt"
	"strings"
	"testing"

	"mediad/overlay"
)

// The configuration and the database accept the same stream keys: tested with each
// character of ASCII, and some others.
func TestStreamKeyIsTheOverlays(t *testing.T) {
	fit := 0
	for c := rune(0); c < 0x100; c++ {
		key := "aaaaaaaaaaaaaaaa" + string(c)
		err := Config{Rooms: []Room{{Slug: "a", StreamKey: key}}}.checkRooms()
		if want := overlay.CheckKey(key); (err == nil) != (want == nil) {
			t.Errorf("%q: the configuration says %v, the database %v", c, err, want)
		} else if err == nil {
			fit++
		} else if got := strings.TrimPrefix(err.Error(), "rooms[0].stream_key "); fmt.Sprintf("stream_key: %s", got) != want.Error() {
			t.Errorf("%q: the configuration says %q, the database %q", c, err, want)
		}
	}
	if fit != 26+26+10+11 {
		t.Errorf("%d characters are fit", fit)
	}
}

func TestSigningKey(t *testing.T) {
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	for text, ok := range map[string]bool{
		secret: true, strings.TrimPrefix(secret, "whsec_"): false, "whsec_": false, "whsec_c2hvcnQ=": false, "whsec_!" + secret: false,
		"whsec_" + strings.Repeat("AAAA", 22): false,
	} {
		if _, err := (Webhook{Secret: text}).SigningKey(); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}
