package store_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"mediad/overlay"
	"mediad/overlay/store"
)

// freeze stops all processes of the PostgreSQL server, whose connections stay open.
func freeze(t *testing.T, url string) (thaw func()) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	must(t, err)
	rows, err := conn.Query(ctx, `SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()`)
	must(t, err)
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	must(t, err)
	var me int
	must(t, conn.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&me))
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", me))
	must(t, err)
	parent, err := strconv.Atoi(string(regexp.MustCompile(`(?m)^PPid:\s+(\d+)$`).FindSubmatch(status)[1]))
	must(t, err)
	must(t, conn.Close(ctx))
	all := append([]int{parent}, pids...)
	for _, pid := range all {
		must(t, syscall.Kill(pid, syscall.SIGSTOP))
	}
	thawed := false
	thaw = func() {
		if thawed {
			return
		}
		thawed = true
		for _, pid := range all {
			_ = syscall.Kill(pid, syscall.SIGCONT)
		}
	}
	t.Cleanup(thaw)
	return thaw
}

// TestPostgresHangs: a server that hangs, and closes nothing, makes no call wait for
// ever, although the caller sets no deadline.
func TestPostgresHangs(t *testing.T) {
	f := newFixture(t)
	f.begin()
	f.pin(0)
	show := f.show()
	ctx := context.Background()
	time.Sleep(1100 * time.Millisecond) // a connection that was idle for a second is pinged before its next use
	thaw := freeze(t, f.url)
	calls := map[string]func() error{
		"one row":      func() error { _, err := f.RoomBySlug(ctx, "corn"); return err },
		"many rows":    func() error { _, err := f.ListRooms(ctx, overlay.Everything(), "", 10); return err },
		"one snapshot": func() error { _, _, err := f.ShowNow(ctx, show); return err },
		"an action": func() error {
			_, err := f.Pin(ctx, "corn", f.products[1].ID, overlay.At{}, store.Once{})
			return err
		},
	}
	type answer struct {
		name string
		err  error
	}
	// More of each than there are connections.
	answers := make(chan answer, 100)
	for name, call := range calls {
		for range 12 {
			go func() { answers <- answer{name, call()} }()
		}
	}
	limit := time.After(40 * time.Second)
	for range 12 * len(calls) {
		select {
		case a := <-answers:
			if overlay.CodeOf(a.err) != overlay.Unavailable {
				t.Errorf("%s: %v", a.name, a.err)
			}
		case <-limit:
			t.Fatal("some wait for ever")
		}
	}
	thaw()
	if p := f.pin(2); p.Seq == 0 {
		t.Error("not pinned")
	}
	if _, err := f.RoomBySlug(ctx, "corn"); err != nil {
		t.Error(err)
	}
}
