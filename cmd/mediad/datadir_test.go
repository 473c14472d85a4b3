package main

import (
	"bytes"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSecondServer: a server on the data directory of another that is on air
// fails with a clear error before it reads anything, and the broadcast stays
// whole. A start that overlaps a shutdown waits for its end and continues.
func TestSecondServer(t *testing.T) {
	first := newChild(t, map[string]any{"kind": "dir"}, nil, "tea")
	first.start()
	on := first.airing("tea")

	second := newChild(t, map[string]any{"kind": "dir"}, nil, "tea")
	var stdout, stderr bytes.Buffer
	environ := []string{"MEDIAD_DATA_DIR=" + first.data}
	if code := run(t.Context(), []string{"serve", "--config", second.config}, environ, &stdout, &stderr); code != exitFailed {
		t.Errorf("a second server ended with %d", code)
	}
	for _, want := range []string{"data_dir is in use", first.http, "stop that one"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("the second server said %q, want %q in it", &stderr, want)
		}
	}
	if !on() {
		t.Error("the broadcast is gone")
	}
	// Commands work beside it.
	for _, args := range [][]string{{"backup", t.TempDir()}, {"database", "check"}, {"storage", "check"}, {"storage", "repair"}} {
		stdout.Reset()
		stderr.Reset()
		if code := run(t.Context(), append(args, "--config", first.config), nil, &stdout, &stderr); code != exitOK {
			t.Errorf("mediad %q beside a server ended with %d: %s%s", args, code, &stdout, &stderr)
		}
	}

	// The next process is started while the first still shuts down.
	ended := first.done
	if err := first.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first is leaving", 10*time.Second, func() bool {
		text, err := os.ReadFile(first.data + "/lock")
		return err == nil && strings.Contains(string(text), `"leaving":true`)
	})
	first.start()
	if err := <-ended; err != nil {
		t.Errorf("the first ended with %v", err)
	}
	defer first.stop(syscall.SIGTERM)
	eventually(t, "the broadcast goes on", 30*time.Second, on)
}
