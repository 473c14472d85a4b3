package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"testing"

	"mediad/storage"
)

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

// deletesWhatItSaw: DeleteIf does not delete an object that was put since.
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

// replaces: Replace also replaces immutable objects, and readers always find one of
// the two.
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

// oneOfManyWins: of writers that read the same version, exactly one succeeds.
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

// neverHalf: a reader sees one of the written versions while others write.
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
