package spool

import "testing"

// A process that no longer writes must not be gone on from.
func TestDoubt(t *testing.T) {
	s := New(Options{Dir: t.TempDir(), Boot: "same"})
	if err := s.Doubt("demo", "01a"); err != nil {
		t.Fatalf("where nothing is: %v", err)
	}
	if err := s.setMark(s.folder("demo", "01a"), true); err != nil {
		t.Fatal(err)
	}
	if err := s.Doubt("demo", "01a"); err != nil {
		t.Fatal(err)
	}
	if f, err := s.Find("demo", "01a"); err != nil || f.marked {
		t.Errorf("still marked: %v", err)
	}
}
