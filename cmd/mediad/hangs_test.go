package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A directory of objects that hangs does not keep the server from ending: it waits for
// some seconds, says for what, and the next start stores all of the broadcast. A lock
// that another process holds takes the place of the disk: no system call that waits for
// it returns.
func TestEndWhileTheStoreHangs(t *testing.T) {
	t.Parallel()
	c, objects := startStored(t)
	off := c.air("tea")
	eventually(t, "some of it is stored", time.Minute, func() bool { return inStore(t, objects) >= 4 })
	disk, err := os.Open(filepath.Join(objects, ".mediad", "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	if err := syscall.Flock(int(disk.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	eventually(t, "segments wait", time.Minute, func() bool { return c.metric("mediad_storage_queued_segments") >= 2 })
	had := inStore(t, objects)
	began := time.Now()
	c.stop(syscall.SIGTERM)
	took := time.Since(began)
	t.Logf("ended after %v", took)
	if took > 20*time.Second { // it waits for 3.5 s twice
		t.Errorf("it ends after %v", took)
	}
	if log := c.log.String(); !strings.Contains(log, "the server ends without these parts") || !strings.Contains(log, "the archive") {
		t.Error("the log does not say what hangs")
	}
	off()
	if err := syscall.Flock(int(disk.Fd()), syscall.LOCK_UN); err != nil {
		t.Fatal(err)
	}
	c.start()
	defer c.stop(syscall.SIGTERM)
	c.call("POST", "/api/v1/rooms/tea/end", "", nil)
	eventually(t, "it is a replay", time.Minute, func() bool { s := c.shows(); return len(s) == 1 && s[0].Replay != "" })
	show := c.shows()[0]
	if list := c.replayed(show.Replay); show.Gaps > 0 || len(list) < had+2 {
		t.Errorf("%d segments are in the replay, %d are gaps; %d were stored before, and 2 waited", len(list), show.Gaps, had)
	}
}
