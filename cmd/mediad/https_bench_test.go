package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"mediad/cmd/mediad/site/sitetest"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkHTTPS measures what a part costs over HTTPS: mediad, on air, in a process of
// its own, and nginx with the same bytes in a file, which is the reference. h2load
// asks both in turn, ten connections at a time, and medians count. h2-list is a
// part and the playlist that names it, over HTTP/2.
//
//	cpu-µs/part    CPU time, user and system, of the server process for one part
//	nginx-µs/part  the same of the reference
//	x-nginx        the median of their quotients, pair by pair
//	kB/part        what a part has
//
// MEDIAD_BENCH_PAIRS is how many runs (3), MEDIAD_BENCH_PARTS how many parts in each (10000).
func BenchmarkHTTPS(b *testing.B) {
	site := newSecureSite(b)
	for _, c := range []struct {
		name, flag string
		list       bool // a playlist with each part, as players ask for it
	}{{"h2", "--npn-list=h2", false}, {"h2-list", "--npn-list=h2", true}, {"h1", "--h1", false}} {
		b.Run(c.name, func(b *testing.B) {
			var ours, theirs, ratio []float64
			for b.Loop() {
				ours, theirs, ratio = nil, nil, nil
				for range whole(b, setting("MEDIAD_BENCH_PAIRS", "3")) {
					part, list := site.part(b)
					at, reference := []string{"https://" + site.web + part}, []string{"https://" + site.reference + "/" + path.Base(part)}
					if c.list {
						at, reference = append(at, "https://"+site.web+list), append(reference, "https://"+site.reference+"/"+path.Base(list))
					}
					us := site.cost(b, site.server.Process.Pid, c.flag, at...)
					them := site.cost(b, site.nginx, c.flag, reference...)
					ours, theirs, ratio = append(ours, us), append(theirs, them), append(ratio, us/them)
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(site.size)/1000, "kB/part")
			for unit, values := range map[string][]float64{"cpu-µs/part": ours, "nginx-µs/part": theirs, "x-nginx": ratio} {
				slices.Sort(values)
				b.ReportMetric(values[len(values)/2], unit)
			}
		})
	}
}

// secureSite is a server on air, with HTTPS, and nginx beside it.
type secureSite struct {
	server         *loadProcess
	web, reference string // addresses
	dir            string
	nginx          int // process
	size           int // of the part that both give, in bytes
	client         *http.Client
}

func newSecureSite(b *testing.B) *secureSite {
	for _, tool := range []string{"h2load", "nginx"} {
		if _, err := exec.LookPath(tool); err != nil {
			b.Fatalf("this benchmark needs %s: make tools installs it", tool)
		}
	}
	s := &secureSite{web: sitetest.FreeAddress(b), reference: sitetest.FreeAddress(b), dir: b.TempDir()}
	s.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	rtmp := sitetest.FreeAddress(b)
	cert, key := sitetest.Certificate(b, s.dir, 1, time.Now().Add(24*time.Hour))
	config := fmt.Sprintf("data_dir: %s\nlog: {level: error}\nrtmp: {listen: %q}\nmetrics: {listen: \"\"}\nhttp: {listen: %q, tls: {cert: %s, key: %s}}\nhls: {window: 60s, part: 280ms}\nstorage: {kind: none}\nthumbnails: off\nrooms: [{slug: r0, stream_key: k0-0123456789abcdef}]\n",
		s.dir, rtmp, s.web, cert, key)
	file := filepath.Join(s.dir, "config.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		b.Fatal(err)
	}
	s.server = startRole(b, "server", "serve", "--config", file)
	b.Cleanup(func() { s.server.end(b) })
	pin(b, s.server.Process.Pid, 0)
	s.answers(b, "https://"+s.web+"/healthz")
	push := startRole(b, "push", rtmp, "1")
	b.Cleanup(func() { push.end(b) })
	s.startNginx(b, cert, key)
	return s
}

// startNginx runs nginx with the settings that its documentation has for static
// files over HTTPS.
func (s *secureSite) startNginx(b *testing.B, cert, key string) {
	conf := fmt.Sprintf(`daemon off; worker_processes 1; pid %[1]s/nginx.pid; error_log %[1]s/error.log;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000; open_file_cache max=10;
  types { video/mp2t ts; } client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
  server {
    listen %[2]s ssl http2; ssl_certificate %[3]s; ssl_certificate_key %[4]s; root %[1]s/www;
    add_header Cache-Control "public, max-age=31536000, immutable"; add_header Access-Control-Allow-Origin "*"; add_header Timing-Allow-Origin "*";
  }
}
`, s.dir, s.reference, cert, key)
	file := filepath.Join(s.dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		b.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(s.dir, "www"), 0o755); err != nil {
		b.Fatal(err)
	}
	nginx := exec.Command("nginx", "-c", file, "-p", s.dir, "-e", filepath.Join(s.dir, "error.log"), "-g", "master_process off;")
	if err := nginx.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = nginx.Process.Kill()
		_ = nginx.Wait()
	})
	s.nginx = nginx.Process.Pid
	pin(b, s.nginx, 0)
	s.answers(b, "https://"+s.reference+"/")
}

// pin keeps a process to one CPU, so that servers and clients do not share it.
func pin(b *testing.B, pid, cpu int) {
	if runtime.NumCPU() < 2 {
		return
	}
	if out, err := exec.Command("taskset", "-acp", fmt.Sprint(cpu), fmt.Sprint(pid)).CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
}

// answers waits until an address answers.
func (s *secureSite) answers(b *testing.B, url string) {
	for range 200 {
		if r, err := s.client.Get(url); err == nil {
			r.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatalf("%s does not answer", url)
}

func (s *secureSite) get(b *testing.B, name string) []byte {
	for range 200 {
		r, err := s.client.Get("https://" + s.web + name)
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		if err := r.Body.Close(); err != nil {
			b.Fatal(err)
		}
		if err == nil && r.StatusCode == http.StatusOK {
			return body
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatalf("%s does not come", name)
	return nil
}

var partURI = regexp.MustCompile(`(?m)^#EXT-X-PART:.*URI="([^"]*)"`)

// part gives the paths of a new part of about 92 kB and of the playlist that names
// it. nginx then has both too.
func (s *secureSite) part(b *testing.B) (part, list string) {
	master := s.get(b, "/live/r0/index.m3u8")
	var media string
	for line := range strings.Lines(string(master)) {
		if line[0] != '#' {
			media = "/live/r0/" + strings.TrimSpace(line)
		}
	}
	const wanted = 92_000
	dir := media[:strings.LastIndexByte(media, '/')+1]
	var best string
	var body []byte
	text := s.get(b, media)
	for _, m := range partURI.FindAllSubmatch(text, -1) {
		one := s.get(b, dir+string(m[1]))
		if best == "" || max(len(one)-wanted, wanted-len(one)) < max(len(body)-wanted, wanted-len(body)) {
			best, body = dir+string(m[1]), one
		}
	}
	s.size = len(body)
	for name, bytes := range map[string][]byte{best: body, media: text} {
		if err := os.WriteFile(filepath.Join(s.dir, "www", path.Base(name)), bytes, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return best, media
}

// cost is the CPU time of a process for each of many rounds, in microseconds.
func (s *secureSite) cost(b *testing.B, pid int, protocol string, urls ...string) float64 {
	rounds := whole(b, setting("MEDIAD_BENCH_PARTS", "10000"))
	if r, err := s.client.Get(urls[0]); err != nil || r.StatusCode != http.StatusOK || r.ContentLength != int64(s.size) {
		b.Fatalf("%s: %v, %v", urls[0], r, err)
	}
	asked := rounds * len(urls)
	load := exec.Command("taskset", append([]string{"-c", fmt.Sprint(min(1, runtime.NumCPU()-1)), "h2load", "-n", fmt.Sprint(asked), "-c", "10", "-m", "1", "--tls13-ciphers=TLS_AES_128_GCM_SHA256", protocol}, urls...)...)
	before, _ := usage(b, pid)
	out, err := load.CombinedOutput()
	after, _ := usage(b, pid)
	if err != nil || !bytes.Contains(out, fmt.Appendf(nil, "%d succeeded, 0 failed", asked)) {
		b.Fatalf("h2load: %v\n%s", err, out)
	}
	return float64((after - before).Microseconds()) / float64(rounds)
}
