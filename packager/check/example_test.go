package check_test

import (
	"fmt"

	"mediad/packager/check"
)

// Two versions of a live playlist: the second one edits a segment that was
// listed before.
func ExamplePlaylist_Next() {
	const head = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:41\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
	const date = "#EXT-X-PROGRAM-DATE-TIME:2026-01-02T15:04:05.000Z\n"
	playlist := check.Playlist{Kind: check.PlainPlaylist}
	for _, text := range []string{
		head + date + "#EXTINF:2.000,\n41.ts\n",
		head + date + "#EXTINF:1.900,\n41.ts\n",
	} {
		found := playlist.Next([]byte(text))
		fmt.Println(len(found), "broken")
		for _, v := range found {
			fmt.Println(v)
		}
	}
	// Output:
	// 0 broken
	// 1 broken
	// 8216bis 6.2.1 a listed segment never changes at byte 171: segment 41: EXTINF from 2s to 1.9s
}

// Bytes that are no transport stream.
func ExampleTS() {
	var ts check.TS
	for _, v := range ts.Part([]byte("no transport stream")) {
		fmt.Println(v.Rule, v.Detail)
	}
	// Output:
	// B1.1 19 bytes at the end are no whole packet
}
