package archive_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/packager/spool"
	"mediad/storage"
)

// TestSpoolBecomesObject: the spool's file itself is the object of a directory store
// on the same file system, and stays when the spool lets go of it.
func TestSpoolBecomesObject(t *testing.T) {
	root, quiet := t.TempDir(), slog.New(slog.DiscardHandler)
	d, err := storage.OpenDir(filepath.Join(root, "objects"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	dir := filepath.Join(root, "spool")
	sp := spool.New(spool.Options{Dir: dir, Log: quiet})
	a := archive.New(archive.Options{Store: d, Dir: dir, Spool: sp, Log: quiet})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	go func() { ended <- sp.Run(ctx) }()
	go func() { ended <- a.Run(ctx) }()
	s, err := a.Open("demo", "01a", 2)
	if err != nil {
		t.Fatal(err)
	}
	st := sp.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: s.Kept, Left: s.Left})
	seg := segment(1)
	st.Part(&spool.Head{MSN: seg.MSN, Date: seg.Date}, spool.Part{Number: 1, Duration: ingest.Clock, Target: ingest.Clock, Data: seg.Data[0]})
	var want []byte
	for i, data := range seg.Data {
		want = append(want, data...)
		if i > 0 {
			st.Part(nil, spool.Part{Number: uint64(i) + 1, Duration: ingest.Clock, Target: ingest.Clock, Data: data})
		}
	}
	s.Add(seg)
	st.Close(len(seg.Data), 2*ingest.Clock)
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	object := filepath.Join(root, "objects", layout.Of("demo", "01a").Segment(seg.MSN).Key())
	one, err := os.Stat(filepath.Join(dir, "demo", "01a", "1.ts"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := os.Stat(object)
	if err != nil || !os.SameFile(one, two) {
		t.Errorf("the object is another file: %v", err)
	}
	s.End()
	st.End()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(filepath.Join(dir, "demo", "01a")); os.IsNotExist(err) {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the spool's folder stays")
		}
	}
	if got, err := os.ReadFile(object); err != nil || string(got) != string(want) {
		t.Errorf("%d bytes are left, want %d: %v", len(got), len(want), err)
	}
	stop()
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
