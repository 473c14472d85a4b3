package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/overlay/api"
)

// TestListenersOverHTTP: as many listeners as MEDIAD_LISTENERS says (200) hear, each over a
// connection of its own, what a viewer writes. The listeners are a process of their own, so
// that each end has the open files that one process may have.
func TestListenersOverHTTP(t *testing.T) {
	many := 200
	if text := os.Getenv("MEDIAD_LISTENERS"); text != "" {
		n, err := strconv.Atoi(text)
		must(t, err)
		many = n
	}
	s := newServer(t, time.Second, func(o *api.Options) { o.Beat = 15 * time.Second })
	ctx := t.Context()
	must(t, s.streams.begin(ctx, "corn"))
	found, _, err := s.store.RoomShows(ctx, "corn")
	must(t, err)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	crowd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestListeners$")
	crowd.Env = append(os.Environ(), "MEDIAD_CROWD="+strconv.Itoa(many), "MEDIAD_CROWD_AT="+s.Listener.Addr().String(), "MEDIAD_CROWD_SHOW="+found.ID)
	crowd.Stderr = os.Stderr
	out, err := crowd.StdoutPipe()
	must(t, err)
	must(t, crowd.Start())
	said := bufio.NewReader(out)
	readTo(t, said, listening)
	runtime.GC()
	runtime.ReadMemStats(&after)
	took := int64(after.HeapAlloc+after.StackInuse) - int64(before.HeapAlloc+before.StackInuse)
	begun := time.Now()
	status, text, err := s.write(ctx, found.ID, fmt.Sprintf("%016x", 1), "Is it sweet?")
	if err != nil || status != http.StatusCreated {
		t.Fatal(status, text, err)
	}
	readTo(t, said, heard)
	t.Logf("%d listeners heard a comment within %v; %d bytes of the server's memory for each", many, time.Since(begun).Round(time.Millisecond), took/int64(many))
	_, _ = io.Copy(io.Discard, said)
	must(t, crowd.Wait())
}

// What the process of the listeners says.
const (
	listening = "all listen"
	heard     = "all have heard"
)

// TestListeners is the process of the listeners.
func TestListeners(t *testing.T) {
	many, err := strconv.Atoi(os.Getenv("MEDIAD_CROWD"))
	if err != nil {
		return // nobody asks for them
	}
	lines := make([]*bufio.Reader, many)
	for i := range lines {
		c, err := net.Dial("tcp", os.Getenv("MEDIAD_CROWD_AT"))
		must(t, err)
		defer c.Close()
		must(t, c.SetDeadline(time.Now().Add(5*time.Minute)))
		_, err = fmt.Fprintf(c, "GET /c/%s/chat/events HTTP/1.1\r\nHost: mediad\r\n\r\n", os.Getenv("MEDIAD_CROWD_SHOW"))
		must(t, err)
		lines[i] = bufio.NewReaderSize(c, 512)
		readTo(t, lines[i], "data: null")
	}
	fmt.Println(listening)
	var all sync.WaitGroup
	for _, l := range lines {
		all.Go(func() { readTo(t, l, "Is it sweet?") })
	}
	all.Wait()
	if !t.Failed() {
		fmt.Println(heard)
	}
}

func readTo(t *testing.T, r *bufio.Reader, text string) {
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Errorf("before %q: %v", text, err)
			return
		}
		if strings.Contains(line, text) {
			return
		}
	}
}
