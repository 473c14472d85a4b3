package m3u8_test

import (
	"fmt"
	"time"

	"mediad/packager/m3u8"
)

// A low-latency playlist with one whole segment, one open segment and a hint.
func ExampleMedia_Bytes() {
	begin := time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)
	second := time.Second
	list := m3u8.Media{
		TargetDuration: 1, Sequence: 7,
		PartTarget: second, PartHoldBack: 3 * second,
		Segments: []m3u8.Segment{{URI: "7.ts", Duration: second, Date: begin, Parts: []m3u8.Part{{URI: "p11.ts", Duration: second, Independent: true}}}},
		Open:     m3u8.Segment{Date: begin.Add(second), Parts: []m3u8.Part{{URI: "p12.ts", Duration: second, Independent: true}}},
		Hint:     "p13.ts",
	}
	text, err := list.Bytes()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// #EXTM3U
	// #EXT-X-VERSION:6
	// #EXT-X-DISCONTINUITY-SEQUENCE:0
	// #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=3.000
	// #EXT-X-PART-INF:PART-TARGET=1.000
	// #EXT-X-MEDIA-SEQUENCE:7
	// #EXT-X-TARGETDURATION:1
	// #EXT-X-PROGRAM-DATE-TIME:2026-01-02T15:04:05.000Z
	// #EXT-X-PART:DURATION=1.000,URI="p11.ts",INDEPENDENT=YES
	// #EXTINF:1.000,
	// 7.ts
	// #EXT-X-PROGRAM-DATE-TIME:2026-01-02T15:04:06.000Z
	// #EXT-X-PART:DURATION=1.000,URI="p12.ts",INDEPENDENT=YES
	// #EXT-X-PRELOAD-HINT:TYPE=PART,URI="p13.ts"
}

// The strict reader tells what is wrong, and where.
func ExampleParse() {
	list, err := m3u8.Parse([]byte("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:41\n#EXTINF:2.000,\n41.ts\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(list.Sequence, list.Segments[0].URI, list.Segments[0].Duration)
	_, err = m3u8.Parse([]byte("#EXTM3U\n#EXT-X-TARGETDURATION:two\n"))
	fmt.Println(err)
	// Output:
	// 41 41.ts 2s
	// line 2: "two" is not a decimal integer (8216bis 4.2)
}
