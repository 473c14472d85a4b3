package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/keep"
	"mediad/overlay/store"
)

// TestStorageCommand: exit codes and texts of mediad storage, beside an open
// database. The tests of package keep cover the findings.
func TestStorageCommand(t *testing.T) {
	data := t.TempDir()
	mediad := func(code int, says string, args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if got := run(t.Context(), append([]string{"storage"}, args...), []string{"MEDIAD_DATA_DIR=" + data}, &stdout, &stderr); got != code {
			t.Errorf("mediad %q: exit code %d, want %d", args, got, code)
		}
		if all := stdout.String() + stderr.String(); !strings.Contains(all, says) {
			t.Errorf("mediad %q said %q, want %q in it", args, all, says)
		}
		return stdout.String()
	}
	mediad(exitFailed, "there is no database in data_dir "+data+": ", "check")
	s, err := store.Open(t.Context(), store.Options{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	mediad(exitOK, "0 broadcasts, 0 objects, 0 MB: 0 findings, 0 left to repair", "check")
	mediad(exitOK, "0 objects listed", "repair")
	mediad(exitUsage, "unknown flag", "check", "--delete-orphans")

	orphan := filepath.Join(data, "objects", "live", "x", "01aaaaaaaaaaaaaaaaaaaaaaaa", "main", "1.ts")
	if err := os.MkdirAll(filepath.Dir(orphan), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(orphan, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	mediad(exitOK, "younger than a day", "check")
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(orphan, old, old); err != nil {
		t.Fatal(err)
	}
	mediad(exitFailed, "what is stored is not in order; findings: 1", "check")
	var found keep.Survey
	if err := json.Unmarshal([]byte(mediad(exitFailed, "", "check", "--json")), &found); err != nil || len(found.Findings) != 1 || found.Findings[0].Kind != keep.ObjectOrphan {
		t.Errorf("found %+v, %v", found, err)
	}
	mediad(exitFailed, "orphan: no broadcast", "repair")
	mediad(exitOK, "deleted", "repair", "--delete-orphans")
	mediad(exitOK, "0 findings", "check")
}
