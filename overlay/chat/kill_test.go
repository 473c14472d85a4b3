package chat_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/chat"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

// TestMain lets the test binary be its own child: a process that writes comments until it is
// killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("MEDIAD_CHAT_DIR"); dir != "" {
		fmt.Fprintln(os.Stderr, write(dir, os.Getenv("MEDIAD_CHAT_URL"), os.Getenv("MEDIAD_CHAT_SHOW")))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// write writes for ever, from many viewers, and prints the id of what was answered.
func write(dir, url, show string) error {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	s, err := store.Open(context.Background(), store.Options{Dir: dir, URL: url})
	if err != nil {
		return err
	}
	h := chat.New(chat.Options{Store: s, NewID: s.NewID})
	failed := make(chan error)
	var printing sync.Mutex
	for n := range 16 {
		go func() {
			for i := n; ; i += 16 {
				c, err := h.Post(context.Background(), show, overlay.NewComment{Text: "Is it sweet?", Name: "Mei", Viewer: fmt.Sprintf("%016x", i+1)}, netip.Addr{})
				if err != nil {
					failed <- err
					return
				}
				printing.Lock()
				fmt.Println(c.ID)
				printing.Unlock()
			}
		}()
	}
	return <-failed
}

// TestAnsweredCommentsSurviveKill: a process that writes comments is killed; what it had
// answered is there.
func TestAnsweredCommentsSurviveKill(t *testing.T) {
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		s, err := store.Open(t.Context(), o)
		must(err)
		_, err = s.EnsureRoom(t.Context(), "corn", "Corn", "corn-key")
		must(err)
		b, err := s.BeginBroadcast(t.Context(), "corn", time.Now())
		must(err)
		must(s.Close())
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), "MEDIAD_CHAT_DIR="+o.Dir, "MEDIAD_CHAT_URL="+o.URL, "MEDIAD_CHAT_SHOW="+b.Show)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		must(err)
		must(child.Start())
		var answered []string
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if answered = append(answered, lines.Text()); len(answered) == 300 {
				must(child.Process.Kill())
			}
		}
		_ = child.Wait() // it was killed
		if len(answered) < 300 {
			t.Fatalf("only %d comments were answered", len(answered))
		}
		s, err = store.Open(t.Context(), o)
		must(err)
		for i, id := range answered {
			if len(id) != 26 && i == len(answered)-1 {
				continue // the kill cut the line
			}
			if _, err := s.Comment(t.Context(), b.Show, id); err != nil {
				t.Errorf("%s was answered: %v", id, err)
			}
		}
		must(s.Close())
	})
}
