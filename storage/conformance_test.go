package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mediad/storage"
)

// store is everything that Dir and S3 have in common.
type store interface {
	Put(ctx context.Context, key string, body []byte) error
	PutFrom(ctx context.Context, key string, pieces [][]byte, file string) error
	PutIf(ctx context.Context, key string, body []byte, etag string) (string, error)
	Get(ctx context.Context, key string) (storage.Object, error)
	Read(ctx context.Context, key string) (body []byte, etag string, err error)
	GetRange(ctx context.Context, key string, offset, length int64) (storage.Object, error)
	List(ctx context.Context, prefix, after string, limit int) ([]storage.Info, error)
	Delete(ctx context.Context, key string) error
	DeleteIf(ctx context.Context, key, etag string) error
	Replace(ctx context.Context, key string, body []byte) error
	Check(ctx context.Context) error
}

// TestConformance holds every store to the same meaning. Each case gets a store
// of its own, empty.
func TestConformance(t *testing.T) {
	stores := map[string]func(t *testing.T) store{
		"Dir": func(t *testing.T) store { return openDir(t, t.TempDir()) },
		"S3":  func(t *testing.T) store { return openS3(t, gatewayOptions(t)) },
	}
	cases := map[string]func(*testing.T, store){
		"whole objects":       wholeObjects,
		"ranges":              ranges,
		"missing objects":     missingObjects,
		"mutable keys":        mutableKeys,
		"same bytes again":    sameBytesAgain,
		"from where it lies":  fromWhereItLies,
		"conditions":          conditions,
		"deletes what it saw": deletesWhatItSaw,
		"replaces":            replaces,
		"one of many wins":    oneOfManyWins,
		"never half":          neverHalf,
		"lists in key order":  listsInKeyOrder,
		"pages of lists":      pagesOfLists,
		"keys":                keys,
		"cancelled":           cancelled,
		"check":               check,
	}
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			for name, run := range cases {
				t.Run(name, func(t *testing.T) { run(t, open(t)) })
			}
		})
	}
}

func wholeObjects(t *testing.T, s store) {
	start := time.Now()
	for key, contentType := range map[string]string{
		"live/demo/01ABC/main/7.ts": "video/mp2t",
		"live/demo/index.m3u8":      "application/vnd.apple.mpegurl",
		"live/demo/01ABC/vod.m3u8":  "application/vnd.apple.mpegurl",
		"空/名.bin":                   "application/octet-stream",
		"with space+plus%41&=?#.ts": "video/mp2t",
	} {
		body := []byte("object " + key)
		put(t, s, key, body)
		o := get(t, s, key)
		if got := read(t, o); !bytes.Equal(got, body) {
			t.Errorf("%s: got %q", key, got)
		}
		if o.Size != int64(len(body)) || o.ContentType != contentType || !strings.HasPrefix(o.ETag, `"`) {
			t.Errorf("%s: size %d, type %q, ETag %s", key, o.Size, o.ContentType, o.ETag)
		}
		// HTTP has a precision of one second.
		if o.Modified.Before(start.Add(-2*time.Second)) || o.Modified.After(time.Now().Add(2*time.Second)) {
			t.Errorf("%s: modified %v", key, o.Modified)
		}
	}
	put(t, s, "empty.ts", nil)
	if o := get(t, s, "empty.ts"); len(read(t, o)) != 0 || o.Size != 0 {
		t.Errorf("empty object has %d bytes", o.Size)
	}
	big := bytes.Repeat([]byte("0123456789abcdef"), 5<<20/16)
	put(t, s, "big.ts", big)
	if !bytes.Equal(read(t, get(t, s, "big.ts")), big) {
		t.Error("a big object came back changed")
	}
}

func ranges(t *testing.T, s store) {
	for _, key := range []string{"a.ts", "a.m3u8"} {
		put(t, s, key, []byte("0123456789"))
		for _, c := range []struct {
			offset, length int64
			want           string
		}{{0, -1, "0123456789"}, {0, 3, "012"}, {4, 3, "456"}, {8, 5, "89"}, {9, -1, "9"}, {3, 0, ""}} {
			o, err := s.GetRange(t.Context(), key, c.offset, c.length)
			if err != nil {
				t.Fatalf("%s %d+%d: %v", key, c.offset, c.length, err)
			}
			if got := string(read(t, o)); got != c.want || o.Size != 10 {
				t.Errorf("%s %d+%d: got %q of %d, want %q of 10", key, c.offset, c.length, got, o.Size, c.want)
			}
		}
		for _, offset := range []int64{-1, 10, 1 << 40} {
			if _, err := s.GetRange(t.Context(), key, offset, 1); !errors.Is(err, storage.ErrRange) {
				t.Errorf("%s from %d: %v, want ErrRange", key, offset, err)
			}
		}
	}
}

func missingObjects(t *testing.T, s store) {
	put(t, s, "a/b.ts", []byte("x"))
	for _, key := range []string{"none.ts", "a", "a/none.ts", "none/none.m3u8"} {
		if _, err := s.Get(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("get %s: %v, want ErrNotFound", key, err)
		}
		if err := s.Delete(t.Context(), key); err != nil {
			t.Errorf("delete %s: %v", key, err)
		}
	}
	if err := s.Delete(t.Context(), "a/b.ts"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "a/b.ts"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("get after delete: %v", err)
	}
	put(t, s, "a/b.ts", []byte("an immutable key is free again"))
}

func mutableKeys(t *testing.T, s store) {
	put(t, s, "live/demo/index.m3u8", []byte("one"))
	first := get(t, s, "live/demo/index.m3u8")
	read(t, first)
	put(t, s, "live/demo/index.m3u8", []byte("two"))
	second := get(t, s, "live/demo/index.m3u8")
	if got := string(read(t, second)); got != "two" || second.ETag == first.ETag {
		t.Errorf("got %q, ETags %s and %s", got, first.ETag, second.ETag)
	}
}

func sameBytesAgain(t *testing.T, s store) {
	for range 3 {
		put(t, s, "live/demo/01ABC/main/1.ts", []byte("segment"))
		put(t, s, "live/demo/01ABC/vod.m3u8", []byte("list"))
	}
}

// fromWhereItLies: pieces of memory, a file, or both give the same object. Later changes
// of them do not change the object.
func fromWhereItLies(t *testing.T, s store) {
	body := bytes.Repeat([]byte("0123456789abcdef"), 50_000)
	pieces := [][]byte{body[:1], nil, body[1:99_999], body[99_999:]}
	dir := t.TempDir()
	for name, c := range map[string]struct {
		pieces [][]byte
		file   bool
	}{"pieces": {pieces, false}, "a file": {nil, true}, "both": {pieces, true}} {
		for _, key := range []string{"live/demo/01ABC/main/" + name + ".ts", "live/demo/" + name + "/index.m3u8"} {
			file := ""
			if c.file {
				file = filepath.Join(dir, "segment")
				if err := os.WriteFile(file, body, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 { // as where the first answer was lost
				if err := s.PutFrom(t.Context(), key, c.pieces, file); err != nil {
					t.Fatalf("%s from %s: %v", key, name, err)
				}
			}
			if c.file {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			}
			if o := get(t, s, key); !bytes.Equal(read(t, o), body) || o.Size != int64(len(body)) {
				t.Errorf("%s from %s came back changed", key, name)
			}
		}
	}
	if err := s.PutFrom(t.Context(), "none.ts", nil, filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("from a file that is not there: %v", err)
	}
	if err := s.PutFrom(t.Context(), "a/../b", pieces, ""); !errors.Is(err, storage.ErrKey) {
		t.Errorf("bad key: %v", err)
	}
}

func keys(t *testing.T, s store) {
	for _, key := range []string{
		"", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/..", ".", "./a", ".mediad/lock", "a/.hidden",
		`a\b`, "a\x00b", "a\nb", "a\x7f", "\xff", strings.Repeat("a", 256), strings.Repeat("a/", 256) + "a",
	} {
		_, getErr := s.Get(t.Context(), key)
		_, putIfErr := s.PutIf(t.Context(), key, nil, "")
		for op, err := range map[string]error{
			"put": s.Put(t.Context(), key, nil), "putif": putIfErr, "get": getErr, "delete": s.Delete(t.Context(), key),
		} {
			var permanent interface{ Permanent() bool }
			if !errors.Is(err, storage.ErrKey) || !errors.As(err, &permanent) || !permanent.Permanent() {
				t.Errorf("%s %q: %v, want ErrKey", op, key, err)
			}
		}
	}
	put(t, s, strings.Repeat("a", 255)+"/"+strings.Repeat("b", 255), []byte("the longest"))
}

func cancelled(t *testing.T, s store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, getErr := s.Get(ctx, "a.ts")
	_, listErr := s.List(ctx, "", "", 0)
	for op, err := range map[string]error{
		"put": s.Put(ctx, "a.ts", nil), "get": getErr, "list": listErr, "delete": s.Delete(ctx, "a.ts"), "check": s.Check(ctx),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want cancelled", op, err)
		}
	}
}

func check(t *testing.T, s store) {
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, err := s.List(t.Context(), "", "", 0); err != nil || len(found) != 0 {
		t.Errorf("check left %v behind: %v", found, err)
	}
}

func put(t *testing.T, s store, key string, body []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, body); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s store, key string) storage.Object {
	t.Helper()
	o, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// read gives the object's bytes and closes it.
func read(t *testing.T, o storage.Object) []byte {
	t.Helper()
	body, err := io.ReadAll(o.Body)
	if err := errors.Join(err, o.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return body
}
