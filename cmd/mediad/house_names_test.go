package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mediad/packager/layout"
	"mediad/storage"
)

// mediaNames matches the pieces of names of media, journals and spool. In
// backticks they are prose.
var mediaNames = regexp.MustCompile("^(live|vod)/|(^|[^`])/(live|vod)(/|$)|^main$|main/|(^|[^<])/main(/|$)|^dvr$|dvr[/.]|" +
	`\.(ts|m3u8|vtt|journal|records|parts)\b|poster\.jpg|thumbs\.|^~$`)

// spelledElsewhere are the texts that may look like names, by file, with the
// reason.
var spelledElsewhere = map[string]map[string]string{
	"cmd/mediad/demo.go":         {"/live": "the RTMP application"},
	"overlay/api/place.go":       {"/live": "the RTMP application"},
	"cmd/mediad/config/check.go": {"rtmp.public_url is %q; it must look like rtmp://HOST:1935/live or rtmps://HOST/live": "the RTMP application"},
	"storage/check.go":           {".m3u8": "the store tries what it does with playlists"},
	"storage/key.go": {
		".ts": "types of content by suffix", ".m3u8": "types of content by suffix", ".vtt": "types of content by suffix",
		"vod.m3u8": "the store imports nothing of ours; TestStoreKnowsTheNames compares",
	},
}

// spellings finds the texts of a file that look like names. Imports and the tags
// of structs are left out: the one has no names, the other documents them.
func spellings(name string, text []byte) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			n.Tag = nil
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				break
			}
			s, uerr := strconv.Unquote(n.Value)
			if uerr != nil {
				err = uerr
			} else if mediaNames.MatchString(s) {
				out = append(out, s)
			}
		}
		return true
	})
	return out, err
}

// Only package layout makes and reads names of media, journals and spool.
func TestHouseNames(t *testing.T) {
	excused := map[string]map[string]bool{}
	own := 0
	eachGoFile(t, func(rel string, text []byte) {
		if strings.HasSuffix(rel, "_test.go") {
			return
		}
		found, err := spellings(path.Base(rel), text)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(rel, "packager/layout/") {
			own += len(found)
			return
		}
		for _, s := range found {
			if spelledElsewhere[rel][s] == "" {
				t.Errorf("%s spells %q: names are made and read in packager/layout", rel, s)
			}
			if excused[rel] == nil {
				excused[rel] = map[string]bool{}
			}
			excused[rel][s] = true
		}
	})
	if own < 10 {
		t.Errorf("package layout spells %d names: that is not where they are", own)
	}
	for file, texts := range spelledElsewhere {
		for _, s := range slices.Sorted(maps.Keys(texts)) {
			if !excused[file][s] {
				t.Errorf("%s no longer spells %q, and is excused for it", file, s)
			}
		}
	}
}

func TestSpellings(t *testing.T) {
	for text, want := range map[string]int{
		`const x = "main"`: 1, `const x = "main/" + y`: 1, "const x = `/live/`": 1, `const x = ".ts"`: 1, `const x = "index.m3u8"`: 1, `const x = "~"`: 1,
		`f("GET /vod/{show}/x")`: 1, `var x = fmt.Sprintf("live/%s/%s", a, b)`: 1, `var x = a + ".journal"`: 1, `const x = "remains"`: 0, `const x = "domain"`: 0,
		`const x = "it is live"`: 0, `const x = "<main></main>"`: 0, "const x = \"put `/vod/` there\"": 0, `const x = "../dvr.m3u8"`: 1, `const x = "mediad/packager/archive"`: 0, "type x struct { y string `doc:\"/live/demo/index.m3u8\"` }": 0,
	} {
		body := "package x\n"
		if strings.HasPrefix(text, "f(") {
			body += "func g() {" + text + "}\n"
		} else {
			body += text + "\n"
		}
		got, err := spellings("x.go", []byte(body))
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", text, err))
		}
		if len(got) != want {
			t.Errorf("%s: found %q, want %d", text, got, want)
		}
	}
}

// The store, which imports nothing of ours, takes each name for what it is.
func TestStoreKnowsTheNames(t *testing.T) {
	b := layout.Of("main", "01k5zzzzzzzzzzzzzzzzzzzzzz")
	for _, c := range []struct {
		name      layout.Name
		kind      string
		immutable bool
	}{
		{layout.TopOf("main"), "application/vnd.apple.mpegurl", false},
		{b.Recording(), "application/vnd.apple.mpegurl", true},
		{b.Segment(7), "video/mp2t", true},
		{b.Poster(), "image/jpeg", true},
		{b.Sprite(), "image/jpeg", true},
		{b.Track(), "text/vtt; charset=utf-8", true},
	} {
		key := c.name.Key()
		if kind := storage.ContentType(key); kind != c.kind {
			t.Errorf("%s is stored as %s, not %s", key, kind, c.kind)
		}
		if storage.Immutable(key) != c.immutable {
			t.Errorf("%s is immutable: %t", key, !c.immutable)
		}
		if layout.IsPlaylist(key) != strings.Contains(c.kind, "mpegurl") {
			t.Errorf("%s is a playlist: %t", key, layout.IsPlaylist(key))
		}
	}
}
