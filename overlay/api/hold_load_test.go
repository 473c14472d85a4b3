package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"mediad/overlay"
)

// holdBuyers is how many want one of a tenth as many units: MEDIAD_HOLDS.
func holdBuyers(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("MEDIAD_HOLDS"))
	if err != nil || n < 10 {
		return 1000
	}
	return n
}

// TestHoldsOverHTTP: buyers ask for units at the same time over HTTP, ten for each unit.
// As many as there are units get one, each with a checkout of their own; all others are
// told that it is sold out (I1).
func TestHoldsOverHTTP(t *testing.T) {
	t.Run("SQLite", testHoldsOverHTTP)
	t.Run("PostgreSQL", func(t *testing.T) { onPostgres(t, testHoldsOverHTTP) })
}

func testHoldsOverHTTP(t *testing.T) {
	const connections = 128
	buyers := holdBuyers(t)
	units := buyers / 10
	b := newBox(t, units)
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: connections, MaxIdleConnsPerHost: connections}}
	t.Cleanup(client.CloseIdleConnections)
	var got, late atomic.Int64
	var checkouts sync.Map
	var all sync.WaitGroup
	buyer := func(n int) error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.URL+"/c/"+b.show+"/holds", strings.NewReader(fmt.Sprintf(`{"variant":%q}`, b.product)))
		if err != nil {
			return err
		}
		req.Header.Set("User-Agent", fmt.Sprint("buyer ", n))
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			return err
		}
		var h held
		if err := json.Unmarshal(text, &h); err != nil {
			return err
		}
		switch {
		case res.StatusCode == http.StatusCreated && h.Checkout != "":
			got.Add(1)
			checkouts.Store(h.Checkout, true)
		case res.StatusCode == http.StatusConflict && strings.HasSuffix(h.Type, "#sold-out"):
			late.Add(1)
		default:
			return fmt.Errorf("buyer %d: %d %s", n, res.StatusCode, text)
		}
		return nil
	}
	for n := range buyers {
		all.Go(func() {
			if err := buyer(n); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	different := 0
	checkouts.Range(func(any, any) bool { different++; return true })
	if got.Load() != int64(units) || late.Load() != int64(buyers-units) || different != units {
		t.Errorf("%d got a unit in %d checkouts, %d came too late", got.Load(), different, late.Load())
	}
	if n := b.shop.states(); n["open"] != units || len(n) != 1 {
		t.Errorf("checkouts of the shop: %v", n)
	}
	_, text := b.send2(t, http.MethodGet, "/api/v1/shows/"+b.show+"/allocations", "")
	if !strings.Contains(text, fmt.Sprintf(`"total":%d,"held":%d,"sold":0`, units, units)) {
		t.Errorf("allocations: %s", text)
	}
	b.card(t, overlay.StockOut)
}
