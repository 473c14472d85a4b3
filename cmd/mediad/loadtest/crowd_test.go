package loadtest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"path"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// crowd is the task of its process: how many clients, and for which playlist.
type crowd struct {
	URL string
	N   int
}

// answered is the result of the process: how many clients got a playlist, how
// many versions of it (a client that is woken late gets a newer one), and
// when, counted from the moment at which the last frame of the first version's
// last part was sent.
type answered struct {
	N, Right, Lists int
	First, Last     time.Duration
	Error           string
}

// crowdProcess is many clients that wait for one playlist. Each line of its
// input is a step: connect, block and get an answer, block and leave.
func crowdProcess(ctx context.Context, in *bufio.Reader) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	var c crowd
	if err := hear(in, &c); err != nil {
		return err
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return err
	}
	first, err := dial(ctx, u.Host)
	if err != nil {
		return err
	}
	master, err := first.get(u.RequestURI())
	if err != nil {
		return err
	}
	media := path.Join(path.Dir(u.Path), variant(master))
	all := make([]*conn, c.N)
	err = each(all, func(i int) (err error) {
		if all[i], err = dial(ctx, u.Host); err == nil {
			_, err = all[i].get(media)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := say("connected"); err != nil {
		return err
	}

	var step string
	if err := hear(in, &step); err != nil {
		return err
	}
	load, err := next(first, media)
	if err != nil {
		return err
	}
	if err := each(all, func(i int) error { return all[i].ask(load) }); err != nil {
		return err
	}
	if err := say("asked"); err != nil {
		return err
	}
	a, err := listen(all)
	if err != nil {
		return err
	}
	parts := partsAfter(a.list, "")
	if len(parts) == 0 {
		return fmt.Errorf("no parts in the answer: %s", a.Error)
	}
	part, err := first.get(path.Dir(media) + "/" + parts[len(parts)-1])
	if err != nil {
		return err
	}
	if t, ok := sent(part); ok {
		a.First, a.Last = a.first.Sub(t), a.last.Sub(t)
	}
	if err := say(a.answered); err != nil {
		return err
	}

	if err := hear(in, &step); err != nil {
		return err
	}
	if load, err = next(first, media); err != nil {
		return err
	}
	if err := each(all, func(i int) error { return all[i].ask(load) }); err != nil {
		return err
	}
	for _, c := range all {
		c.close()
	}
	return say("left")
}

// next waits for the end of the open segment and returns the request that
// waits for the end of the next one.
func next(c *conn, media string) (string, error) {
	list, err := c.get(media)
	if err != nil {
		return "", err
	}
	msn := end(list).msn
	_, err = c.get(fmt.Sprintf("%s?_HLS_msn=%d", media, msn))
	return fmt.Sprintf("%s?_HLS_msn=%d", media, msn+1), err
}

// each runs a function for all connections, some at a time.
func each(all []*conn, do func(int) error) error {
	var at atomic.Int64
	var workers sync.WaitGroup
	errs := make(chan error, 64)
	for range cap(errs) {
		workers.Go(func() {
			for i := int(at.Add(1)) - 1; i < len(all); i = int(at.Add(1)) - 1 {
				if err := do(i); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	workers.Wait()
	close(errs)
	return <-errs
}

type heard struct {
	answered
	first, last time.Time
	list        []byte // of the first answer
}

// listen reads the answers of all connections.
func listen(all []*conn) (heard, error) {
	var mu sync.Mutex
	var out heard
	lists := map[string]bool{}
	var waiting sync.WaitGroup
	for _, c := range all {
		waiting.Go(func() {
			list, err := c.answer()
			now := time.Now()
			mu.Lock()
			defer mu.Unlock()
			out.N++
			if err != nil {
				out.Error = err.Error()
				return
			}
			if bytes.HasPrefix(list, []byte("#EXTM3U")) {
				out.Right++
			}
			lists[string(list)] = true
			if out.first.IsZero() {
				out.first, out.list = now, bytes.Clone(list)
			}
			out.last = now
		})
	}
	waiting.Wait()
	out.Lists = len(lists)
	return out, nil
}

// TestWaiters lets MEDIAD_LOADTEST_WAITERS (1,500) clients in a process of their
// own wait for the same playlist. All get it. Each costs less than 12 KiB beyond
// its connection, and nothing stays of those that leave. If a number is given,
// for a machine that does nothing else, the last answer comes within the
// duration of a part, since after that the next answers begin.
func TestWaiters(t *testing.T) {
	n := number(t, "MEDIAD_LOADTEST_WAITERS", 1500)
	needFiles(t, n+100)
	const part = 500 * time.Millisecond
	m := startMediad(t, "", fmt.Sprintf("{part: %v, segment: 4s, window: 24s}", part))
	m.publish()
	before := m.goroutines()
	c := start(t, "", "crowd")
	c.tell(crowd{m.url, n})
	var word string
	c.told(&word)
	idle := m.resident()
	c.tell("block")
	c.told(&word)
	blocked := m.resident()
	wait := 0
	for range 30 { // they wait for a segment of 4 s; each part of it counts them
		if wait = m.viewers(); wait >= n {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if wait < n {
		t.Errorf("%d of %d wait", wait, n)
	}
	var a answered
	c.told(&a)
	each := float64(blocked-idle) / float64(n)
	t.Logf("%d waiters: %d versions, answered %v to %v after the last frame was sent; %.1f KiB each beyond %.1f KiB for the connection",
		n, a.Lists, a.First, a.Last, each/1024, float64(idle)/1024/float64(n))
	if a.Right != n || a.Error != "" {
		t.Errorf("%d of %d got the playlist: %s", a.Right, n, a.Error)
	}
	if os.Getenv("MEDIAD_LOADTEST_WAITERS") != "" && (a.Last <= 0 || a.Last > part) {
		t.Errorf("the last was answered %v after the last frame, a part lasts %v", a.Last, part)
	}
	if each > 12<<10 {
		t.Errorf("a waiter costs %.0f bytes", each)
	}
	c.tell("leave")
	c.told(&word)
	left := 0
	for range 100 {
		if left = m.goroutines(); left < before+n/10 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("%d goroutines after all left, %d before they came", left, before)
}

// needFiles fails early if the system allows a process too few connections.
func needFiles(t *testing.T, n int) {
	t.Helper()
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		t.Fatal(err)
	}
	if l.Max < uint64(n) {
		t.Fatalf("%d files are needed and %d allowed: raise ulimit -n", n, l.Max)
	}
}
