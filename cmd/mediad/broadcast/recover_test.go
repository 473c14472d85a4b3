package broadcast

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/packager/spool"
	"mediad/storage"
	"mediad/storage/versity"
)

// After a power failure nothing is listed again, but closed segments on the
// disk go to the store, and so does the rest of the open segment.
func TestRecover(t *testing.T) {
	for boot, listed := range map[string]int{"same": 3, "another": 0} {
		dir, quiet := t.TempDir(), slog.New(slog.DiscardHandler)
		date := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		run := func(s interface{ Run(context.Context) error }) (stop func()) {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- s.Run(ctx) }()
			return func() {
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
		}
		before := spool.New(spool.Options{Dir: dir, Boot: "same", Log: quiet})
		stop := run(before)
		st := before.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: func(uint64) {}})
		for msn := range uint64(3) {
			st.Part(&spool.Head{MSN: msn + 1, Start: int64(msn) * 2 * ingest.Clock, Date: date.Add(time.Duration(msn) * 2 * time.Second)},
				spool.Part{Number: 2*msn + 1, Duration: ingest.Clock, Target: ingest.Clock, Data: []byte("one ")})
			if msn == 2 {
				break // killed
			}
			st.Part(nil, spool.Part{Number: 2*msn + 2, Duration: ingest.Clock, Target: ingest.Clock, Data: []byte("two")})
			st.Close(2, 2*ingest.Clock)
		}
		stop()

		objects := t.TempDir()
		store, err := storage.OpenDir(objects)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		sp := spool.New(spool.Options{Dir: dir, Boot: boot, Log: quiet})
		s := &Manager{spool: sp, archive: archive.New(archive.Options{Store: store, Dir: dir, Spool: sp, Log: quiet}), log: quiet}
		stopArchive, stopSpool := run(s.archive), run(sp)
		got, err := s.recover("demo", "01a", 2, 30*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if want := date.Add(5 * time.Second); len(got.past) != listed || !got.edge.Equal(want) {
			t.Errorf("%s boot: %d listed, up to %v, want %d up to %v", boot, len(got.past), got.edge, listed, want)
		}
		got.stored.End()
		got.spooled.End()
		if err := s.archive.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"1.ts": "one two", "2.ts": "one two", "3.ts": "one "} {
			body, err := os.ReadFile(filepath.Join(objects, "live/demo/01a/main", name))
			if err != nil || string(body) != want {
				t.Errorf("%s boot: %s is %q, want %q: %v", boot, name, body, want, err)
			}
		}
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
			if _, err := os.Stat(filepath.Join(dir, "demo", "01a")); os.IsNotExist(err) {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("%s boot: the folder stays", boot)
			}
		}
		stopArchive()
		stopSpool()
	}
}

// If the store has more than the spool, whose last files lost their end,
// nothing is listed again: numbers would be used twice.
func TestRecoverBehindTheStore(t *testing.T) {
	dir, quiet := t.TempDir(), slog.New(slog.DiscardHandler)
	store, err := storage.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for _, of := range []struct{ stored, listed int }{{2, 3}, {3, 3}, {4, 0}} {
		dir := filepath.Join(dir, string(rune('0'+of.stored)))
		sp := spool.New(spool.Options{Dir: dir, Boot: "same", Log: quiet})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- sp.Run(ctx) }()
		date := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		st := sp.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: func(uint64) {}})
		for i := range 3 {
			msn, at := uint64(i+1), date.Add(time.Duration(i)*2*time.Second)
			st.Part(&spool.Head{MSN: msn, Start: int64(i) * 2 * ingest.Clock, Date: at}, spool.Part{Number: msn, Duration: 2 * ingest.Clock, Target: 2 * ingest.Clock, Data: []byte("x")})
			st.Close(2, 2*ingest.Clock)
		}
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		lines := `{"open":{"v":1,"target":2,"window_ns":30000000000,"discontinuities":0}}` + "\n"
		for i := range of.stored {
			lines += fmt.Sprintf(`{"segment":{"msn":%d,"ns":2000000000,"date":%q,"bytes":1}}`+"\n", i+1, date.Add(time.Duration(i)*2*time.Second).Format(time.RFC3339))
		}
		if err := os.WriteFile(filepath.Join(dir, "demo", "01a.journal"), []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
		sp = spool.New(spool.Options{Dir: dir, Boot: "same", Log: quiet})
		s := &Manager{spool: sp, archive: archive.New(archive.Options{Store: store, Dir: dir, Spool: sp, Log: quiet}), log: quiet}
		got, err := s.recover("demo", "01a", 2, 30*time.Second)
		if err != nil || len(got.past) != of.listed {
			t.Errorf("%d stored: %d listed, want %d: %v", of.stored, len(got.past), of.listed, err)
		}
	}
}

// A process may be killed after it stored a segment and before its spool has
// the segment's last part. The next process stores under the same key. The
// result must be neither a gap nor other bytes.
func TestRecoverTheOpenSegment(t *testing.T) {
	for _, kind := range []string{"dir", "s3"} {
		t.Run(kind, func(t *testing.T) {
			objects, dir, quiet := anyStore(t, kind), t.TempDir(), slog.New(slog.DiscardHandler)
			life := func(objects archive.Store) (s *Manager, kill func()) {
				sp := spool.New(spool.Options{Dir: dir, Boot: "same", Log: quiet})
				s = &Manager{spool: sp, archive: archive.New(archive.Options{Store: objects, Dir: dir, Spool: sp, Log: quiet}), log: quiet}
				ctx, cancel := context.WithCancel(t.Context())
				var running sync.WaitGroup
				running.Go(func() { _ = sp.Run(ctx) })
				running.Go(func() { _ = s.archive.Run(ctx) })
				return s, func() { cancel(); running.Wait() }
			}
			flush := func(s *Manager, patience time.Duration) error {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				return s.archive.Flush(ctx)
			}
			s, kill := life(unheard{objects})
			defer func() { kill() }()
			left, err := s.recover("demo", "01a", 2, 30*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			date := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
			part := func(number int, text string) spool.Part {
				return spool.Part{Number: uint64(number), Duration: ingest.Clock, Target: ingest.Clock, Data: []byte(text)}
			}
			for msn := 1; msn <= 3; msn++ {
				at := date.Add(time.Duration(msn) * 2 * time.Second)
				left.spooled.Part(&spool.Head{MSN: uint64(msn), Start: int64(msn) * 2 * ingest.Clock, Date: at}, part(2*msn, "one "))
				left.stored.Add(archive.Segment{MSN: uint64(msn), Duration: 2 * time.Second, Date: at, Data: [][]byte{[]byte("one "), []byte("two")}})
				if msn < 3 {
					left.spooled.Part(nil, part(2*msn+1, "two"))
					left.spooled.Close(2, 2*ingest.Clock)
				}
			}
			if err := flush(s, time.Second); err == nil {
				t.Error("the third segment is stored")
			}
			kill()
			before, _, _ := objects.Read(t.Context(), layout.Of("demo", "01a").Segment(3).Key())

			s, kill = life(objects)
			if left, err = s.recover("demo", "01a", 2, 30*time.Second); err != nil {
				t.Fatal(err)
			}
			left.stored.End()
			left.spooled.End()
			if err := flush(s, time.Minute); err != nil {
				t.Fatal(err)
			}
			records, err := s.archive.Segments("demo", "01a")
			if err != nil || len(records) != 3 {
				t.Fatalf("%d records: %v", len(records), err)
			}
			for _, r := range records {
				body, _, err := objects.Read(t.Context(), layout.Of("demo", "01a").Segment(r.MSN).Key())
				if err != nil || r.Gap || int64(len(body)) != r.Bytes {
					t.Errorf("segment %d is written down as %+v and is %q: %v", r.MSN, r, body, err)
				}
				if r.MSN == 3 && before != nil && !bytes.Equal(before, body) {
					t.Errorf("%q was stored, and is %q now", before, body)
				}
			}
		})
	}
}

// unheard is a store whose answer for the third segment is lost.
type unheard struct{ archive.Store }

func (u unheard) Put(ctx context.Context, key string, body []byte) error {
	err := u.Store.Put(ctx, key, body)
	if path.Base(key) == "3.ts" {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}

// anyStore is a store of a kind, with nothing in it.
func anyStore(t *testing.T, kind string) archive.Store {
	t.Helper()
	if kind == "dir" {
		d, err := storage.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	g := versity.Here(t)
	b, err := storage.NewS3(t.Context(), storage.S3Options{Endpoint: g.Endpoint, Region: g.Region, Bucket: g.Bucket, PathStyle: true})
	if err != nil {
		t.Fatal(err)
	}
	return b
}
