package datadir_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/datadir"
)

const roleVar = "DATADIR_TEST_DIR"

// TestMain lets the test binary be another process that holds a directory until
// its stdin ends.
func TestMain(m *testing.M) {
	dir := os.Getenv(roleVar)
	if dir == "" {
		os.Exit(m.Run())
	}
	lock, err := datadir.Acquire(context.Background(), dir, datadir.Options{})
	if err == nil {
		err = lock.At("http://localhost:8080", "localhost:1935")
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("held")
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		if err := lock.Leave(); err != nil {
			fmt.Println(err)
		}
		fmt.Println("leaving")
	}
	os.Exit(0)
}

// other is a process that holds dir.
type other struct {
	cmd *exec.Cmd
	in  interface{ Close() error }
	out *bufio.Scanner
	say func(string)
}

func hold(t *testing.T, dir string) *other {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVar+"="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	o := &other{cmd: cmd, in: in, out: bufio.NewScanner(out), say: func(s string) { fmt.Fprintln(in, s) }}
	o.hears(t, "held")
	return o
}

func (o *other) hears(t *testing.T, want string) {
	t.Helper()
	if !o.out.Scan() || o.out.Text() != want {
		t.Fatalf("the other process says %q", o.out.Text())
	}
}

// TestRefused: if another process has the directory, the start fails with an
// error that names it.
func TestRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	o := hold(t, dir)
	_, err := datadir.Acquire(t.Context(), dir, datadir.Options{Patience: 100 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, datadir.ErrInUse) {
		t.Fatalf("the directory was given twice: %v", err)
	}
	for _, want := range []string{dir, fmt.Sprint(o.cmd.Process.Pid), "http://localhost:8080", time.Now().Format(time.DateOnly), "data_dir"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the refusal lacks %q: %v", want, err)
		}
	}
	// Two locks in one process exclude each other as well.
	free := t.TempDir()
	first, err := datadir.Acquire(t.Context(), free, datadir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := datadir.Acquire(t.Context(), free, datadir.Options{Patience: time.Millisecond, Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, datadir.ErrInUse) {
		t.Errorf("taken twice by one process: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := datadir.Acquire(t.Context(), free, datadir.Options{})
	if err != nil {
		t.Fatalf("given back, and not to be had: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestWaits: a start that overlaps the shutdown of another process waits for it,
// longer than for a running one, and logs that. A crash leaves nothing that must
// be removed.
func TestWaits(t *testing.T) {
	for name, end := range map[string]func(*other){
		"shutdown": func(o *other) { _ = o.in.Close() },
		"kill -9":  func(o *other) { _ = o.cmd.Process.Kill() },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			o := hold(t, dir)
			o.say("leave")
			o.hears(t, "leaving")
			const patience = 2 * time.Second
			time.AfterFunc(patience+patience/4, func() { end(o) })
			var log bytes.Buffer
			began := time.Now()
			mine, err := datadir.Acquire(t.Context(), dir, datadir.Options{Patience: patience, Log: slog.New(slog.NewTextHandler(&log, nil))})
			if err != nil {
				t.Fatalf("after %v: %v", time.Since(began), err)
			}
			defer mine.Close()
			if waited := time.Since(began); waited < patience {
				t.Errorf("the directory was given after %v, with the other there", waited)
			}
			if s := log.String(); strings.Count(s, "\n") != 1 || !strings.Contains(s, "waiting") || !strings.Contains(s, fmt.Sprint(o.cmd.Process.Pid)) {
				t.Errorf("the wait was not said once: %s", s)
			}
		})
	}
}

// TestCancelled: a waiting start can be stopped.
func TestCancelled(t *testing.T) {
	dir := t.TempDir()
	hold(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	if _, err := datadir.Acquire(ctx, dir, datadir.Options{Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// TestDamaged: the lock decides, whatever is in the file.
func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	for _, text := range []string{"", "{", strings.Repeat("x", 100_000), `{"pid":1,"since":"2020-01-01T00:00:00Z","http":"http://gone"}`} {
		if err := os.WriteFile(filepath.Join(dir, "lock"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		mine, err := datadir.Acquire(t.Context(), dir, datadir.Options{})
		if err != nil {
			t.Fatalf("%.20q: %v", text, err)
		}
		if _, err := datadir.Acquire(t.Context(), dir, datadir.Options{Patience: time.Millisecond, Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, datadir.ErrInUse) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
			t.Errorf("%.20q: %v", text, err)
		}
		if err := mine.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
