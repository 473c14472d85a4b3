package doctor

import (
	"net/url"
	"testing"
)

func TestPlaylistOf(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"https://live.example/watch/demo":                    "https://live.example/live/demo/index.m3u8",
		"https://live.example/shop/watch/demo/?operator=1#x": "https://live.example/shop/live/demo/index.m3u8",
		"https://live.example/watch/demo?show=01J8":          "https://live.example/vod/01J8/index.m3u8",
		"http://127.0.0.1:8080/embed/demo?show=01J8":         "http://127.0.0.1:8080/vod/01J8/index.m3u8",
		"http://127.0.0.1:8080/c/room/demo.json":             "http://127.0.0.1:8080/live/demo/index.m3u8",
		"https://live.example/watch/":                        "",
		"https://live.example/watch/demo/playback.json":      "",
		"https://live.example/live/demo/index.m3u8":          "",
	} {
		u, err := url.Parse(page)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if list := playlistOf(u); list != nil {
			got = list.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", page, got, want)
		}
	}
}
