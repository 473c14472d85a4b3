package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
		// A second's precision is all that HTTP has.
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

// fromWhereItLies: pieces of memory, a file, or both give the same object, which
// does not care what becomes of them.
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

func conditions(t *testing.T, s store) {
	const key = "live/demo/index.m3u8"
	putIf := func(body, etag string, want error) string {
		t.Helper()
		tag, err := s.PutIf(t.Context(), key, []byte(body), etag)
		if !errors.Is(err, want) {
			t.Fatalf("put %q if %s: %v, want %v", body, etag, err, want)
		}
		return tag
	}
	putIf("replacing nothing", `"00000000000000000000000000000000"`, storage.ErrChanged)
	one := putIf("one", "", nil)
	putIf("again new", "", storage.ErrChanged)
	two := putIf("two", one, nil)
	putIf("stale", one, storage.ErrChanged)
	o := get(t, s, key)
	if got := string(read(t, o)); got != "two" || o.ETag != two || one == two {
		t.Fatalf("got %q with ETag %s, want two with %s", got, o.ETag, two)
	}
	put(t, s, key, []byte("by somebody else"))
	putIf("three", two, storage.ErrChanged)
	body, tag, err := s.Read(t.Context(), key)
	if err != nil || string(body) != "by somebody else" {
		t.Fatalf("read %q: %v", body, err)
	}
	putIf("three", tag, nil)
	if err := s.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Read(t.Context(), key); !errors.Is(err, storage.ErrNotFound) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("read what was deleted: %v, want ErrNotFound and fs.ErrNotExist", err)
	}
	_, err = s.PutIf(t.Context(), key, []byte("four"), tag)
	var changed interface{ Changed() bool }
	if !errors.Is(err, storage.ErrChanged) || !errors.As(err, &changed) || !changed.Changed() {
		t.Errorf("replace what was deleted: %v, want ErrChanged with its method", err)
	}

	tag, err = s.PutIf(t.Context(), "1.ts", []byte("segment"), "")
	if err != nil {
		t.Fatal(err)
	}
	if o := get(t, s, "1.ts"); o.ETag != tag || string(read(t, o)) != "segment" {
		t.Errorf("ETag %s, PutIf said %s", o.ETag, tag)
	}
	if _, err := s.PutIf(t.Context(), "1.ts", []byte("segment"), ""); !errors.Is(err, storage.ErrChanged) {
		t.Errorf("create twice: %v, want ErrChanged", err)
	}
	if _, err := s.PutIf(t.Context(), "1.ts", []byte("other"), tag); !errors.Is(err, storage.ErrImmutable) {
		t.Errorf("replace an immutable object: %v, want ErrImmutable", err)
	}
}

// deletesWhatItSaw: what was put since stays.
func deletesWhatItSaw(t *testing.T, s store) {
	const key = "live/demo/index.m3u8"
	one, err := s.PutIf(t.Context(), key, []byte("one"), "")
	if err != nil {
		t.Fatal(err)
	}
	two, err := s.PutIf(t.Context(), key, []byte("two"), one)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteIf(t.Context(), key, one); !errors.Is(err, storage.ErrChanged) {
		t.Errorf("delete the former: %v, want ErrChanged", err)
	}
	if got := read(t, get(t, s, key)); string(got) != "two" {
		t.Errorf("left is %q", got)
	}
	for range 2 { // a missing one is no error
		if err := s.DeleteIf(t.Context(), key, two); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Get(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("after it was deleted: %v", err)
	}
	if err := s.DeleteIf(t.Context(), "a/../b", two); !errors.Is(err, storage.ErrKey) {
		t.Errorf("bad key: %v", err)
	}
}

// replaces: also what is not to change, and nobody finds nothing meanwhile.
func replaces(t *testing.T, s store) {
	const key = "live/demo/01A/vod.m3u8"
	put(t, s, key, []byte("body 0"))
	over, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			if _, _, err := s.Read(context.Background(), key); err != nil {
				done <- err
				return
			}
			select {
			case <-over:
				done <- nil
				return
			default:
			}
		}
	}()
	for i := range 50 {
		if err := s.Replace(t.Context(), key, fmt.Appendf(nil, "body %d", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	close(over)
	if err := <-done; err != nil {
		t.Errorf("read meanwhile: %v", err)
	}
	if got := read(t, get(t, s, key)); string(got) != "body 50" {
		t.Errorf("left is %q", got)
	}
}

// oneOfManyWins: of writers that saw the same version exactly one gets through.
func oneOfManyWins(t *testing.T, s store) {
	const key, writers = "index.m3u8", 8
	tag, err := s.PutIf(t.Context(), key, []byte("first"), "")
	if err != nil {
		t.Fatal(err)
	}
	var won sync.Map
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			body := fmt.Sprintf("by %d", i)
			switch _, err := s.PutIf(t.Context(), key, []byte(body), tag); {
			case err == nil:
				won.Store(body, true)
			case !errors.Is(err, storage.ErrChanged):
				t.Error(err)
			}
		})
	}
	all.Wait()
	var winners []string
	won.Range(func(k, _ any) bool { winners = append(winners, k.(string)); return true })
	if got := string(read(t, get(t, s, key))); len(winners) != 1 || got != winners[0] {
		t.Errorf("winners %v, object %q", winners, got)
	}
}

// neverHalf: who reads while others write sees one of the written versions.
func neverHalf(t *testing.T, s store) {
	const key = "index.m3u8"
	version := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i)}, 10_000*(i+1)) }
	put(t, s, key, version(0))
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for i := range 4 {
		writers.Go(func() {
			for range 5 {
				if err := s.Put(t.Context(), key, version(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	readers.Go(func() {
		for {
			o, err := s.Get(t.Context(), key)
			if err != nil {
				t.Error(err)
				return
			}
			got, err := io.ReadAll(o.Body)
			o.Body.Close()
			if err != nil || len(got) == 0 || !bytes.Equal(got, version(int(got[0]-'a'))) {
				t.Errorf("read %d bytes that nobody wrote: %v", len(got), err)
				return
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	writers.Wait()
	close(done)
	readers.Wait()
}

func listsInKeyOrder(t *testing.T, s store) {
	// In the order of their bytes: "-" and "." come before "/", "0" after it.
	all := []string{"a-b/1.ts", "a.ts", "a/1.ts", "a/10.ts", "a/2.ts", "a/b/c/1.ts", "a0.ts", "b/1.ts", "ü.ts"}
	for i := range all {
		key := all[(i*4+3)%len(all)] // in another order
		put(t, s, key, []byte(key))
	}
	for _, c := range []struct {
		prefix, after string
		limit         int
		want          []string
	}{
		{"", "", 0, all},
		{"a", "", 0, all[:7]},
		{"a/", "", 0, all[2:6]},
		{"a/1", "", 0, all[2:4]},
		{"a/b", "", 0, all[5:6]},
		{"a/b/c/1.ts", "", 0, all[5:6]},
		{"", "a/10.ts", 0, all[4:]},
		{"", "a/b/a", 0, all[5:]},
		{"a/", "a/10.ts", 1, all[4:5]},
		{"a/", "b", 0, nil},
		{"", "a-b/1.ts", 3, all[1:4]},
		{"c/", "", 0, nil},
		{"a/1.ts/", "", 0, nil},
	} {
		found, err := s.List(t.Context(), c.prefix, c.after, c.limit)
		if err != nil {
			t.Fatalf("list %q after %q: %v", c.prefix, c.after, err)
		}
		var got []string
		for _, info := range found {
			got = append(got, info.Key)
			if info.Size != int64(len(info.Key)) || info.Modified.IsZero() {
				t.Errorf("%s: size %d, modified %v", info.Key, info.Size, info.Modified)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("list %q after %q, %d (-want +got):\n%s", c.prefix, c.after, c.limit, diff)
		}
	}
}

func pagesOfLists(t *testing.T, s store) {
	for i := range 10 {
		put(t, s, fmt.Sprintf("e/%d.ts", i), []byte("x"))
	}
	var got []string
	after := ""
	for pages := 0; ; pages++ {
		found, err := s.List(t.Context(), "e/", after, 3)
		if err != nil || pages > 4 {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, info := range found {
			got = append(got, info.Key)
		}
		if len(found) < 3 {
			break
		}
		after = found[len(found)-1].Key
	}
	if len(got) != 10 || got[0] != "e/0.ts" || got[9] != "e/9.ts" {
		t.Errorf("pages give %v", got)
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
