package vtt

import (
	"testing"
	"time"
)

func TestTime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                                        "00:00:00.000",
		1499 * time.Microsecond:                  "00:00:00.001",
		59*time.Second + 999600*time.Microsecond: "00:01:00.000",
		25*time.Hour + 61*time.Second:            "25:01:01.000",
	} {
		if got := Time(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}
