package broadcast

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// A word of a script is an attempt, in seconds after the host's end; "2x" is
// refused.
func TestCooldown(t *testing.T) {
	for name, script := range map[string]string{
		"OBS does not come back":          "2x 5x 9.5x 16.25x 26.4x 41.5x 64.3x 98.5x",
		"as was measured":                 "2.07x 5.07x 9.43x 15.82x 25.17x 38.87x 58.9x",
		"nor with its least factor":       "2x 4.9x 9.1x 15.2x 24x 36.8x 55.4x 82.4x 121.5x 178.2x",
		"nor with its greatest factor":    "2.1x 5.3x 10.2x 17.8x 29.6x 48x",
		"nor over a slow connection":      "2.8x 6.6x 11.9x 19.5x 30.4x",
		"nor after its longest pause":     "2x 5x 9.5x 16.25x 26.4x 41.5x 64.3x 98.5x 150x 226x 341x 512x 770x 1156x 1734x 2602x 3503x 4404x",
		"a person does":                   "10",
		"also in the midst of OBS":        "2x 5x 9.5x 12",
		"also after OBS gave in":          "2x 5x 9.5x 20",
		"also long after":                 "2x 5x 9.5x 16.25x 26.4x 30",
		"hammering does not keep it up":   "0.5x 1x 1.5x 2x 2.5x 3x 4x 5x 6x 7x 8x 9x 9.9x 10",
		"nor does a loop with a pause":    "3x 6x 9x 12",
		"hit by accident, then once more": "2x 5x 9.5x 16x 17",
		"nor do tries beside OBS":         "2x 3x 5x 6x 9.5x 16.25x 20",
	} {
		t.Run(name, func(t *testing.T) {
			var c cooldown
			begin := time.Unix(1e9, 0)
			if refused, _ := c.newcomer(begin); refused {
				t.Error("refused without an end")
			}
			c.start(begin)
			for _, word := range strings.Fields(script) {
				at, err := time.ParseDuration(strings.TrimSuffix(word, "x") + "s")
				if err != nil {
					t.Fatal(err)
				}
				refused, wait := c.newcomer(begin.Add(at))
				if refused != strings.HasSuffix(word, "x") {
					t.Errorf("%s: refused %v, waits %v", word, refused, wait)
				}
				if want := max(cooldownFor-at, 0); wait != want {
					t.Errorf("%s: waits %v, want %v: the time is fixed", word, wait, want)
				}
			}
		})
	}
}

// Whatever was tried before: a publisher that is refused after the fixed time,
// and tries again at once, may publish.
func TestCooldownNeverLastsBecauseOfTries(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		var c cooldown
		now := time.Unix(1e9, 0)
		c.start(now)
		for range random.IntN(40) {
			now = now.Add(time.Duration(random.Int64N(int64(4 * time.Second))))
			c.newcomer(now)
		}
		now = later(now, c.end.Add(cooldownFor))
		if refused, _ := c.newcomer(now); refused {
			if again, wait := c.newcomer(now.Add(time.Second)); again {
				t.Fatalf("refused twice, %v after the end, and is to wait %v", now.Sub(c.end), wait)
			}
		}
	}
}

// A person who tries again and again at one pace, however fast, is refused once
// more at most after the fixed time.
func TestCooldownEndsForOnePace(t *testing.T) {
	for pace := 100 * time.Millisecond; pace < cooldownFor; pace += 50 * time.Millisecond {
		var c cooldown
		begin := time.Unix(1e9, 0)
		c.start(begin)
		refused, after := true, 0
		now := begin
		for refused && after < 10 {
			now = now.Add(pace)
			refused, _ = c.newcomer(now)
			if refused && now.Sub(begin) >= cooldownFor {
				after++
			}
		}
		if after > 1 {
			t.Errorf("every %v: refused %d times after the fixed time, the last %v after the end", pace, after, now.Sub(begin))
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
