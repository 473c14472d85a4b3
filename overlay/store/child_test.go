package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mediad/overlay"
)

// TestMain lets the test binary be its own child: a process that tests may kill,
// or whose disk they may fill.
func TestMain(m *testing.M) {
	switch dir := os.Getenv("MEDIAD_STORE_DIR"); os.Getenv("MEDIAD_STORE_CHILD") {
	case "write":
		childWrite(dir, os.Getenv("MEDIAD_STORE_URL"))
	case "full":
		childFull(dir)
	case "move to postgres", "move to sqlite":
		childMove(dir, os.Getenv("MEDIAD_STORE_URL"), os.Getenv("MEDIAD_STORE_CHILD") == "move to postgres")
	default:
		os.Exit(onBoth(m))
	}
}

// Child makes the process; nothing is started.
func Child(t *testing.T, what, dir, url string) (*exec.Cmd, io.ReadCloser) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "MEDIAD_STORE_CHILD="+what, "MEDIAD_STORE_DIR="+dir, "MEDIAD_STORE_URL="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

func childMove(dir, url string, toPostgres bool) {
	if _, err := Move(context.Background(), MoveOptions{Dir: dir, URL: url, ToPostgres: toPostgres}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// childWrite adds cues for ever from many callers. Each prints its answers;
// some actions fail.
func childWrite(dir, url string) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	s, err := Open(context.Background(), Options{Dir: dir, URL: url})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	ctx := context.Background()
	var wg sync.WaitGroup
	for n := range 16 {
		wg.Go(func() {
			for i := 0; ; i++ {
				if n == 0 {
					if err := s.write(ctx, func(t *tx) error {
						if err := mark(fmt.Sprint("refused-", s.newID()))(t); err != nil {
							return err
						}
						return overlay.Errorf(overlay.Conflict, "no")
					}); overlay.CodeOf(err) != overlay.Conflict {
						fmt.Fprintln(os.Stderr, err)
						os.Exit(1)
					}
					continue
				}
				c, err := s.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "hello"}, overlay.At{}, Once{})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				os.Stdout.WriteString(c.ID + "\n") // one write: whole or not at all
			}
		})
	}
	wg.Wait()
}

// After kill -9 at any moment, every answered action is in the database, and
// nothing that was not requested; the log has no gaps; the file is sound.
func TestAnsweredSurvivesKill(t *testing.T) {
	dir, url := t.TempDir(), NewURL(t)
	s, err := Open(t.Context(), Options{Dir: dir, URL: url})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.EnsureRoom(t.Context(), "corn", "Corn", "corn-key"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	answered := map[string]bool{}
	for round := range 8 {
		cmd, out := Child(t, "write", dir, url)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		var once sync.Once
		before := len(answered)
		for lines.Scan() {
			answered[lines.Text()] = true
			once.Do(func() {
				time.AfterFunc(time.Duration(rand.IntN(120))*time.Millisecond, func() { _ = cmd.Process.Kill() })
			})
		}
		err := cmd.Wait()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("round %d: the child ended by itself: %v", round, err)
		}
		if len(answered) == before {
			t.Fatalf("round %d: nothing was answered", round)
		}
		checkAnswered(t, dir, url, answered)
	}
	t.Logf("%d answered actions over 8 kills", len(answered))
}

func checkAnswered(t *testing.T, dir, url string, answered map[string]bool) {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir, URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if url == "" {
		if found, err := integrity(t.Context(), s.reader, "integrity_check"); found != nil || err != nil {
			t.Error(found, err)
		}
	}
	open, _, err := s.RoomShows(t.Context(), "corn")
	if err != nil || open == nil {
		t.Fatalf("no show, %v", err)
	}
	events, err := s.PictureAfter(t.Context(), open.ID, 0, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for i, e := range events {
		if e.Seq != uint64(i+1) {
			t.Fatalf("event %d has seq %d", i+1, e.Seq)
		}
		found[e.ID] = true
	}
	for id := range answered {
		if !found[id] {
			t.Errorf("cue %s was answered and is lost", id)
		}
	}
	for id := range marked(t, s) {
		t.Errorf("%s was kept", id)
	}
}

// On a full disk writers get the reason, readers go on, and both work again
// by themselves when there is space.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	cmd, out := Child(t, "full", dir, "")
	// A small file system of its own, if the machine allows a mount.
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	if err := cmd.Start(); err != nil {
		t.Logf("no name space (%v): the child limits the size of its files instead", err)
		cmd, out = Child(t, "full", dir, "")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := io.ReadAll(out)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	t.Logf("%s", text)
}

func childFull(dir string) {
	if err := fillDisk(dir); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func fillDisk(dir string) error {
	ctx := context.Background()
	words := "the disk is full"
	fill := func() error { return fill(filepath.Join(dir, "filler")) }
	free := func() error { return os.Remove(filepath.Join(dir, "filler")) }
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		fmt.Println("limit of file sizes, as mounting failed:", err)
		words = "the disk fails" // SQLite cannot tell EFBIG from a broken disk
		signal.Ignore(syscall.SIGXFSZ)
		var old syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			return err
		}
		fill = func() error {
			return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 512 << 10, Max: old.Max})
		}
		free = func() error { return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old) }
	} else {
		fmt.Println("a tmpfs of 4 MiB")
	}
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		return err
	}
	defer s.Close()
	start := func() error { // what a server does at each start
		_, err := s.EnsureRoom(ctx, "corn", "Corn", "corn-key")
		_, terr := s.EnsureAdminToken(ctx, "a token", true)
		return errors.Join(err, terr)
	}
	if err := start(); err != nil {
		return err
	}
	add := func() (string, error) {
		c, err := s.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: strings.Repeat("long ", 30)}, overlay.At{}, Once{})
		return c.ID, err
	}
	kept := map[string]bool{}
	for round := range 3 {
		if err := fill(); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
		refused := 0
		for i := 0; refused < 20; i++ {
			if i > 10000 {
				return errors.New("the disk was never full")
			}
			id, err := add()
			switch {
			case err == nil:
				kept[id] = true
			case overlay.CodeOf(err) == overlay.Unavailable && strings.Contains(err.Error(), words):
				refused++
			default:
				return fmt.Errorf("round %d: not refused in words: %w", round, err)
			}
		}
		if _, err := s.RoomByKey(ctx, "corn-key"); err != nil {
			return fmt.Errorf("read on a full disk: %w", err)
		}
		if err := start(); err != nil {
			return fmt.Errorf("start on a full disk: %w", err)
		}
		if err := free(); err != nil {
			return fmt.Errorf("free: %w", err)
		}
		for range 20 {
			id, err := add()
			if err != nil {
				return fmt.Errorf("round %d: did not recover: %w", round, err)
			}
			kept[id] = true
		}
	}
	open, _, err := s.RoomShows(ctx, "corn")
	if err != nil {
		return err
	}
	events, err := s.After(ctx, open.ID, 0, 1<<30)
	if err != nil {
		return err
	}
	if len(events) != len(kept) {
		return fmt.Errorf("%d events of %d answered", len(events), len(kept))
	}
	for _, e := range events {
		if !kept[e.ID] {
			return fmt.Errorf("event %s was never answered", e.ID)
		}
	}
	if found, err := integrity(ctx, s.reader, "integrity_check"); found != nil || err != nil {
		return errors.Join(found, err)
	}
	fmt.Printf("%d answered actions, 60 refused\n", len(kept))
	return nil
}

// fill uses up the free space.
func fill(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	for size := 64 << 10; size > 0; size /= 2 {
		for {
			if _, err := f.Write(make([]byte, size)); err != nil {
				if !errors.Is(err, syscall.ENOSPC) {
					return err
				}
				break
			}
		}
	}
	return nil
}
