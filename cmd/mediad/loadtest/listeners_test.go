package loadtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// listening is the task of a process of listeners to server-sent events: each gets a page first, so that
// the cost of its connection can be told apart.
type listening struct {
	Host, Page, Events string
	N                  int
}

// overheard is how many comments a listener heard, at least and at most, and how many listeners heard on to the end.
type overheard struct {
	Least, Most int64
	There       int
}

func listenersProcess(ctx context.Context, in *bufio.Reader) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	var task listening
	if err := hear(in, &task); err != nil {
		return err
	}
	all := make([]*conn, task.N)
	err := each(all, func(i int) (err error) {
		if all[i], err = dial(ctx, task.Host); err == nil {
			_, err = all[i].get(task.Page)
		}
		return err
	})
	if err != nil {
		return err
	}
	var step string
	if err := errors.Join(say("connected"), hear(in, &step)); err != nil {
		return err
	}
	heard := make([]atomic.Int64, task.N)
	var there atomic.Int64
	var begun, running sync.WaitGroup
	begun.Add(task.N)
	err = each(all, func(i int) error {
		if err := all[i].ask(task.Events); err != nil {
			return err
		}
		running.Go(func() {
			first, err := sync.OnceFunc(begun.Done), error(nil)
			defer first()
			for err == nil {
				var line []byte
				line, err = all[i].br.ReadSlice('\n')
				if errors.Is(err, bufio.ErrBufferFull) {
					err = nil
				}
				if bytes.HasPrefix(line, []byte("data:")) {
					first()
				}
				if bytes.HasPrefix(line, []byte("event: comment")) {
					heard[i].Add(1)
				}
			}
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				there.Add(1)
			}
		})
		return nil
	})
	if err != nil {
		return err
	}
	begun.Wait()
	if err := errors.Join(say("listening"), hear(in, &step)); err != nil {
		return err
	}
	for _, c := range all {
		if err := c.c.SetDeadline(time.Now()); err != nil {
			return err
		}
	}
	running.Wait()
	out := overheard{Least: heard[0].Load(), There: int(there.Load())}
	for i := range heard {
		n := heard[i].Load()
		out.Least, out.Most = min(out.Least, n), max(out.Most, n)
	}
	return say(out)
}

// bareProcess is a server of events that does the least: a channel for each listener, and each comment in a write of its own.
func bareProcess(_ context.Context, in *bufio.Reader) error {
	var mu sync.Mutex
	rooms := map[chan string]bool{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	h := http.NewServeMux()
	h.HandleFunc("GET /page", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "here") })
	h.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		mine := make(chan string, 64)
		mu.Lock()
		rooms[mine] = true
		mu.Unlock()
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: null\n\n")
		out := http.NewResponseController(w)
		for err := out.Flush(); err == nil; err = out.Flush() {
			select {
			case text := <-mine:
				fmt.Fprint(w, text)
			case <-r.Context().Done():
				return
			}
		}
	})
	go func() { _ = http.Serve(l, h) }() // until the process ends
	if err := say(l.Addr().String()); err != nil {
		return err
	}
	for {
		var text string
		if err := hear(in, &text); err != nil {
			return nil // the test is over
		}
		mu.Lock()
		for mine := range rooms {
			select {
			case mine <- "event: comment\ndata: " + text + "\n\n":
			default:
			}
		}
		mu.Unlock()
	}
}

// listeners brings n listeners to a server, and gives the memory that one takes beyond its connection.
func listeners(t *testing.T, server *process, task listening) (crowd *process, beyond int64) {
	t.Helper()
	crowd = start(t, "", "listeners")
	crowd.tell(task)
	var word string
	crowd.told(&word)
	idle := server.resident()
	crowd.tell("listen")
	crowd.told(&word)
	return crowd, (server.resident() - idle) / int64(task.N)
}

// TestListenersDuringBroadcast: MEDIAD_LOADTEST_LISTENERS (300) listeners to a chat with 100 comments a second, and 603
// likes a second with a peak of 6,000, beside a picture: what its players get comes in time, nobody is cut off, a listener
// takes less than 12 KiB beyond its connection, and all hear as much as each other. A bare server of events has the
// same listeners, in the same run.
func TestListenersDuringBroadcast(t *testing.T) {
	n := number(t, "MEDIAD_LOADTEST_LISTENERS", 300)
	seconds := number(t, "MEDIAD_LOADTEST_LISTENERS_FOR", 4)
	needFiles(t, n+100)
	t.Setenv("GOGC", "25") // of both servers: garbage is not a listener's
	m := startMediad(t, "", "{part: 500ms, segment: 2s, window: 24s}")
	m.publish()
	var room struct{ Show string }
	text, err := m.get("/c/room/demo.json")
	if err == nil {
		err = json.Unmarshal(text, &room)
	}
	if err != nil || room.Show == "" {
		t.Fatalf("no show: %s, %v", text, err)
	}
	chat := "/c/" + room.Show + "/chat"
	crowd, beyond := listeners(t, m.process, listening{m.host, "/c/room/demo.json", chat + "/events", n})
	viewers := start(t, "", "audience")
	viewers.tell(Audience{URL: m.url, Viewers: 3, Warm: 2 * time.Second, For: time.Duration(seconds-2) * time.Second})

	used, begun := m.cpu(), time.Now()
	said := comments(t, m, chat, room.Show, seconds)
	used = m.cpu() - used
	if said < int64(seconds)*90 {
		t.Errorf("%d comments were taken in %v", said, time.Since(begun))
	}
	var seen struct {
		Watched
		CPU float64
	}
	viewers.told(&seen)
	time.Sleep(2 * time.Second) // the last ones are woken
	crowd.tell("count")
	var heard overheard
	crowd.told(&heard)
	t.Logf("%d listeners, %d comments in %d s: each heard %d to %d; %.1f KiB each beyond the connection; %.2f cores; parts came %v (median) to %v after their last frame",
		n, said, seconds, heard.Least, heard.Most, float64(beyond)/1024, used/float64(seconds), seen.P50, seen.Max)
	if heard.There != n {
		t.Errorf("%d of %d listeners were there to the end", heard.There, n)
	}
	if heard.Least == 0 || heard.Least < heard.Most*9/10 {
		t.Errorf("one heard %d comments, another one %d", heard.Least, heard.Most)
	}
	if beyond > 12<<10 {
		t.Errorf("a listener takes %d bytes beyond its connection", beyond)
	}
	if seen.Errors > 0 || seen.Max > 1500*time.Millisecond { // what a player has in store is longer
		t.Errorf("the picture stuttered: the last part came after %v; %d errors: %s", seen.Max, seen.Errors, seen.Error)
	}

	bare := start(t, "", "bare")
	var host string
	bare.told(&host)
	crowd, beyond = listeners(t, bare, listening{host, "/page", "/events", n})
	used = bare.cpu()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := range 100 * seconds {
		bare.tell(fmt.Sprintf(`{"id":"%026d","name":"Viewer","text":"Is the corn number %d as sweet as last year?"}`, i, i))
		<-tick.C
	}
	crowd.tell("count")
	crowd.told(&heard)
	used = bare.cpu() - used
	t.Logf("a bare server: each heard %d to %d; %.1f KiB each beyond the connection; %.2f cores", heard.Least, heard.Most, float64(beyond)/1024, used/float64(seconds))
}

// comments sends 100 comments and 60 beacons with ten likes a second, and 600 such beacons in one second of them, and gives
// how many comments were taken.
func comments(t *testing.T, m *mediad, chat, show string, seconds int) int64 {
	t.Helper()
	var taken atomic.Int64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 20 * time.Second}
	post := func(path, body string) int {
		r, err := client.Post("http://"+m.host+path, "text/plain", strings.NewReader(body))
		if err != nil {
			t.Error(err)
			return 0
		}
		defer r.Body.Close()
		_, _ = bufio.NewReader(r.Body).WriteTo(new(bytes.Buffer))
		return r.StatusCode
	}
	var all sync.WaitGroup
	work := make(chan func(), 1024)
	for range 32 {
		all.Go(func() {
			for do := range work {
				do()
			}
		})
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	who := 0
	for i := range 10 * seconds {
		for range 10 {
			who++
			body := fmt.Sprintf(`{"name":"Viewer %d","viewer":"%016x","text":"Is the corn number %d as sweet as last year?"}`, who, who, who)
			work <- func() {
				if post(chat, body) == http.StatusCreated {
					taken.Add(1)
				}
			}
		}
		likes := 6
		if i/10 == seconds/2 {
			likes = 60
		}
		for k := range likes {
			body := fmt.Sprintf(`{"viewer":"%016x","watched":1,"likes":10}`, 1<<32+i*100+k)
			work <- func() { post("/c/"+show+"/beat", body) }
		}
		<-tick.C
	}
	close(work)
	all.Wait()
	return taken.Load()
}
