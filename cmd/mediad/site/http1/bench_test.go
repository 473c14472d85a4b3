package http1_test

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkManyRanges asks for four hundred bytes, one by one.
func BenchmarkManyRanges(b *testing.B) {
	media := bytes.NewReader(make([]byte, 65000))
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "video/mp2t")
		http.ServeContent(w, r, "", time.Time{}, media)
	})
	request := " HTTP/1.1\r\nHost: x\r\nRange: bytes=0-0" + strings.Repeat(",9-9", 400) + "\r\n\r\n"
	for server, path := range map[string]string{"net-http": "/", "http1": "/live/"} {
		b.Run(server, func(b *testing.B) {
			p := open(b, h).dial(b)
			p.SetDeadline(time.Time{})
			for b.Loop() {
				p.say("GET " + path + request)
				if r, _ := p.hear("GET"); r.StatusCode != http.StatusPartialContent {
					b.Fatal(r.Status)
				}
			}
		})
	}
}

func BenchmarkServe(b *testing.B) {
	for name, size := range map[string]int{"part": 65000, "playlist": 1200} {
		body := make([]byte, size)
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{"video/mp2t"}
			w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
			w.Write(body)
		})
		for server, path := range map[string]string{"net-http": "/", "http1": "/live/"} {
			b.Run(name+"/"+server, func(b *testing.B) {
				p := open(b, h).dial(b)
				p.SetDeadline(time.Time{})
				request := "GET " + path + " HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\nAccept-Language: en\r\nReferer: http://localhost/\r\n\r\n"
				b.ReportAllocs()
				before := usedCPU(b)
				defer func() {
					b.ReportMetric(float64((usedCPU(b)-before).Microseconds())/float64(b.N), "cpu-us/op")
				}()
				got := make([]byte, size)
				for b.Loop() {
					p.say(request)
					for {
						line, err := p.in.ReadSlice('\n')
						if err != nil {
							b.Fatal(err)
						}
						if len(line) == 2 {
							break
						}
					}
					if _, err := io.ReadFull(p.in, got); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
