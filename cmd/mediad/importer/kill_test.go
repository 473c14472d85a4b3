package importer

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

// TestMain lets the test binary be its own child, which tests may kill.
func TestMain(m *testing.M) {
	if dir := os.Getenv("MEDIAD_IMPORT_DIR"); dir != "" {
		childImports(dir, os.Getenv("MEDIAD_IMPORT_URL"))
		return
	}
	os.Exit(m.Run())
}

const killRows = 1000

// childImports imports the same products for ever, each time at another price, and
// prints each price that is applied.
func childImports(dir, url string) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Dir: dir, URL: url})
	fail(err)
	i := New(Options{Store: s, Dir: filepath.Join(dir, "imports"), Log: slog.Default()})
	go func() { fail(i.Run(ctx)) }()
	first, err := strconv.Atoi(os.Getenv("MEDIAD_IMPORT_PRICE"))
	fail(err)
	for price := first; ; price++ {
		job, err := i.Upload(ctx, overlay.Import{Org: "home"}, bytes.NewReader(table(killRows, price)), "ann", store.Once{})
		fail(err)
		for job.State != overlay.ImportApplied {
			time.Sleep(2 * time.Millisecond)
			job, err = s.Import(ctx, job.ID)
			fail(err)
			if job.State == overlay.ImportFailed {
				fail(fmt.Errorf("%s", job.Problem))
			}
		}
		fmt.Println(price)
	}
}

// After kill -9 at any moment, all products of the catalogue have the price of one
// import: not an older one than the last that was told. The import that was interrupted
// goes on with the next start.
func TestKilledImportIsWholeOrNothing(t *testing.T) {
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		must(t, open(t, o).Close())
		told, between := 0, 0
		for round := range 6 {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "MEDIAD_IMPORT_DIR="+o.Dir, "MEDIAD_IMPORT_URL="+o.URL, fmt.Sprint("MEDIAD_IMPORT_PRICE=", 100*(round+1)))
			cmd.Stderr = os.Stderr
			out, err := cmd.StdoutPipe()
			must(t, err)
			must(t, cmd.Start())
			var once sync.Once
			for lines := bufio.NewScanner(out); lines.Scan(); {
				if told, err = strconv.Atoi(lines.Text()); err != nil {
					t.Fatal(err)
				}
				once.Do(func() {
					time.AfterFunc(time.Duration(rand.IntN(400))*time.Millisecond, func() { _ = cmd.Process.Kill() })
				})
			}
			if err := cmd.Wait(); err == nil || err.Error() != "signal: killed" || told < 100*(round+1) {
				t.Fatalf("round %d: the child told %d, and ended: %v", round, told, err)
			}
			s := open(t, o)
			if price := onePrice(t, s); price < told {
				t.Errorf("round %d: the price is %d, and %d was told", round, price, told)
			}
			waiting, err := s.OpenImports(t.Context())
			must(t, err)
			between += len(waiting)
			_, end := running(t, s, filepath.Join(o.Dir, "imports"), nil)
			for _, w := range waiting {
				if i := until(t, s, w.ID); i.State != overlay.ImportApplied || i.RejectedN > 0 {
					t.Errorf("round %d: %+v", round, i)
				}
			}
			if price := onePrice(t, s); len(waiting) > 0 && price != told+len(waiting) {
				t.Errorf("round %d: the price is %d after the interrupted import, and %d was told", round, price, told)
			}
			end()
			must(t, s.Close())
		}
		t.Logf("%d imports were interrupted", between)
	})
}

// onePrice gives the price of all products, which must be the same.
func onePrice(t *testing.T, s *store.Store) int {
	t.Helper()
	prices, n := map[int64]int{}, 0
	for after := ""; ; {
		list, err := s.ListProducts(t.Context(), overlay.Everything(), after, 500)
		must(t, err)
		if len(list) == 0 {
			break
		}
		for _, p := range list {
			prices[p.Price]++
			n++
		}
		after = list[len(list)-1].ID
	}
	if len(prices) != 1 || n != killRows {
		t.Fatalf("%d products have the prices %v", n, prices)
	}
	for p := range prices {
		return int(p / 100)
	}
	return 0
}
