package api_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/mattn/go-sqlite3"

	"mediad/overlay/store/pgtest"
)

const senders = 32 // at the same time

// BenchmarkSale measures what viewers and shops send to a show that sells, over HTTP, on
// both databases: webhooks of orders, a fifth of them told twice and all of them shuffled,
// each on the disk when it is answered; and ways to the shop, /go. In turns with each comes
// the least that a server could do: a bare net/http handler that checks the same signature
// and writes one bare row in a transaction of its own, and one that redirects. Client and
// server share the process. Only the ratios mean something on another machine.
func BenchmarkSale(b *testing.B) {
	onBare(b, benchSale)
}

// onBare runs a benchmark with each kind of database: db is a bare one of that kind, with a
// statement that writes a row of a bare table; servers of tests have one of the same kind.
func onBare(b *testing.B, run func(b *testing.B, db *sql.DB, insert string)) {
	b.Run("sqlite", func(b *testing.B) {
		db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
		must(b, err)
		db.SetMaxOpenConns(1)
		run(b, db, `INSERT INTO bare VALUES (?, ?)`)
	})
	b.Run("postgres", func(b *testing.B) {
		pg, err := pgtest.StartWith(pgtest.Options{Durable: true})
		must(b, err)
		defer func() { must(b, pg.Stop()) }()
		database = func(t testing.TB) string {
			name, err := pg.Create(context.Background(), "")
			must(t, err)
			return pg.URL(name)
		}
		defer func() { database = nil }()
		db, err := sql.Open("pgx", database(b))
		must(b, err)
		db.SetMaxOpenConns(8)
		db.SetMaxIdleConns(8)
		run(b, db, `INSERT INTO bare VALUES ($1, $2)`)
	})
}

func benchSale(b *testing.B, db *sql.DB, insert string) {
	b.Helper()
	defer func() { must(b, db.Close()) }()
	_, err := db.Exec(`CREATE TABLE bare(id TEXT PRIMARY KEY, body TEXT NOT NULL)`)
	must(b, err)
	var rows atomic.Int64
	b.Run("webhooks", func(b *testing.B) { benchHooks(b, db, insert, &rows) })
	b.Run("clicks", benchGo)
}

func benchHooks(b *testing.B, db *sql.DB, insert string, rows *atomic.Int64) {
	ours := newCounted(b, 1000)
	bare := &counted{sale: &sale{server: &server{}, secret: ours.secret}}
	bare.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, ours.secret)
		fmt.Fprintf(mac, "%s.%s.%s", r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp"), body)
		if err != nil || r.Header.Get("Webhook-Signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if _, err := db.ExecContext(r.Context(), insert, fmt.Sprint(rows.Add(1)), string(body)); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer bare.Server.Close()
	const turns = 4
	from := time.Now().Add(time.Minute)
	all := ours.orders(b.N, from)
	all = append(all, all[:len(all)/5]...)
	rand.New(rand.NewPCG(3, 5)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var took, least time.Duration
	for n := range turns {
		part := all[n*len(all)/turns : (n+1)*len(all)/turns]
		begun := time.Now()
		ours.sendAll(b, part, senders)
		took += time.Since(begun)
		begun = time.Now()
		bare.sendAll(b, part, senders)
		least += time.Since(begun)
	}
	b.ReportMetric(float64(len(all))/took.Seconds(), "webhooks/s")
	b.ReportMetric(float64(len(all))/least.Seconds(), "bare/s")
	b.ReportMetric(took.Seconds()/least.Seconds(), "x-bare")
	b.ReportMetric(0, "ns/op")
}

func benchGo(b *testing.B) {
	s := newSale(b)
	product := s.made(b, http.MethodPost, "/api/v1/products", `{"sku":"CORN","title":"Corn","price":4990,"currency":"CNY","link":"https://tea.example/corn"}`).ID
	must(b, s.streams.begin(b.Context(), "corn"))
	s.made(b, http.MethodPost, "/api/v1/rooms/corn/pins", `{"product":"CORN"}`)
	path := "/go/" + s.streams.live["corn"].Show + "/" + product
	run, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.streams.count.Run(run) }()
	defer func() { stop(); must(b, <-done) }()
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://tea.example/p/CORN?c=01K4")
		w.WriteHeader(http.StatusFound)
	}))
	defer bare.Close()
	client := &http.Transport{MaxIdleConnsPerHost: senders}
	defer client.CloseIdleConnections()
	clicks := func(address string, n int) time.Duration {
		var left atomic.Int64
		left.Store(int64(n))
		begun := time.Now()
		done := make(chan error, senders)
		for range senders {
			go func() {
				for i := left.Add(-1); i >= 0; i = left.Add(-1) {
					r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
					if err != nil {
						done <- err
						return
					}
					r.Header.Set("User-Agent", fmt.Sprint("viewer ", i, begun.UnixNano()))
					res, err := client.RoundTrip(r)
					if err == nil && res.StatusCode != http.StatusFound {
						err = fmt.Errorf("a click was answered with %s", res.Status)
					}
					if err != nil {
						done <- err
						return
					}
					_ = res.Body.Close()
				}
				done <- nil
			}()
		}
		for range senders {
			must(b, <-done)
		}
		return time.Since(begun)
	}
	const turns = 4
	var took, least time.Duration
	n := b.N/turns + 1
	for range turns {
		took += clicks(s.URL+path, n)
		least += clicks(bare.URL, n)
	}
	b.ReportMetric(float64(turns*n)/took.Seconds(), "clicks/s")
	b.ReportMetric(float64(turns*n)/least.Seconds(), "bare/s")
	b.ReportMetric(took.Seconds()/least.Seconds(), "x-bare")
	b.ReportMetric(0, "ns/op")
}
