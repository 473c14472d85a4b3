package sim

import (
	"strings"
	"testing"
)

// TestUnits: a unit that is sold twice is told, and so is one of which nobody knows.
func TestUnits(t *testing.T) {
	for what, u := range map[string]Units{
		"":                    {Given: 8, Asked: 20, Late: 10, Back: 2, Paid: 8, Sold: 8},
		"9 were paid":         {Given: 8, Asked: 20, Paid: 9, Sold: 9},
		"7 are sold":          {Given: 8, Asked: 20, Paid: 8, Sold: 7},
		"6 are sold and 3":    {Given: 8, Asked: 20, Paid: 6, Sold: 6, Held: 3},
		"1 are held":          {Given: 8, Asked: 20, Paid: 6, Sold: 6, Held: 1},
		"paid when none was ": {Given: 8, Asked: 20, Paid: 8, Sold: 8, Short: 1},
	} {
		told := strings.Join(u.mistakes(), "; ")
		if (what == "") != (told == "") || !strings.Contains(told, what) {
			t.Errorf("%+v: it tells %q", u, told)
		}
		if sound := strings.Contains(u.told(), "none was sold twice"); sound != (what == "") {
			t.Errorf("%+v: the report says %q", u, u.told())
		}
	}
	if told := (*Units)(nil).told(); !strings.Contains(told, "--stripe") {
		t.Errorf("where nothing is held the report says %q", told)
	}
	if sum := (Units{1, 2, 3, 4, 5, 6, 7, 8}).plus(Units{10, 20, 30, 40, 50, 60, 70, 80}); sum != (Units{11, 22, 33, 44, 55, 66, 77, 88}) {
		t.Errorf("%+v", sum)
	}
}
