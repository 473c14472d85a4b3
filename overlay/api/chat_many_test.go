package api_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/overlay/api"
)

// TestListenersOverHTTP: as many listeners as MEDIAD_LISTENERS says (200) hear, each over a
// connection of its own, what a viewer writes. Both ends of the connections are in this process,
// so its limit of open files has to be twice as many.
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
	address := s.Listener.Addr().String()
	lines := make([]*bufio.Reader, many)
	for i := range lines {
		c, err := net.Dial("tcp", address)
		must(t, err)
		defer c.Close()
		must(t, c.SetDeadline(time.Now().Add(5*time.Minute)))
		_, err = fmt.Fprintf(c, "GET /c/%s/chat/events HTTP/1.1\r\nHost: mediad\r\n\r\n", found.ID)
		must(t, err)
		lines[i] = bufio.NewReaderSize(c, 512)
		readTo(t, lines[i], "data: null")
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	took := int64(after.HeapAlloc+after.StackInuse) - int64(before.HeapAlloc+before.StackInuse)
	begun := time.Now()
	status, text, err := s.write(ctx, found.ID, fmt.Sprintf("%016x", 1), "Is it sweet?")
	if err != nil || status != http.StatusCreated {
		t.Fatal(status, text, err)
	}
	var all sync.WaitGroup
	for _, l := range lines {
		all.Go(func() { readTo(t, l, "Is it sweet?") })
	}
	all.Wait()
	t.Logf("%d listeners heard a comment within %v; %d bytes of memory for each, both ends together", many, time.Since(begun).Round(time.Millisecond), took/int64(many))
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
