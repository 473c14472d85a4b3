package main

import (
	"strings"
	"testing"
	"time"
)

// A word of a script is an attempt at a second after the host's end; "2x" is
// refused.
func TestCurtain(t *testing.T) {
	for name, script := range map[string]string{
		"OBS does not come back":        "2x 5x 9.5x 16x 26x 41x",
		"a person does":                 "6 7",
		"also after OBS gave in":        "2x 5x 9.5x 20",
		"hammering does not keep it up": "1x 2x 3x 8.5",
	} {
		t.Run(name, func(t *testing.T) {
			var c curtain
			begin := time.Unix(1e9, 0)
			if c.raise(begin) != 0 {
				t.Error("refused without an end")
			}
			c.fall(begin)
			for _, word := range strings.Fields(script) {
				at, err := time.ParseDuration(strings.TrimSuffix(word, "x") + "s")
				if err != nil {
					t.Fatal(err)
				}
				if wait := c.raise(begin.Add(at)); (wait > 0) != strings.HasSuffix(word, "x") {
					t.Errorf("%s: waits %v", word, wait)
				}
			}
		})
	}
}
