package archive

import (
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"mediad/packager/layout"
	"mediad/storage"
)

// A disk that hangs while a room's journal is read keeps no other room waiting.
// A pipe that nobody writes to is such a disk.
func TestOpenWhileADiskHangs(t *testing.T) {
	objects, err := storage.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer objects.Close()
	a := New(Options{Store: objects, Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	journal := a.disk().Journal(layout.Of("corn", "01a"))
	if err := os.MkdirAll(filepath.Dir(journal), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(journal, 0o600); err != nil {
		t.Fatal(err)
	}
	corn := make(chan error, 1)
	go func() { // for ever
		_, err := a.Open("corn", "01a", 2)
		corn <- err
	}()
	for a.openingOf("corn").TryLock() { // not there yet
		a.openingOf("corn").Unlock()
		time.Sleep(time.Millisecond)
	}
	tea := make(chan error, 1)
	go func() {
		_, err := a.Open("tea", "01b", 2)
		tea <- err
	}()
	select {
	case err := <-tea:
		if err != nil {
			t.Error(err)
		}
	case err := <-corn:
		t.Errorf("corn did not hang: %v", err)
	case <-time.After(20 * time.Second):
		t.Error("tea waits for corn's disk")
	}
}
