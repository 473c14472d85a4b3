package rtmp

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// TestMain makes the test binary a crowd of attackers where MEDIAD_ATTACK names a
// server. Tests of the whole server use it, so that the kinds of attack are written
// once.
func TestMain(m *testing.M) {
	addr := os.Getenv("MEDIAD_ATTACK")
	if addr == "" {
		os.Exit(m.Run())
	}
	c, err := crowdOf(addr, os.Getenv("MEDIAD_ATTACK_TOTAL"), os.Getenv("MEDIAD_ATTACK_AT_ONCE"))
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(c.run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
}

// crowd is many attackers, some of them at once. A quarter comes from one
// address, the others from a /24 of the loopback.
type crowd struct {
	addr          string
	total, atOnce int
}

func crowdOf(addr, total, atOnce string) (c crowd, err error) {
	c.addr = addr
	if c.total, err = strconv.Atoi(total); err != nil {
		return c, fmt.Errorf("read how many: %w", err)
	}
	if c.atOnce, err = strconv.Atoi(atOnce); err != nil || c.atOnce < 1 {
		return c, fmt.Errorf("read how many at once: %q", atOnce)
	}
	return c, nil
}

// toll is the result of a crowd's attacks.
type toll struct {
	Attacks   map[string]int // by kind
	Outlasted map[string]int // by kind: those that the server did not end in time
	Failed    int            // could not connect
	Error     string         // the last of those
	Seconds   float64
}

// outlast is how long an attacker stays if it is left alone: longer than any
// default of the server's.
const outlast = 40 * time.Second

func (c crowd) run() toll {
	t := toll{Attacks: map[string]int{}, Outlasted: map[string]int{}}
	start := time.Now()
	var mu sync.Mutex // guards t
	var all sync.WaitGroup
	places := make(chan struct{}, c.atOnce)
	for i := range c.total {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			from := net.IPv4(127, 0, 1, 1)
			if i%4 != 0 {
				from = net.IPv4(127, 0, 2, byte(1+i%250))
			}
			// The kind changes more slowly than the address, so that every kind
			// comes from both.
			kind, outlasted, err := attack(c.addr, from, i+i/16, outlast)
			mu.Lock()
			defer mu.Unlock()
			t.Attacks[kind]++
			if outlasted {
				t.Outlasted[kind]++
			}
			if err != nil {
				t.Failed, t.Error = t.Failed+1, err.Error()
			}
		})
	}
	all.Wait()
	t.Seconds = time.Since(start).Seconds()
	return t
}
