package layout

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// rooms and epochs that look like other parts of a name.
var (
	hardRooms  = []string{"demo", "main", "domain", "tea-main", "main-tea", "remain-main", "dvr", "live", "vod", "p1", "1", "index.m3u8", "poster.jpg", "1.ts", strings.Repeat("m", maxName)}
	hardEpochs = []string{"01k5zzzzzzzzzzzzzzzzzzzzzz", "01e", "main", "dvr", "vod.m3u8", "index.m3u8", "7.ts", "0"}
)

// all gives a name of each kind, and of media several.
func all(room, epoch string) []Name {
	b := Of(room, epoch)
	out := []Name{TopOf(room), RewindOf(room), PosterOf(room), CardOf(room), b.RewindPlaylist(), b.Recording(), b.Poster(), b.Sprite(), b.Track()}
	for _, r := range []Rendition{Main, 1, 9, 10, 255} {
		out = append(out, Name{Kind: MediaPlaylist, Broadcast: b, Rendition: r})
		for _, m := range []Media{{}, {Number: 1}, {Number: 907}, {Number: 1<<63 - 1}, {Number: 7, Gen: 2}, {Number: 1235, Gen: 4294967295}} {
			out = append(out, Name{Segment, b, r, m}, Name{Part, b, r, m})
		}
	}
	return out
}

// Each name is read back into what it was made of, and no two are the same.
func TestRoundTrip(t *testing.T) {
	seen := map[string]Name{}
	kindsSeen := map[Kind]bool{}
	for _, room := range hardRooms {
		for _, epoch := range hardEpochs {
			for _, n := range all(room, epoch) {
				kindsSeen[n.Kind] = true
				key := n.Key()
				if was, twice := seen[key]; twice && was != n {
					t.Errorf("%s is the name of %+v and of %+v", key, was, n)
				}
				seen[key] = n
				if got, ok := ParseKey(key); !ok || got != n {
					t.Errorf("key %s: read as %+v, %t; it was made of %+v", key, got, ok, n)
				}
				if got, ok := ParsePath(n.Path()); !ok || got != n {
					t.Errorf("path %s: read as %+v, %t", n.Path(), got, ok)
				}
				if got, ok := ParseRequest(LiveLead("1.k.s-_") + key[len(Live):]); !ok || got != n {
					t.Errorf("path %s with a token: read as %+v, %t", n.Path(), got, ok)
				}
				if want := "live/" + room + "/" + n.InRoom(); key != want {
					t.Errorf("%s does not end as it stands in its room, %s", key, n.InRoom())
				}
				if n.Kind > RoomCard && key != n.Folder()+n.InEpoch() {
					t.Errorf("%s is not %s in %s", key, n.InEpoch(), n.Folder())
				}
				if !strings.HasSuffix(key, "/"+n.File()) {
					t.Errorf("%s does not end in %s", key, n.File())
				}
			}
		}
	}
	if len(kindsSeen) != int(kinds)-1 {
		t.Errorf("%d kinds were tried, there are %d", len(kindsSeen), kinds-1)
	}
}

// The public names, letter by letter (contract: they never change).
func TestNames(t *testing.T) {
	b := Of("domain", "01e")
	for got, want := range map[string]string{
		TopOf("domain").Key():                   "live/domain/index.m3u8",
		RewindOf("domain").Path():               "/live/domain/dvr/index.m3u8",
		PosterOf("domain").Path():               "/live/domain/poster.jpg",
		CardOf("domain").Path():                 "/live/domain/card.jpg",
		Show("01S").Card():                      "/vod/01S/card.jpg",
		Show("01S").Moment(75):                  "/vod/01S/moments/75.jpg",
		b.RewindPlaylist().Path():               "/live/domain/01e/dvr.m3u8",
		b.Recording().Key():                     "live/domain/01e/vod.m3u8",
		b.Poster().Key():                        "live/domain/01e/poster.jpg",
		b.Sprite().Key():                        "live/domain/01e/thumbs.jpg",
		b.Track().Key():                         "live/domain/01e/thumbs.vtt",
		b.MediaPlaylist().Path():                "/live/domain/01e/main/index.m3u8",
		b.Segment(7).Key():                      "live/domain/01e/main/7.ts",
		b.Segment(7).InEpoch():                  "main/7.ts",
		b.Segment(7).InRoom():                   "01e/main/7.ts",
		b.MediaPlaylist().InRoom():              "01e/main/index.m3u8",
		b.RewindPlaylist().InRewind():           "../01e/dvr.m3u8",
		b.MediaPlaylist().In(2).FromRendition(): "../2/index.m3u8",
		b.Segment(7).In(1).Path():               "/live/domain/01e/1/7.ts",
		b.Folder():                              "live/domain/01e/",
		b.FolderPath():                          "/live/domain/01e/",
		SegmentFile(12):                         "12.ts",
		PartFile(12):                            "p12.ts",
		Name{Part, b, 2, Media{5690, 2}}.Key():  "live/domain/01e/2/p5690.2.ts",

		Show("01s").Playlist():                "/vod/01s/index.m3u8",
		Show("01s").Chapters():                "/vod/01s/chapters.vtt",
		Show("01s").Thumbs():                  "/vod/01s/thumbs.vtt",
		Show("01s").Clip("01p"):               "/vod/01s/clips/01p.m3u8",
		Show("{show}").Clips("{file}"):        "/vod/{show}/clips/{file}",
		Site("").Live("domain", ""):           "/live/domain/index.m3u8",
		Site("/shop").Live("domain", "1.k.s"): "/shop/live/~1.k.s/domain/index.m3u8",
		Site("/shop").Rewind("domain", ""):    "/shop/live/domain/dvr/index.m3u8",
		Site("/shop").Replay("01s", "1.k.s"):  "/shop/vod/~1.k.s/01s/index.m3u8",
		Site("").Replay("01s", ""):            "/vod/01s/index.m3u8",
		Disk("d").Journal(b):                  "d/domain/01e.journal",
		Disk("d").Spool(b):                    "d/domain/01e",
		Disk("d").Room("domain"):              "d/domain",
		Disk("d").Journals():                  "d/*/*.journal",
		Disk("d").Partials():                  "d/*/*.partial",
		PartialOf("d/domain/01e.journal"):     "01e.journal.*.partial",
		Aside("d/domain/01e.journal", 5):      "d/domain/.damaged-5-01e.journal",
		SpoolMedia.Name(3):                    "3.ts",
		SpoolRecords.Name(3):                  "3.records",
		SpoolParts.Name(3):                    "3.parts",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// A name in another spelling than the package's own is refused.
func TestRefused(t *testing.T) {
	for _, path := range []string{
		"", "/", "/live", "/live/", "live/demo/index.m3u8", "/live/demo", "/live/demo/", "/live//index.m3u8", "/live/demo/01e", "/live/demo/01e/",
		"/live/demo/01e/index.m3u8", "/live/demo/01e/main", "/live/demo/01e/main/", "/live/demo/01e/main/x.ts", "/live/demo/01e/main/07.ts",
		"/live/demo/01e/main/+7.ts", "/live/demo/01e/main/-7.ts", "/live/demo/01e/main/p.ts", "/live/demo/01e/main/.ts", "/live/demo/01e/main/pp7.ts",
		"/live/demo/01e/main/7.ts/", "/live/demo/01e/main/x/7.ts", "/live/demo/01e/main/7.TS", "/live/demo/01e/main/7.m4s",
		"/live/demo/01e/main/9223372036854775808.ts", "/live/demo/01e/main/7.0.ts", "/live/demo/01e/main/7.1.ts", "/live/demo/01e/main/7.02.ts",
		"/live/demo/01e/main/7.2.2.ts", "/live/demo/01e/main/7.4294967296.ts", "/live/demo/01e/main/7..ts",
		"/live/demo/01e/0/7.ts", "/live/demo/01e/01/7.ts", "/live/demo/01e/256/7.ts", "/live/demo/01e/Main/7.ts", "/live/demo/01e/main2/7.ts",
		"/live/../01e/main/7.ts", "/live/demo/../main/7.ts", "/live/demo/.01e/main/7.ts", "/live/de mo/index.m3u8", "/live/d\x00/index.m3u8", `/live/d\/index.m3u8`,
		"/live/ü/index.m3u8", "/live/" + strings.Repeat("m", maxName+1) + "/index.m3u8", "/live/~1.k.s/demo/index.m3u8", "/vod/demo/index.m3u8", "//live/demo/index.m3u8",
	} {
		if n, ok := ParsePath(path); ok || n != (Name{}) {
			t.Errorf("%q is read as %+v, %t", path, n, ok)
		}
	}
	if n, ok := ParseRequest("/live/~a/~b/demo/index.m3u8"); ok {
		t.Errorf("two tokens: %+v", n)
	}
	for file, want := range map[string]bool{"1.ts": true, "9007199254740991.ts": true, "9007199254740992.ts": false, "0.ts": false, "01.ts": false, "1.parts": false, "x.ts": false, ".ts": false, "1.2.ts": false} {
		if n, ok := SpoolMedia.Number(file); ok != want || ok && SpoolMedia.Name(n) != file {
			t.Errorf("%s in a spool: %d, %t", file, n, ok)
		}
	}
	for file, want := range map[string]bool{"01e.journal": true, "main.journal": true, ".journal": false, ".01e.journal": false, "01e.journal.7.partial": false, "01e": false, "a b.journal": false} {
		if epoch, ok := JournalEpoch(file); ok != want || ok && epoch+".journal" != file {
			t.Errorf("%s: epoch %q, %t", file, epoch, ok)
		}
	}
	for file, want := range map[string]bool{"0.ts": true, "12.ts": true, "p12.ts": false, "12.2.ts": false, "x": false} {
		if _, ok := SegmentNumber(file); ok != want {
			t.Errorf("%s: %t, want %t", file, ok, want)
		}
	}
}

// Every object below live/ belongs to a room or a broadcast, or is not ours.
func TestOwner(t *testing.T) {
	const epoch = "01k5zzzzzzzzzzzzzzzzzzzzzz"
	for key, want := range map[string]Broadcast{
		"live/main/index.m3u8":                          Of("main", ""),
		"live/domain/" + epoch + "/main/7.ts":           Of("domain", epoch),
		"live/domain/" + epoch + "/notes/of/others.txt": Of("domain", epoch),
		"live/domain/" + epoch + "/":                    Of("domain", epoch),
		"live/domain/" + epoch:                          {},
		"live/domain/01e/main/7.ts":                     {}, // no ULID
		"live/domain/" + strings.ToUpper(epoch) + "/x":  {},
		"live/domain/other.m3u8":                        {},
		"live/.domain/index.m3u8":                       {},
		"vod/domain/index.m3u8":                         {},
		"":                                              {},
	} {
		got, ok := Owner(key)
		if got != want || ok != (want != Broadcast{}) {
			t.Errorf("%q is %+v's, %t; want %+v", key, got, ok, want)
		}
	}
	if epoch, ok := EpochOf("01e/main/7.ts"); epoch != "01e" || !ok {
		t.Errorf("a stable playlist lists epoch %q, %t", epoch, ok)
	}
	for _, uri := range []string{"7.ts", "/main/7.ts", "../x/7.ts", "https://cdn/7.ts", ""} {
		if epoch, ok := EpochOf(uri); ok {
			t.Errorf("%q is of epoch %q", uri, epoch)
		}
	}
}

func TestLegal(t *testing.T) {
	for _, name := range slices.Concat(hardRooms, hardEpochs, []string{"A_b-c.d"}) {
		if !Legal(name) || Of(name, name).Check() != nil {
			t.Errorf("%q is refused: %v", name, Of(name, name).Check())
		}
	}
	for _, name := range []string{"", ".", "..", ".a", "a/b", "a b", "a\n", "ä", "a~", strings.Repeat("x", maxName+1)} {
		if Legal(name) {
			t.Errorf("%q is taken", name)
		}
		want := fmt.Sprintf("epoch %q: allowed are 1 to 100 letters, digits, '-', '_' and, not first, '.'", name)
		if err := Of("demo", name).Check(); err == nil || err.Error() != want {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ folder, path, token, rest string }{
		{LivePath, "/live/~1.k.s/main/index.m3u8", "1.k.s", "/live/main/index.m3u8"},
		{LivePath, "/live/main/index.m3u8", "", "/live/main/index.m3u8"},
		{LivePath, "/live/~1.k.s", "1.k.s", "/live/"},
		{LivePath, "/live/~a/~b/main/index.m3u8", "a", "/live/~b/main/index.m3u8"},
		{ReplayPath, "/vod/~1.k.s/01s/index.m3u8", "1.k.s", "/vod/01s/index.m3u8"},
		{ReplayPath, "/live/~1.k.s/main/index.m3u8", "", "/live/~1.k.s/main/index.m3u8"},
	} {
		if token, rest := CutToken(c.folder, c.path); token != c.token || rest != c.rest {
			t.Errorf("%s: %q, %q", c.path, token, rest)
		}
	}
	for path, want := range map[string][2]bool{"/live": {true, false}, "/live/": {true, false}, "/lively": {}, "/vod/x": {false, true}, "/vod": {}, "/": {}} {
		if got := [2]bool{IsLive(path), IsReplay(path)}; got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if product, ok := ClipProduct("01p.m3u8"); product != "01p" || !ok {
		t.Errorf("clip of %q, %t", product, ok)
	}
	if _, ok := ClipProduct("01p.ts"); ok {
		t.Error("01p.ts is a clip")
	}
}

// Each name that can be read is written in the same way again; other texts cannot be
// read.
func FuzzParse(f *testing.F) {
	for _, room := range hardRooms {
		for _, n := range all(room, "01k5zzzzzzzzzzzzzzzzzzzzzz") {
			f.Add(n.Key())
		}
	}
	for _, key := range []string{"", "live/", "live/demo/01e/main/07.ts", "live/demo/01e/main/7.1.ts", "live/a/b/0/7.ts", "live/../x/main/7.ts", "live/~t/demo/index.m3u8"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		n, ok := ParseKey(key)
		if p, same := ParsePath("/" + key); same != ok || p != n {
			t.Fatalf("%q is another thing as a path: %+v, %t", key, p, same)
		}
		if !ok {
			if n != (Name{}) {
				t.Fatalf("%q is refused, and %+v", key, n)
			}
			return
		}
		if n.Key() != key {
			t.Fatalf("%q is read as %+v, which is written %q", key, n, n.Key())
		}
		if strings.Contains(key, "//") || strings.Contains(key, "/.") || !strings.HasPrefix(key, Live+n.Room+"/") {
			t.Fatalf("%q cannot stand in a store", key)
		}
		if n.Kind == None || n.Kind >= kinds || (n.Epoch == "") != (n.Kind <= RoomCard) {
			t.Fatalf("%q is of kind %d and epoch %q", key, n.Kind, n.Epoch)
		}
	})
}

// Names are read for each request, and made for each part.
func TestNoGarbage(t *testing.T) {
	paths := []string{"/live/domain/01k5zzzzzzzzzzzzzzzzzzzzzz/main/p5690.ts", "/live/~1.k.s/domain/01k5zzzzzzzzzzzzzzzzzzzzzz/main/index.m3u8"}
	if n := testing.AllocsPerRun(100, func() {
		for _, p := range paths {
			if _, ok := ParseRequest(p); !ok {
				t.Error(p)
			}
		}
	}); n != 0 {
		t.Errorf("reading a path makes %v pieces of garbage", n)
	}
}

func TestRespelled(t *testing.T) {
	const room, clip = "/live/demo/index.m3u8", "/vod/01s/clips/SKU.m3u8"
	for path, want := range map[string]bool{
		room: false, clip: false, "/live/~1.k.s/demo/index.m3u8": false, "/live": false, "/live/": false, "/vod/": false, "/watch//demo": false, "/watch/%64emo": false, "/live/demo/": false,
		"/vod/01s/clips/5kg%2Fa.m3u8": false, "/vod/01s/clips/a%2F%2Fb.m3u8": false, "/vod/~1.k.s/01s/clips/5kg%2Fa.m3u8": false, "/vod/01s/clips/.a.m3u8": false,
		"/live//demo/index.m3u8": true, "//live/demo/index.m3u8": true, "/live/demo//index.m3u8": true, "/live/./demo/index.m3u8": true, "/x/../live/demo/index.m3u8": true, "/live/demo/../demo/index.m3u8": true,
		"/live%2fdemo/index.m3u8": true, "/live/demo%2Findex.m3u8": true, "/live/%64emo/index.m3u8": true, "/%6cive/demo/index.m3u8": true, "/live/%7E1.k.s/demo/index.m3u8": true, "/live/demo/%2e/index.m3u8": true,
		"/vod//01s/index.m3u8": true, "/vod/01s%2Findex.m3u8": true, "/vod/01s/index%2Em3u8": true, "/vod/01s/clip%73/SKU.m3u8": true, "/vod/01s/clips%2FSKU.m3u8": true, "/vod%2F01s/clips/5kg%2Fa.m3u8": true,
		"/vod//01s/clips/5kg%2Fa.m3u8": true, "/live/01s/clips/5kg%2Fa.m3u8": true,
	} {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := Respelled(u.Path, u.RawPath); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}
