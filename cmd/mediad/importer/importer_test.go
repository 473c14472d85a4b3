package importer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), o)
	must(t, err)
	return s
}

// running runs an Importer, until end is called.
func running(t *testing.T, s *store.Store, dir string, public func(netip.Addr) bool) (i *Importer, end func()) {
	t.Helper()
	i = New(Options{Store: s, Dir: dir, Log: slog.New(slog.DiscardHandler), Public: public})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- i.Run(ctx) }()
	return i, func() {
		stop()
		must(t, <-done)
	}
}

// until waits for the end of an import, or for one that waits for a person.
func until(t *testing.T, s *store.Store, id string) overlay.Import {
	t.Helper()
	for {
		i, err := s.Import(t.Context(), id)
		must(t, err)
		switch i.State {
		case overlay.ImportReady:
			if i.DryRun || len(i.Warnings) > 0 {
				return i
			}
		case overlay.ImportApplied, overlay.ImportFailed:
			return i
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatalf("the import stays %s", i.State)
		}
	}
}

// table is a file of n products, at a price.
func table(n, price int) []byte {
	var b bytes.Buffer
	b.WriteString("sku\ttitle\tprice\tdescription\n")
	for i := range n {
		fmt.Fprintf(&b, "SKU-%d\tProduct %d, of the mountains\t%d.00 CNY\tA description that is as long as some are.\n", i, i, price)
	}
	return b.Bytes()
}

// An upload goes on after a crash: from its file, or, once it is decided, from the rows.
func TestImportGoesOn(t *testing.T) {
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		dir := filepath.Join(o.Dir, "imports")
		idle := New(Options{Store: s, Dir: dir, Log: slog.New(slog.DiscardHandler)}) // as if the process ended before it began
		job, err := idle.Upload(t.Context(), overlay.Import{Org: "home"}, bytes.NewReader(table(1200, 10)), "ann", store.Once{})
		must(t, err)
		old := time.Now().Add(-7 * time.Hour)
		stray := filepath.Join(dir, "stray")
		must(t, os.WriteFile(stray, nil, 0o600))
		must(t, os.Chtimes(stray, old, old))
		must(t, s.Close())

		s = open(t, o)
		_, end := running(t, s, dir, nil)
		if i := until(t, s, job.ID); i.State != overlay.ImportApplied || i.New != 1200 {
			t.Errorf("%+v", i)
		}
		end()
		if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
			t.Errorf("files stay: %v, %v", files, err)
		}
		job, err = New(Options{Store: s, Dir: dir}).Upload(t.Context(), overlay.Import{Org: "home"}, strings.NewReader("x"), "ann", store.Once{})
		must(t, err)
		must(t, os.RemoveAll(dir))
		_, end = running(t, s, dir, nil)
		if i := until(t, s, job.ID); i.State != overlay.ImportFailed || !strings.Contains(i.Problem, "has lost the file") {
			t.Errorf("%+v", i)
		}
		end()
		must(t, s.Close())
	})
}

func TestFetch(t *testing.T) {
	o := store.Options{Dir: t.TempDir()}
	s := open(t, o)
	defer func() { must(t, s.Close()) }()
	var inner *httptest.Server
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feed", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(table(3, 10)) })
	mux.HandleFunc("GET /moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/feed", http.StatusFound) })
	mux.HandleFunc("GET /round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	mux.HandleFunc("GET /inside", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inner.URL+"/secret", http.StatusFound)
	})
	mux.HandleFunc("GET /file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("GET /cut", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("sku"))
	})
	outer := httptest.NewServer(mux)
	defer outer.Close()
	asked := false
	inner = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked = true
		_, _ = io.WriteString(w, "sku,title,price")
	}))
	must(t, inner.Listener.Close())
	var err error
	inner.Listener, err = net.Listen("tcp", "127.0.0.2:0")
	must(t, err)
	inner.Start()
	defer inner.Close()
	// 127.0.0.1 stands for the public internet, and 127.0.0.2 for a private network.
	i, end := running(t, s, filepath.Join(o.Dir, "imports"), func(a netip.Addr) bool { return a == netip.MustParseAddr("127.0.0.1") })
	for path, want := range map[string]string{
		"/feed": "applied", "/moved": "applied", "/round": "more than 5 redirects", "/none": "answers 404 Not Found", "/inside": "not one of the public internet",
		"/file": "no http or https address", "/cut": "cannot be reached, or ends the connection",
	} {
		job, err := i.Fetch(t.Context(), overlay.Import{Org: "home"}, outer.URL+path, "ann", store.Once{})
		must(t, err)
		if got := until(t, s, job.ID); string(got.State) != want && !strings.Contains(got.Problem, want) {
			t.Errorf("%s: %+v", path, got)
		}
	}
	end()
	if asked {
		t.Error("a private network was asked")
	}
	if files, err := os.ReadDir(filepath.Join(o.Dir, "imports")); err != nil || len(files) > 0 {
		t.Errorf("files stay: %v, %v", files, err)
	}
	_, err = i.Fetch(t.Context(), overlay.Import{Org: "home"}, "https://user:word@shop.example/feed", "ann", store.Once{})
	if overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("an address with a password: %v", err)
	}
}

func TestCommand(t *testing.T) {
	o := store.Options{Dir: t.TempDir()}
	must(t, open(t, o).Close())
	file := filepath.Join(t.TempDir(), "shop.tsv")
	run := func(c Command) (string, error) {
		t.Helper()
		var out, progress bytes.Buffer
		c.File = file
		if c.Org == "" {
			c.Org = "home"
		}
		err := c.Do(t.Context(), config.Config{DataDir: o.Dir}, &out, &progress)
		return out.String(), err
	}
	must(t, os.WriteFile(file, append(table(700, 10), "BAD\tBad\tfree\t\n"...), 0o600))
	out, err := run(Command{DryRun: true})
	if err != nil || !strings.Contains(out, "row 702: BAD: price: \"free\" is not a price\n") || !strings.Contains(out, "new 700, changed 0, unchanged 0, missing in the file 0, rejected 1\nnothing has changed") {
		t.Errorf("%s%v", out, err)
	}
	if out, err = run(Command{}); err != nil || !strings.Contains(out, "new 700,") {
		t.Errorf("%s%v", out, err)
	}
	must(t, os.WriteFile(file, table(700, 4), 0o600))
	if out, err = run(Command{}); err == nil || !strings.Contains(err.Error(), "--confirm price_drop") || !strings.Contains(out, "price_drop: row 2: SKU-0: 4.00 CNY, until now 10.00 CNY\n") || !strings.Contains(out, "and 600 more products") {
		t.Errorf("%s%v", out, err)
	}
	if out, err = run(Command{Confirm: []string{"price_drop"}}); err != nil || !strings.Contains(out, "changed 700,") {
		t.Errorf("%s%v", out, err)
	}
	// A product of a rejected row is not missing; each counts once.
	must(t, os.WriteFile(file, []byte("sku,title,price\nSKU-0,A,free\nSKU-1,B,4 CNY\nSKU-1,B,4 CNY\nSKU-2,C,x\nSKU-2,C,4 CNY\nSKU-0,A,x\n"), 0o600))
	if out, err = run(Command{DryRun: true}); err != nil || !strings.Contains(out, "without a link, so viewers cannot buy them: 2\nnew 0, changed 2, unchanged 0, missing in the file 697, rejected 4\n") {
		t.Errorf("%s%v", out, err)
	}
	if _, err = run(Command{Org: "nobody"}); overlay.CodeOf(err) != overlay.NotFound {
		t.Error(err)
	}
	must(t, os.WriteFile(file, []byte("%PDF-1.7"), 0o600))
	if _, err = run(Command{}); overlay.CodeOf(err) != overlay.Invalid {
		t.Error(err)
	}
	s := open(t, o)
	defer func() { must(t, s.Close()) }()
	if p, err := s.GetProduct(t.Context(), "SKU-699", 0); err != nil || p.Price != 400 || p.Rev != 2 {
		t.Errorf("%+v, %v", p, err)
	}
}

// A feed of Google makes one product of the rows of a group, and the same feed again
// changes nothing; a variant keeps its id when rows come and go.
func TestGroupsOfGoogle(t *testing.T) {
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		i, end := running(t, s, filepath.Join(o.Dir, "imports"), nil)
		feed := func(rows ...string) overlay.Import {
			t.Helper()
			job, err := i.Upload(t.Context(), overlay.Import{Org: "home"}, strings.NewReader("id\ttitle\tprice\titem_group_id\tcolor\tsize\n"+strings.Join(rows, "\n")), "ann", store.Once{})
			must(t, err)
			return until(t, s, job.ID)
		}
		const red, cup, blue, green = "R\tShirt\t20 EUR\tSHIRT\tRed\tM", "CUP\tCup\t5 EUR\t\t\t", "B\tShirt\t21 EUR\tSHIRT\tBlue\tM", "G\tShirt\t22 EUR\tSHIRT\tGreen\tM"
		if job := feed(red, cup, blue); job.State != overlay.ImportApplied || job.New != 2 {
			t.Fatalf("%+v", job)
		}
		first, err := s.GetProduct(t.Context(), "SHIRT", 0)
		must(t, err)
		if job := feed(red, cup, blue); job.Unchanged != 2 || job.Changed+job.New+job.Missing+job.RejectedN != 0 {
			t.Errorf("the same feed: %+v", job)
		}
		if job := feed(green, blue, cup); job.Changed != 1 || job.Unchanged != 1 {
			t.Errorf("another row: %+v", job)
		}
		now, err := s.GetProduct(t.Context(), "SHIRT", 0)
		must(t, err)
		if len(first.Variants) != 2 || len(now.Variants) != 2 || now.ID != first.ID || now.Variants[1].ID != first.Variants[1].ID || now.Variants[0].Options["color"] != "Green" || now.Has(first.Variants[0].ID) {
			t.Errorf("%+v, then %+v", first.Variants, now.Variants)
		}
		if job := feed(blue, cup, strings.Replace(green, "EUR", "USD", 1)); job.Unchanged != 1 || job.RejectedN != 1 || job.Missing != 0 || job.Rejected[0].Row != 4 || job.Rejected[0].SKU != "SHIRT" {
			t.Errorf("two currencies: %+v", job)
		}
		end()
		must(t, s.Close())
	})
}
