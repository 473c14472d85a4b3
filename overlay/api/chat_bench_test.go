package api_test

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkComments writes comments over HTTP, from 64 viewers at a time, each on the disk
// when it is answered. Before it comes the least that a server could do: a bare net/http
// handler that writes one bare row in a transaction of its own. Client and server share the
// process. Only the ratio means something on another machine.
func BenchmarkComments(b *testing.B) {
	onBare(b, benchComments)
}

func benchComments(b *testing.B, db *sql.DB, insert string) {
	b.Helper()
	defer func() { must(b, db.Close()) }()
	_, err := db.Exec(`CREATE TABLE bare(id TEXT PRIMARY KEY, body TEXT NOT NULL)`)
	must(b, err)
	s := newServer(b, time.Second)
	must(b, s.streams.begin(b.Context(), "corn"))
	show, _, err := s.store.RoomShows(b.Context(), "corn")
	must(b, err)
	var rows atomic.Int64
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			_, err = db.ExecContext(r.Context(), insert, fmt.Sprint(rows.Add(1)), string(body))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(body)
	}))
	defer bare.Close()
	b.ResetTimer()
	reference := writeAll(b, bare.Client(), bare.URL)
	ours := writeAll(b, s.Client(), s.URL+"/c/"+show.ID+"/chat")
	b.ReportMetric(ours, "comments/s")
	b.ReportMetric(reference, "bare/s")
	b.ReportMetric(ours/reference, "ratio")
}

// writeAll sends b.N comments, and gives how many a second were answered.
func writeAll(b *testing.B, client *http.Client, address string) float64 {
	b.Helper()
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = 64
	begun := time.Now()
	work := make(chan int)
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for n := range work {
				body := fmt.Sprintf(`{"text":"Is it sweet?","name":"Mei","viewer":"%016x"}`, n+1)
				res, err := client.Post(address, "text/plain", strings.NewReader(body))
				if err != nil {
					b.Error(err)
					continue
				}
				text, err := io.ReadAll(res.Body)
				if res.Body.Close(); err != nil || res.StatusCode != http.StatusCreated {
					b.Error(res.StatusCode, string(text), err)
				}
			}
		})
	}
	for n := range b.N {
		work <- n
	}
	close(work)
	all.Wait()
	return float64(b.N) / time.Since(begun).Seconds()
}
