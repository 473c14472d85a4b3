package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mediad/overlay/store"
)

// A copy is made while a server has the database open, and one can start with
// it.
func TestBackupCommand(t *testing.T) {
	data, to := t.TempDir(), t.TempDir()
	t.Chdir(to)
	s, err := store.Open(t.Context(), store.Options{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.EnsureRoom(t.Context(), "demo", "Demo", "a-stream-key"); err != nil {
		t.Fatal(err)
	}
	mediad := func(ctx context.Context, code int, says string, args ...string) {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if got := run(ctx, args, []string{"MEDIAD_DATA_DIR=" + data}, &stdout, &stderr); got != code {
			t.Errorf("mediad %q: exit code %d, want %d", args, got, code)
		}
		if all := stdout.String() + stderr.String(); !strings.Contains(all, says) {
			t.Errorf("mediad %q said %q, want %q in it", args, all, says)
		}
	}
	mediad(t.Context(), exitOK, "the database is sound", "database", "check")
	mediad(t.Context(), exitOK, "mediad.key", "backup", "mediad.db")
	mediad(t.Context(), exitFailed, "overwrites nothing", "backup", "mediad.db")
	mediad(t.Context(), exitOK, "/backups/mediad-v", "backup", "--no-key")
	mediad(t.Context(), exitUsage, "unknown flag", "backup", "--all")
	mediad(t.Context(), exitOK, "FILE.key", "backup", "--help")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	mediad(stopped, exitFailed, "stopped before the end", "backup", "stopped.db")
	mediad(stopped, exitFailed, "stopped before the end", "database", "check")

	if left, _ := filepath.Glob("*"); strings.Join(left, " ") != "mediad.db mediad.key" {
		t.Errorf("left %q", left)
	}
	if err := os.Rename("mediad.key", "secret.key"); err != nil {
		t.Fatal(err)
	}
	restored, err := store.Open(t.Context(), store.Options{Dir: to})
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	if room, err := restored.RoomByKey(t.Context(), "a-stream-key"); err != nil || room.Slug != "demo" {
		t.Errorf("found %+v, %v", room, err)
	}
	data = filepath.Join(to, "nowhere")
	mediad(t.Context(), exitFailed, "is data_dir right?", "backup")
	mediad(t.Context(), exitFailed, "is data_dir right?", "database", "check")
}
