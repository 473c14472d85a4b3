package replay

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/packager/m3u8"
)

// The recording leaves out a minute; chapters are at their place in playing
// time.
func TestReplayWithAHole(t *testing.T) {
	zero := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	at := func(s int) time.Time { return zero.Add(time.Duration(s) * time.Second) }
	record := func() *m3u8.Media {
		m := &m3u8.Media{TargetDuration: 2, Type: "VOD", Ended: true}
		for i := range 20 { // 0 to 20 s, then 80 to 100 s
			m.Segments = append(m.Segments, m3u8.Segment{URI: fmt.Sprintf("%d.ts", i), Duration: 2 * time.Second, Date: at(2*i + i/10*60)})
		}
		return m
	}
	event := func(kind overlay.Kind, product string, second int) overlay.Event {
		return overlay.Event{Kind: kind, Product: product, Landed: &overlay.Landing{Date: at(second)},
			Payload: fmt.Appendf(nil, `{"product":{"id":%q,"title":"%s"}}`, product, `Say \"`+product+`\" & <more>`)}
	}
	log := []overlay.Event{
		event(overlay.KindProductPin, "A", 4), event(overlay.KindProductUnpin, "A", 10),
		event(overlay.KindProductPin, "B", 16), // over the gap
		event(overlay.KindProductPin, "C", 84), event(overlay.KindProductPin, "D", 30+60),
	}
	hidden := []overlay.Event{log[0], log[1], event(overlay.KindProductPin, "H", 30), event(overlay.KindProductUnpin, "H", 60)}

	made := func(state overlay.ShowState, media *m3u8.Media, log []overlay.Event, now time.Time) *replay {
		t.Helper()
		k, err := newReplay(overlay.Show{State: state}, media, log, now)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	clip := func(k *replay, product string) *m3u8.Media {
		t.Helper()
		c, err := k.clip(product)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	k := made(overlay.ShowEnded, record(), log, at(1000))
	var got []string
	for _, c := range k.chapters {
		got = append(got, fmt.Sprintf("%s %v+%v", c.Product.ID, c.at.Seconds(), c.length.Seconds()))
	}
	if s := strings.Join(got, ", "); s != "A 4+6, B 16+8, C 24+6, D 30+10" {
		t.Errorf("chapters %s", s)
	}
	text, err := k.list.text()
	if err != nil {
		t.Fatal(err)
	}
	if want := `ID="chapter-2",CLASS="mediad.chapter",START-DATE="2026-11-21T12:00:16.000Z",DURATION=8.000,X-MEDIAD-PRODUCT="B",X-MEDIAD-TITLE="Say 'B' & <more>"`; !strings.Contains(string(text), want) {
		t.Errorf("no %s in\n%s", want, text)
	}
	if track := chapterTrack(k.chapters); !strings.HasPrefix(track, "WEBVTT\n\n1\n00:00:04.000 --> 00:00:10.000\nSay \"A\" &amp; &lt;more&gt;\n\n2\n00:00:16.000 --> ") {
		t.Errorf("track:\n%s", track)
	}
	if c := clip(k, "B"); c == nil || len(c.Segments) != 4 || c.Start != 0 || c.Segments[0].URI != "8.ts" {
		t.Errorf("clip of B: %+v", c)
	}
	if clip(k, "nothing") != nil || k.speaksOf("nothing") || !k.speaksOf("B") {
		t.Error("a clip of nothing")
	}
	if n := len(made(overlay.ShowEnded, record(), hidden, at(1000)).chapters); n != 1 {
		t.Errorf("%d chapters, one of two lies in the hole", n)
	}
	// On air, without a recording: chapters up to now, with dates alone.
	live := made(overlay.ShowLive, nil, log[:3], at(40))
	if n := len(live.chapters); n != 2 || live.chapters[1].recorded || !live.chapters[1].To.Equal(at(40)) || clip(live, "A") != nil {
		t.Errorf("live: %+v", live.chapters)
	}
}
