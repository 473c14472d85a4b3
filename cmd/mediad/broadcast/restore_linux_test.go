package broadcast

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"mediad/overlay/store"
)

// A start serves the other rooms while the disk hangs for one of them, and that room
// follows later. A file with a lease simulates such a disk: the system makes a process
// that opens it wait.
func TestRestoreWhileOneRoomsDiskHangs(t *testing.T) {
	for name, over := range map[string]bool{"on air": false, "over": true} {
		t.Run(name, func(t *testing.T) {
			dir, epoch := t.TempDir(), "01a"
			o := Options{
				Lengths: Lengths{Part: 500 * time.Millisecond, Segment: 2 * time.Second, Window: 30 * time.Second, Reconnect: time.Minute},
				Log:     slog.New(slog.DiscardHandler),
			}
			same := func(s *store.Store) Store { return s }
			t.Run("before", func(t *testing.T) {
				m := newManagerOn(t, dir, o, same)
				publish(t, m, "tea")
				if !over {
					publish(t, m, "corn")
					epoch = m.room("corn").air.begin.Epoch
				}
			})
			// Of a broadcast that was not finished.
			path := filepath.Join(dir, "spool", "corn", epoch+".journal")
			must(t, os.MkdirAll(filepath.Dir(path), 0o755))
			must(t, os.RemoveAll(path)) // the process before this one has it open
			journal, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
			must(t, err)
			lease(t, journal, syscall.F_WRLCK)

			m := unrestored(t, dir, o, same)
			restored := make(chan error, 1)
			go func() { restored <- m.Restore(context.Background()) }()
			tea := make(chan struct{})
			go func() {
				defer close(tea)
				for !m.Status("tea").Waiting {
					time.Sleep(time.Millisecond)
				}
			}()
			within(t, tea, "tea waits for corn's disk")
			select {
			case m.room("corn").turn <- struct{}{}:
				t.Error("corn does not hang")
			default:
			}
			lease(t, journal, syscall.F_UNLCK)
			must(t, journal.Close())
			must(t, <-restored)
			must(t, m.room("corn").acquire(t.Context()))
			m.room("corn").release()
			if m.Status("corn").Waiting == over {
				t.Errorf("corn afterwards: %+v", m.Status("corn"))
			}
		})
	}
}

// lease takes, or gives back, a lease of a file.
func lease(t *testing.T, f *os.File, kind uintptr) {
	t.Helper()
	if _, _, err := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_SETLEASE, kind); err != 0 {
		t.Fatal(err)
	}
}
