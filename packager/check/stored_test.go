package check_test

import (
	"fmt"
	"strings"
	"testing"

	"mediad/packager/check"
)

// stored writes a plain playlist of an epoch's segments first to last.
func stored(epoch string, first, last, discontinuities int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-DISCONTINUITY-SEQUENCE:%d\n#EXT-X-MEDIA-SEQUENCE:%d\n#EXT-X-TARGETDURATION:2\n", discontinuities, first)
	for n := first; n <= last; n++ {
		fmt.Fprintf(&b, "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:%02d:%02d.000Z\n#EXTINF:2.000,\n%s/main/%d.ts\n", n*2/60, n*2%60, epoch, n)
	}
	return b.String()
}

func TestStored(t *testing.T) {
	for name, c := range map[string]struct {
		versions []string
		absent   string // "": all is there
		want     string // in the last version's only finding; "": none
	}{
		"goes on":             {[]string{stored("a", 1, 6, 0), stored("a", 2, 7, 0), stored("a", 2, 7, 0)}, "", ""},
		"next broadcast":      {[]string{stored("a", 1, 6, 0), stored("b", 7, 7, 1)}, "", ""},
		"names what is not":   {[]string{stored("a", 1, 6, 0), stored("a", 2, 7, 0)}, "live/demo/a/main/7.ts", "7.ts is not there"},
		"older broadcast":     {[]string{stored("a", 1, 6, 0), stored("b", 7, 7, 1), stored("a", 1, 6, 0)}, "", "never goes back"},
		"discontinuity count": {[]string{stored("a", 1, 6, 1), stored("b", 7, 7, 0)}, "", "never goes back"},
		"illegal change":      {[]string{stored("a", 1, 6, 0), stored("a", 2, 8, 1)}, "", "counts removed discontinuities"},
		"half":                {[]string{stored("a", 1, 6, 0), "#EXTM3U\n"}, "", "a playlist of nothing"},
	} {
		s := check.Stored{Key: "live/demo/index.m3u8", Has: func(key string) (bool, error) { return key != c.absent, nil }}
		for i, text := range c.versions {
			found, err := s.Next([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			switch last := i == len(c.versions)-1; {
			case (!last || c.want == "") && len(found) > 0:
				t.Errorf("%s, version %d: %v", name, i, found)
			case last && c.want != "" && (len(found) != 1 || !strings.Contains(found[0].String(), c.want)):
				t.Errorf("%s: %v, want %q", name, found, c.want)
			}
		}
	}
	s := check.Stored{Key: "live/demo/index.m3u8", Has: func(string) (bool, error) { return false, fmt.Errorf("away") }}
	if _, err := s.Next([]byte(stored("a", 1, 6, 0))); err == nil || s.Versions != 0 {
		t.Errorf("judged without a store: %v, %d", err, s.Versions)
	}
}
