package overlay

import "testing"

// TestSafeCell: what a spreadsheet would carry out is text.
func TestSafeCell(t *testing.T) {
	for _, text := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|cmd", "%x", "＝1+1", "＋1", "－1", "＠SUM(A1)"} {
		if got := SafeCell(text); got != "'"+text {
			t.Errorf("%q: %q", text, got)
		}
	}
	for _, text := range []string{"", "Tea", "1=1", "玉米", "\xff=1"} {
		if got := SafeCell(text); got != text {
			t.Errorf("%q: %q", text, got)
		}
	}
}
