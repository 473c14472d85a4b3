package storage_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"mediad/storage"
)

// NewDir does not access the directory, and nothing can be written there before
// Prepare.
func TestNewDirTouchesNothing(t *testing.T) {
	root := filepath.Join(t.TempDir(), "objects")
	d, err := storage.NewDir(root)
	if err != nil {
		t.Fatal(err)
	}
	const key = "live/demo/01A/main/1.ts"
	for name, do := range map[string]func() error{
		"put":    func() error { return d.Put(t.Context(), key, []byte("x")) },
		"delete": func() error { return d.Delete(t.Context(), key) },
		"list":   func() error { _, err := d.List(t.Context(), "live/", "", 0); return err },
	} {
		if err := do(); err == nil || !strings.Contains(err.Error(), root) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(root); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the directory is there: %v", err)
	}
	if err := d.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	put(t, d, key, []byte("x"))
	if err := d.Prepare(); err != nil {
		t.Errorf("a second time: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// Check returns when its ctx ends, though its work hangs in the system. That work ends
// when the disk answers again. A lock that another process holds takes the place of the
// disk: the call that waits for it hangs in the same way.
func TestCheckLeavesWhatHangs(t *testing.T) {
	root := filepath.Join(t.TempDir(), "objects")
	first := openDir(t, root)
	other, err := os.Open(filepath.Join(root, ".mediad", "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := syscall.Flock(int(other.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := first.Check(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("a disk that hangs: %v", err)
	}
	if err := first.Close(); err != nil { // it neither waits nor takes the file away
		t.Errorf("closed meanwhile: %v", err)
	}
	if err := syscall.Flock(int(other.Fd()), syscall.LOCK_UN); err != nil {
		t.Fatal(err)
	}
	if err := first.Check(t.Context()); err != nil {
		t.Errorf("it answers again: %v", err)
	}
	// The work of both checks has ended: nothing of them is left.
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		found, err := first.List(t.Context(), "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("left behind: %v", found)
		}
	}
}
