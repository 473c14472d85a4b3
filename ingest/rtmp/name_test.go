package rtmp

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for _, tc := range []struct {
		f        func(string) string
		in, want string
	}{
		{appName, "live", "live"},
		{appName, "live/", "live"},
		{appName, "/live//", "live"},
		{appName, "live?token=x/y", "live"},
		{appName, "live/abc", "live/abc"},
		{appName, "Live", "Live"},
		{appName, "", ""},
		{streamKey, "abc", "abc"},
		{streamKey, "abc?token=x", "abc"},
		{streamKey, "live/abc", "abc"},
		{streamKey, "/live/abc?x=live/def", "abc"},
		{streamKey, " abc\r\n", "abc"},
		{streamKey, "other/abc", "other/abc"},
		{streamKey, "?x", ""},
		{streamKey, "", ""},
	} {
		if got := tc.f(tc.in); got != tc.want {
			t.Errorf("%q becomes %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestBounded(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"FMLE/3.0 (compatible; FMSc/1.0)", "FMLE/3.0 (compatible; FMSc/1.0)"},
		{"a\x1b[31m\n", "a\x1b[31m\n"},                     // made plain by whoever shows it
		{strings.Repeat("é", 20), strings.Repeat("é", 15)}, // 31 bytes end inside a letter
	} {
		if got := bounded(tc.in, 31); got != tc.want {
			t.Errorf("%q becomes %q, want %q", tc.in, got, tc.want)
		}
	}
}
