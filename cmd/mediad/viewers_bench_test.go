package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mediad/cmd/mediad/site/sitetest"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
)

// BenchmarkViewers measures what the pages of viewers ask for besides media, and what a
// sign-in costs: mediad in a process of its own, and in turns with it a reference, which for
// requests is a bare net/http handler, in a process of its own, that reads the body and
// answers the same bytes, and for sign-ins the hash of the password alone. h2load asks over
// HTTP/1.1, on connections that it keeps; it is another process, whose time does not count.
//
//	cpu-µs/op     CPU time, user and system, of the server process for one request
//	bare-µs/op    the same of the reference
//	x-bare        the median of their quotients, pair by pair
//	a-core/s      how many of them one core does in a second: 1 s / cpu-µs
//
// MEDIAD_BENCH_PAIRS is how many runs (3).
func BenchmarkViewers(b *testing.B) {
	s := newViewersSite(b)
	for _, c := range []struct {
		name, path, body, kind string
		asked, at              int // requests of a run, and how many at a time
	}{
		{"live.json", "/c/" + s.show + "/live.json", "", "", 30_000, 10},
		{"beacon", "/c/" + s.show + "/beat", `{"viewer":"8f3a61c07be4d215","at":1760000000.5,"watched":10,"likes":3,"impressions":["` + s.product + `"]}`, "text/plain", 10_000, 10},
		{"sign-in", "/api/v1/session", `{"email":"owner@example.com","password":"` + benchPassword + `"}`, "application/json", 60, 2},
	} {
		b.Run(c.name, func(b *testing.B) {
			l := asking{path: c.path, kind: c.kind, asked: c.asked, at: c.at}
			if c.body != "" {
				l.body = filepath.Join(b.TempDir(), "body")
				if err := os.WriteFile(l.body, []byte(c.body), 0o600); err != nil {
					b.Fatal(err)
				}
			}
			reference := func() float64 { return hashCost(b, c.asked) }
			if c.name != "sign-in" {
				answer := filepath.Join(b.TempDir(), "answer")
				if err := os.WriteFile(answer, s.ask(b, c.path, c.body, c.kind), 0o600); err != nil {
					b.Fatal(err)
				}
				at := sitetest.FreeAddress(b)
				bare := startRole(b, "bare", at, answer)
				defer bare.end(b)
				pin(b, bare.Process.Pid, 0)
				answers(b, "http://"+at)
				reference = func() float64 { return l.cost(b, bare.Process.Pid, at) }
			}
			var ours, theirs, ratio, each []float64
			for b.Loop() {
				ours, theirs, ratio, each = nil, nil, nil, nil
				for range whole(b, setting("MEDIAD_BENCH_PAIRS", "3")) {
					us, them := l.cost(b, s.server.Process.Pid, s.web), reference()
					ours, theirs, ratio, each = append(ours, us), append(theirs, them), append(ratio, us/them), append(each, 1e6/us)
				}
			}
			b.ReportMetric(0, "ns/op")
			for unit, values := range map[string][]float64{"cpu-µs/op": ours, "bare-µs/op": theirs, "x-bare": ratio, "a-core/s": each} {
				slices.Sort(values)
				b.ReportMetric(values[len(values)/2], unit)
			}
		})
	}
}

const (
	benchToken    = "a-token-of-some-length"
	benchPassword = "a long password of the benchmark"
)

// viewersSite is a server with a show in which three products are pinned, and an owner.
type viewersSite struct {
	server        *loadProcess
	web           string // address
	show, product string
}

func newViewersSite(b *testing.B) *viewersSite {
	if _, err := exec.LookPath("h2load"); err != nil {
		b.Fatal("this benchmark needs h2load: make tools installs it")
	}
	s, dir := &viewersSite{web: sitetest.FreeAddress(b)}, b.TempDir()
	config := fmt.Sprintf("data_dir: %s\nlog: {level: error}\nrtmp: {listen: %q}\nmetrics: {listen: \"\"}\nhttp: {listen: %q}\nstorage: {kind: none}\nauth: {admin_token: %s}\nrooms: [{slug: corn}]\n",
		dir, sitetest.FreeAddress(b), s.web, benchToken)
	file := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		b.Fatal(err)
	}
	s.server = startRole(b, "server", "serve", "--config", file)
	b.Cleanup(func() { s.server.end(b) })
	pin(b, s.server.Process.Pid, 0)
	answers(b, "http://"+s.web+"/healthz")
	for i := range 3 {
		var made struct{ ID string }
		text := s.ask(b, "/api/v1/products", fmt.Sprintf(`{"sku":"CORN-%d","title":"Sweet corn, 5 kg","price":4990,"list_price":6900,"currency":"CNY"}`, i), "application/json")
		if err := json.Unmarshal(text, &made); err != nil {
			b.Fatal(err)
		}
		s.product = made.ID
		s.ask(b, "/api/v1/rooms/corn/pins", `{"product":"`+made.ID+`"}`, "application/json")
	}
	var room struct{ Show string }
	if err := json.Unmarshal(s.ask(b, "/c/room/corn.json", "", ""), &room); err != nil {
		b.Fatal(err)
	}
	s.show = room.Show
	s.ask(b, "/api/v1/session", `{"email":"owner@example.com","password":"`+benchPassword+`","token":"`+benchToken+`"}`, "application/json")
	return s
}

// ask gives the answer to one request.
func (s *viewersSite) ask(b *testing.B, path, body, kind string) []byte {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+s.web+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	if body != "" {
		req.Method = http.MethodPost
		req.Header.Set("Content-Type", kind)
	}
	if strings.HasPrefix(path, "/api/") && path != "/api/v1/session" {
		req.Header.Set("Authorization", "Bearer "+benchToken)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		b.Fatalf("%s: %s %s %v", path, res.Status, text, err)
	}
	return text
}

// asking is a run of requests.
type asking struct {
	path, body, kind string // body: a file; "": GET
	asked, at        int
}

// cost is the CPU time of a process for each of the requests, in microseconds.
func (l asking) cost(b *testing.B, pid int, at string) float64 {
	args := []string{"-c", fmt.Sprint(min(1, runtime.NumCPU()-1)), "h2load", "--h1", "-n", fmt.Sprint(l.asked), "-c", fmt.Sprint(l.at), "-m", "1"}
	if l.body != "" {
		args = append(args, "-d", l.body, "-H", "Content-Type: "+l.kind)
	}
	before, _ := usage(b, pid)
	out, err := exec.Command("taskset", append(args, "http://"+at+l.path)...).CombinedOutput()
	after, _ := usage(b, pid)
	if err != nil || !bytes.Contains(out, fmt.Appendf(nil, "status codes: %d 2xx", l.asked)) {
		b.Fatalf("h2load: %v\n%s", err, out)
	}
	return float64((after - before).Microseconds()) / float64(l.asked)
}

// hashCost is the CPU time of this process for each of some comparisons with the hash of a
// password, at the cost that people's passwords have.
func hashCost(b *testing.B, n int) float64 {
	hash, err := argon2id.CreateHash(benchPassword, &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		b.Fatal(err)
	}
	before, _ := usage(b, os.Getpid())
	for range n {
		if same, err := argon2id.ComparePasswordAndHash(benchPassword, hash); err != nil || !same {
			b.Fatal(err)
		}
	}
	after, _ := usage(b, os.Getpid())
	return float64((after - before).Microseconds()) / float64(n)
}

// answers waits until an address answers.
func answers(b *testing.B, url string) {
	for range 200 {
		if r, err := http.Get(url); err == nil {
			r.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatalf("%s does not answer", url)
}

// loadBare is the reference: a handler that reads the body and answers ready bytes. Its
// arguments are the address to listen on, and the file with the bytes.
func loadBare(args []string) error {
	body, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", args[0])
	if err != nil {
		return err
	}
	go func() { untilStdinEnds(); _ = l.Close() }()
	err = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}))
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
