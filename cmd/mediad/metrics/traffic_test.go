package metrics

import (
	"slices"
	"testing"
)

func TestKindOf(t *testing.T) {
	for path, want := range map[string]string{
		"/live/demo/index.m3u8": "multivariant", "/live/demo/01e/main/index.m3u8": "playlist", "/live/demo/01e/main/7.ts": "segment",
		"/live/demo/01e/main/p7.ts": "part", "/live/~1.k.s/demo/01e/main/p7.ts": "part", "/live/demo/01e/vod.m3u8": "vod",
		"/live/main/index.m3u8": "multivariant", "/live/~1.k.s/main/index.m3u8": "multivariant", "/live/tea-main/01e/main/index.m3u8": "playlist",
		"/live/demo/dvr/index.m3u8": "multivariant", "/live/demo/01e/dvr.m3u8": "other", "/live/demo/poster.jpg": "other",
		"/vod/01s/index.m3u8": "vod", "/live/": "other", "/api": "other", "/live/x/y": "other",
	} {
		if got := kindOf(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		} else if !slices.Contains(kinds, got) {
			t.Errorf("%s is not counted", got)
		}
	}
}
