package keep

import (
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/packager/archive"
)

// While the journals of one room cannot be read, the others are reported, and that
// room with its latest known sum.
func TestOneRoomsJournalsHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		broadcasts := []overlay.Broadcast{{Room: "tea", Epoch: "01b", Begun: begun}, {Room: "corn", Epoch: "01a", Begun: begun}, {Room: "rice", Epoch: "01c", Begun: begun}}
		hangs, free, n := false, make(chan struct{}), 1
		j := journals{rooms: map[string]*said{}, usage: func(room, _ string) (archive.Usage, error) {
			if room == "rice" {
				return archive.Usage{}, nil
			}
			if room == "corn" && hangs {
				<-free
			}
			return archive.Usage{Segments: n, Bytes: 10}, nil
		}}
		told := func(corn, tea int, late ...string) {
			t.Helper()
			rooms, behind, err := j.all(t.Context(), broadcasts)
			want := []api.StoredRoom{
				{Room: "corn", MediaSize: api.MediaSize{Segments: corn, Bytes: 10}, Broadcasts: 1, Oldest: begun},
				{Room: "tea", MediaSize: api.MediaSize{Segments: tea, Bytes: 10}, Broadcasts: 1, Oldest: begun},
			}
			if diff := cmp.Diff(want, rooms); diff != "" || err != nil || !slices.Equal(behind, late) {
				t.Errorf("late %v, %v: %s", behind, err, diff)
			}
		}
		told(1, 1)
		hangs, n = true, 2
		told(1, 2, "corn")
		told(1, 2, "corn") // one goroutine waits, not two
		close(free)
		synctest.Wait()
		n = 3
		told(3, 3)
	})
}

// A pipe that nobody writes to is a journal on a disk that hangs.
func TestOneRoomsDiskHangs(t *testing.T) {
	dir := t.TempDir()
	a := archive.New(archive.Options{Dir: dir})
	if err := os.MkdirAll(filepath.Join(dir, "corn"), 0o755); err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(dir, "corn", "01a.journal")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	j := journals{rooms: map[string]*said{}, usage: a.Usage}
	rooms, late, err := j.all(t.Context(), []overlay.Broadcast{{Room: "corn", Epoch: "01a"}, {Room: "tea", Epoch: "01b"}})
	if err != nil || len(rooms) != 0 || !slices.Equal(late, []string{"corn"}) {
		t.Errorf("rooms %v, late %v: %v", rooms, late, err)
	}
	w, err := os.OpenFile(pipe, os.O_WRONLY, 0) // the disk answers
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
}
