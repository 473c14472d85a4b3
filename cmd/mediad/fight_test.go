package main

import (
	"strings"
	"testing"
	"time"
)

// A word of a script is a newcomer at a second: "5" takes over, "5x" is
// refused, "5s" finds the present publisher silent.
func TestFight(t *testing.T) {
	for name, script := range map[string]string{
		"one":                          "0",
		"three are no fight":           "0 1 2",
		"the fourth is":                "0 1 2 3x",
		"slow ones are none":           "0 11 22 33 44 55 66",
		"the window slides":            "0 20 25 31 32x",
		"the present one stays":        "0 1 2 3x 4x 20x 32x",
		"asking does not lengthen it":  "0 1 2 3x 32x 33",
		"after it all begins anew":     "0 1 2 3x 33 34 35 36x",
		"one's own return is no fight": "0s 1s 2s 3s 4s 5s",
		"nor adds to one":              "0 1 2s 3s 4s 5 6x",
		"and ends none":                "0 1 2 3x 4s 5x",
	} {
		t.Run(name, func(t *testing.T) {
			var f fight
			begin := time.Unix(1e9, 0)
			for _, word := range strings.Fields(script) {
				second, err := time.ParseDuration(strings.TrimRight(word, "xs") + "s")
				if err != nil {
					t.Fatal(err)
				}
				now := begin.Add(second)
				heard := now.Add(-fightSilence + time.Millisecond)
				if strings.HasSuffix(word, "s") {
					heard = now.Add(-fightSilence)
				}
				if wait := f.takeOver(now, heard); (wait > 0) != strings.HasSuffix(word, "x") || wait > fightFor {
					t.Errorf("%s: waits %v", word, wait)
				}
				if len(f.at) > fightTakeOvers {
					t.Errorf("%d are kept", len(f.at))
				}
			}
		})
	}
}

func TestNotices(t *testing.T) {
	var n notices
	now := time.Unix(1e9, 0)
	if got := n.of("a", now); len(got) != 0 {
		t.Errorf("%q", got)
	}
	n.add("a", "x", "one", now)
	n.add("a", "y", "two", now.Add(time.Minute))
	n.add("a", "x", "three", now.Add(2*time.Minute))
	n.add("b", "x", "other", now)
	for after, want := range map[time.Duration]string{2 * time.Minute: "two three", noticeFor + time.Minute: "three", noticeFor + 2*time.Minute: ""} {
		if got := strings.Join(n.of("a", now.Add(after)), " "); got != want {
			t.Errorf("after %v: %q, want %q", after, got, want)
		}
	}
}
