package webhooks

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

// TestMain lets the test binary be its own child, which tests may kill.
func TestMain(m *testing.M) {
	if dir := os.Getenv("MEDIAD_WEBHOOKS_DIR"); dir != "" {
		childSends(dir, os.Getenv("MEDIAD_WEBHOOKS_URL"))
		return
	}
	os.Exit(m.Run())
}

// childSends takes orders for ever, tells of them, and prints each that is answered for.
func childSends(dir, url string) {
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Dir: dir, URL: url, Log: slog.New(slog.DiscardHandler)})
	fail(err)
	go func() {
		fail(New(Options{Queue: s, Public: loopback, UserAgent: "mediad/test", Timeout: 10 * time.Second, Log: slog.New(slog.DiscardHandler)}).Run(ctx))
	}()
	shops, err := s.Shops(ctx, overlay.Everything(), "", 1)
	fail(err)
	for n := 0; ; n++ {
		order := os.Getenv("MEDIAD_WEBHOOKS_ROUND") + "-" + fmt.Sprint(n)
		fail(s.TakeFacts(ctx, shops[0], []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: order, Order: order, At: time.Now(), Amount: 1, Currency: "CNY"}}))
		fmt.Println(order)
		time.Sleep(time.Millisecond)
	}
}

// After kill -9 at any moment, all that was answered for is told, nothing else is, and what
// comes twice has the same id.
func TestKilledSenderLosesNothing(t *testing.T) {
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		r := newReceiver(t, func(_ http.ResponseWriter, _ *http.Request) { time.Sleep(time.Millisecond) })
		h := open(t, o, 10*time.Second)
		w := h.webhook(r.URL)
		r.set(w.Secret)
		h.end()
		told := map[string]bool{}
		for round := range 5 {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "MEDIAD_WEBHOOKS_DIR="+o.Dir, "MEDIAD_WEBHOOKS_URL="+o.URL, fmt.Sprint("MEDIAD_WEBHOOKS_ROUND=", round))
			cmd.Stderr = os.Stderr
			out, err := cmd.StdoutPipe()
			must(t, err)
			must(t, cmd.Start())
			var once sync.Once
			for lines := bufio.NewScanner(out); lines.Scan(); {
				told[lines.Text()] = true
				once.Do(func() {
					time.AfterFunc(time.Duration(50+rand.IntN(300))*time.Millisecond, func() { _ = cmd.Process.Kill() })
				})
			}
			if err := cmd.Wait(); err == nil || err.Error() != "signal: killed" {
				t.Fatalf("round %d: the child ended: %v", round, err)
			}
		}
		before := len(r.taken())
		h = open(t, o, 10*time.Second)
		until(t, "the rest", func() bool {
			at, err := h.Webhook(t.Context(), w.ID)
			must(t, err)
			return at.Waiting == 0
		})
		ids, again := map[string]string{}, 0 // by order
		for _, one := range r.taken() {
			id, body, _ := strings.Cut(one, " ")
			_, order, _ := strings.Cut(body, `"name":"`)
			order, _, _ = strings.Cut(order, `"`)
			if ids[order] != "" {
				again++
			}
			if ids[order] != "" && ids[order] != id {
				t.Errorf("order %s came as %s and %s", order, ids[order], id)
			}
			ids[order] = id
		}
		for order := range told {
			if ids[order] == "" {
				t.Errorf("order %s was answered for, and nobody is told of it", order)
			}
		}
		// A fact that is on the disk when its process is killed may not be answered for.
		if r.unsigned > 0 || len(ids) > len(told)+5 || len(told) < 50 {
			t.Errorf("%d orders were told of, %d were answered for, %d messages were not signed", len(ids), len(told), r.unsigned)
		}
		t.Logf("%d orders; %d came after the last kill, %d twice", len(told), len(r.taken())-before, again)
	})
}
