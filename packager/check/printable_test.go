package check

import "testing"

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		`{"title":"玉米 5kg"}`:              `{"title":"玉米 5kg"}`,
		"\x1b[2J\x00\tbell\a\r\n":         ".[2J..bell...",
		"C1: \u0085\u009b31m, DEL: \x7f.": "C1: ..31m, DEL: ..",
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
