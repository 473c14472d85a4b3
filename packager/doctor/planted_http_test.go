package doctor_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// directives of a request; part is -1 where there is none, msn too.
func directives(r *http.Request) (msn, part int) {
	number := func(name string) int {
		n, err := strconv.Atoi(r.URL.Query().Get(name))
		if err != nil {
			return -1
		}
		return n
	}
	return number("_HLS_msn"), number("_HLS_part")
}

func plantedTable() []violation {
	unlisted := func(s *show, r *http.Request) bool {
		return kindOf(r.URL.Path) == "part" && s.listedNow() != "" && !strings.Contains(s.listedNow(), `,URI="`+name(r.URL.Path)+`"`) ||
			kindOf(r.URL.Path) == "part" && strings.Contains(s.listedNow(), `TYPE=PART,URI="`+name(r.URL.Path)+`"`)
	}
	remembering := func(p *plan) { p.after = remember }
	return []violation{
		front("A4.1", "slow", func(s *show, _ http.ResponseWriter, r *http.Request) bool {
			if kindOf(r.URL.Path) == "list" && r.URL.RawQuery == "" && !s.once("first") && s.once("second") {
				time.Sleep(1100 * time.Millisecond)
			}
			return false
		}),
		deaf("A4.2", "part alone is taken", func(r *http.Request) bool { msn, part := directives(r); return msn < 0 && part >= 0 }),
		deaf("A4.3", "words are taken", func(r *http.Request) bool { return r.URL.Query().Get("_HLS_msn") == "x" }),
		deaf("A4.4", "no wait for a segment", func(r *http.Request) bool { msn, part := directives(r); return msn >= before && part < 0 }),
		deaf("A4.5", "no wait for a part", func(r *http.Request) bool { msn, part := directives(r); return msn >= before && part >= 0 && part < 5 }).during(2 * time.Second),
		refuses("A4.6", "no roll over", 400, func(_ *show, r *http.Request) bool { _, part := directives(r); return part >= 5 }),
		refuses("A4.7", "the past is refused", 400, func(_ *show, r *http.Request) bool {
			msn, _ := directives(r)
			return msn >= 0 && msn < before-2 && !r.URL.Query().Has("utm_source")
		}),
		deaf("A4.8", "far segments are taken", func(r *http.Request) bool { msn, _ := directives(r); return msn > 100 }),
		front("A4.8", "the third segment is waited for", func(s *show, _ http.ResponseWriter, r *http.Request) bool {
			if msn, _ := directives(r); msn == s.lastListed()+3 {
				r.URL.RawQuery = "_HLS_msn=" + strconv.Itoa(msn-1)
			}
			return false
		}).with(remembering),
		deaf("A4.9", "parts just beyond the limit are taken", func(r *http.Request) bool { _, part := directives(r); return part > 20 && part < 100 }),
		deaf("A4.9", "far parts are taken", func(r *http.Request) bool { _, part := directives(r); return part > 1000 }),
		front("A4.10", "held too long", func(s *show, _ http.ResponseWriter, r *http.Request) bool {
			if msn, part := directives(r); part < 0 && msn == s.lastListed()+2 {
				time.Sleep(7 * time.Second)
			}
			return false
		}).with(remembering),
		violation{rule: "A4.11", name: "refused after the end"}.with(func(p *plan) {
			p.end = true
			p.after = func(_ *show, a *reply) {
				if strings.Contains(string(a.body), "#EXT-X-ENDLIST") && strings.Contains(a.r.URL.RawQuery, "_HLS_") {
					a.status = 400
				}
			}
		}),
		deaf("A4.12", "no delta", func(r *http.Request) bool { return r.URL.Query().Has("_HLS_skip") }).with(func(p *plan) { p.delta = true }),
		deaf("A4.12", "no delta without ranges", func(r *http.Request) bool { return r.URL.Query().Get("_HLS_skip") == "v2" }).with(func(p *plan) { p.delta = true }),
		refuses("A4.13", "strangers are refused", 403, func(_ *show, r *http.Request) bool { return r.URL.Query().Has("utm_source") }),
		list("A4.14", "one too many", sub(`SKIPPED-SEGMENTS=(\d+)`, "SKIPPED-SEGMENTS=1$1")).with(func(p *plan) { p.delta = true }),
		list("A4.14", "no word of removed ranges", sub(`,RECENTLY-REMOVED-DATERANGES=""`, "")).with(func(p *plan) { p.delta = true }),
		list("A4.14", "removed and listed", func(text string) string {
			listed := regexp.MustCompile(`#EXT-X-DATERANGE:ID="([^"]+)"`).FindStringSubmatch(text)
			if listed == nil {
				return text
			}
			return sub(`REMOVED-DATERANGES=""`, `REMOVED-DATERANGES="`+listed[1]+`"`)(text)
		}).with(func(p *plan) { p.delta = true }),
		violation{rule: "A4.14", name: "ranges left out unasked"}.with(func(p *plan) {
			p.delta = true
			p.after = func(_ *show, a *reply) {
				if a.kind == "list" && a.r.URL.Query().Get("_HLS_skip") == "YES" {
					a.body = []byte(sub(`#EXT-X-DATERANGE[^\n]*\n`, "")(string(a.body)))
				}
			}
		}),
		list("A4.15", "near boundary", sub(`CAN-SKIP-UNTIL=6`, "CAN-SKIP-UNTIL=3")).with(func(p *plan) { p.delta = true }),
		refuses("A4.16", "hint is refused", 404, unlisted).with(remembering),
		front("A4.16b", "hint trickles", func(s *show, _ http.ResponseWriter, r *http.Request) bool {
			if unlisted(s, r) {
				r.Header.Set("X-Hint", "1")
			}
			return false
		}).with(remembering).during(12 * time.Second).with(func(p *plan) {
			p.slow = 300 * time.Millisecond // the hint is asked for before its part is made, on a busy machine too
			p.trickle = func(a *reply) bool { return a.r.Header.Get("X-Hint") != "" && a.ok() && len(a.body) > packetSize }
		}),
		violation{rule: "A4.17", name: "anything is there"}.with(func(p *plan) {
			p.after = func(_ *show, a *reply) {
				if a.status == 404 {
					a.status, a.body = 200, []byte("sorry")
				}
			}
		}),
	}
}

func plantedTops() []violation {
	top := func(rule, name, pattern, by string) violation {
		return violation{rule: rule, name: name, plan: plan{after: func(_ *show, a *reply) {
			if a.kind == "top" {
				a.body = []byte(sub(pattern, by)(string(a.body)))
			}
		}}}
	}
	two := func(p *plan) { p.two = true }
	return []violation{
		top("A5.0", "no BANDWIDTH", `([:,])BANDWIDTH=\d+,`, "$1"),
		top("A5.1", "low BANDWIDTH", `([:,])BANDWIDTH=\d+`, "${1}BANDWIDTH=1000"),
		top("A5.2", "low AVERAGE-BANDWIDTH", `AVERAGE-BANDWIDTH=\d+`, "AVERAGE-BANDWIDTH=1000"),
		top("A5.3", "no RESOLUTION", `,RESOLUTION=\d+x\d+`, ""),
		top("A5.4", "another profile", `avc1\.42c01e`, "avc1.64001f"),
		top("A5.5", "another size", `640x360`, "1280x720"),
		top("A5.6", "another rate", `FRAME-RATE=[\d.]+`, "FRAME-RATE=30.000"),
		violation{rule: "A5.7", name: "another target"}.with(two).with(func(p *plan) {
			p.after = func(_ *show, a *reply) {
				if a.kind == "list" && strings.Contains(a.r.URL.Path, "/alt/") {
					a.body = []byte(sub(`TARGETDURATION:1`, "TARGETDURATION:2")(string(a.body)))
				}
			}
		}),
		violation{rule: "A5.16", name: "a segment is longer"}.with(two).with(func(p *plan) {
			p.after = func(_ *show, a *reply) {
				if a.kind == "list" && strings.Contains(a.r.URL.Path, "/alt/") {
					a.body = []byte(sub(`#EXTINF:1\.000`, "#EXTINF:1.001")(string(a.body)))
				}
			}
		}),
		violation{rule: "A5.16", name: "other numbers"}.with(two).with(func(p *plan) {
			p.after = func(_ *show, a *reply) {
				if a.kind == "list" && strings.Contains(a.r.URL.Path, "/alt/") {
					a.body = []byte(sub(`MEDIA-SEQUENCE:`, "MEDIA-SEQUENCE:1")(string(a.body)))
				}
			}
		}),
		front("A5.8", "elsewhere", func(_ *show, w http.ResponseWriter, r *http.Request) bool {
			if kindOf(r.URL.Path) != "segment" || r.URL.Query().Has("moved") {
				return false
			}
			http.Redirect(w, r, r.URL.Path+"?moved=1", http.StatusFound)
			return true
		}),
		violation{rule: "A5.9", name: "one has a SCORE"}.with(two).with(func(p *plan) {
			p.after = func(_ *show, a *reply) {
				if a.kind == "top" {
					a.body = []byte(strings.Replace(string(a.body), "#EXT-X-STREAM-INF:", "#EXT-X-STREAM-INF:SCORE=1.0,", 1))
				}
			}
		}),
		part("A5.10", "HEVC in the PMT", func(p packets) packets {
			return p.section(1, func(s []byte) []byte { s[29] = 0x24; return s })
		}),
	}
}

func plantedHeaders() []violation {
	set := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	without := func(name string) func(http.Header) { return func(h http.Header) { h.Del(name) } }
	return []violation{
		head("A6.1", "text", "list", set("Content-Type", "text/plain")),
		head("A6.2", "octets", "part segment", set("Content-Type", "application/octet-stream")),
		head("A6.3", "kept for a minute", "list", set("Cache-Control", "max-age=60")),
		head("A6.4", "kept for a second", "part segment", set("Cache-Control", "max-age=1")),
		head("A6.5", "errors without a word", "error", without("Cache-Control")),
		head("A6.6", "errors are hidden", "error", without("Access-Control-Allow-Origin")),
		head("A6.6b", "credentials", "", set("Access-Control-Allow-Credentials", "true")),
		head("A6.7", "Age is hidden", "", without("Access-Control-Expose-Headers")),
		head("A6.8", "Range is not allowed", "", without("Access-Control-Allow-Headers")),
		head("A6.9", "never compressed", "list", set("X-Plain", "1")),
		head("A6.9", "the multivariant playlist is never compressed", "top", set("X-Plain", "1")),
		head("A6.10", "no Vary", "list", without("Vary")),
		head("A6.11", "compressed media", "part segment", set("Content-Encoding", "gzip")),
		head("A6.12", "one tag for both", "list", set("X-One-Tag", "1")),
		front("A6.13", "ranges are ignored", func(_ *show, _ http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Range") == "bytes=188-375" {
				r.Header.Del("Range")
			}
			return false
		}),
		front("A6.14", "the end is ignored", func(_ *show, _ http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.Header.Get("Range"), "-") {
				r.Header.Del("Range")
			}
			return false
		}),
		head("A6.15", "of yesterday", "list", set("Last-Modified", "Fri, 20 Nov 2026 10:00:00 GMT")),
		refuses("A6.16", "nothing is new", 304, func(_ *show, r *http.Request) bool { return r.Header.Get("If-None-Match") != "" }),
		head("A6.17", "a cookie", "list", set("Set-Cookie", "viewer=7")),
	}
}

func plantedCaches() []violation {
	blocking := func(a *reply) bool { return a.kind == "list" && strings.Contains(a.r.URL.RawQuery, "_HLS_msn") }
	after := func(rule, name string, f func(s *show, a *reply)) violation {
		return violation{rule: rule, name: name, plan: plan{after: f}}
	}
	count := func(s *show) string {
		n, _ := s.memory["count"].(int)
		s.memory["count"] = n + 1
		return strconv.Itoa(n)
	}
	return []violation{
		head("A6.20", "no number", "part segment list", func(h http.Header) { h.Set("Age", "young"); h.Set("X-Cache", "HIT") }),
		head("A6.20", "too old", "list", func(h http.Header) { h.Set("Age", "99") }),
		silent(),
		after("A6.21", "each has its own", func(s *show, a *reply) {
			if blocking(a) && a.ok() {
				a.body = append(a.body, "# "+count(s)+"\n"...)
			}
		}),
		after("A6.22", "all go to the origin", func(s *show, a *reply) { a.header.Set("Cache-Status", "edge; fwd=miss") }),
		after("A6.23", "errors stay", func(s *show, a *reply) {
			key := a.r.URL.RequestURI()
			if a.r.Header.Get("Range") != "" {
				return
			}
			if s.memory[key] != nil {
				a.status = 404
			}
			if a.status >= 400 {
				s.memory[key] = true
			}
		}),
		after("A6.23", "errors of parts stay", func(s *show, a *reply) {
			if key := a.r.URL.Path; a.kind == "part" && (a.status >= 400 || s.memory[key] != nil) {
				a.status, s.memory[key] = 404, true
			}
		}),
		after("A6.24", "_HLS_skip is no key", func(s *show, a *reply) {
			if !blocking(a) || !a.ok() {
				return
			}
			msn, part := directives(a.r)
			key := fmt.Sprint(msn, part)
			if kept, _ := s.memory[key].([]byte); kept != nil {
				a.body = kept
			}
			s.memory[key] = a.body
		}).with(func(p *plan) { p.delta = true }),
		after("A6.24", "the query is no key", func(s *show, a *reply) {
			if !blocking(a) || !a.ok() {
				return
			}
			if old, _ := s.memory["old"].([]byte); old != nil {
				a.body = old
			}
			s.memory["old"] = a.body
		}).during(2 * time.Second),
		after("A6.25", "one form for all", func(s *show, a *reply) {
			if a.kind != "list" || !a.ok() || a.r.Header.Get("Accept-Encoding") != "identity" {
				return
			}
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			z.Write(a.body)
			z.Close()
			a.body = b.Bytes()
			a.header.Set("Content-Encoding", "gzip")
		}),
		after("A6.26", "a new tag each time", func(s *show, a *reply) {
			if a.kind == "segment" {
				a.header.Set("ETag", `"`+count(s)+`"`)
			}
		}),
		after("A6.26", "a new tag of a part each time", func(s *show, a *reply) {
			if a.kind == "part" {
				a.header.Set("ETag", `"`+count(s)+`"`)
			}
		}),
	}
}

// silent is a cache that keeps the playlist for five seconds and does not tell.
func silent() violation {
	type kept struct {
		body []byte
		at   time.Time
	}
	v := violation{rule: "A6.20", name: "too old in silence", plan: plan{slow: 150 * time.Millisecond, after: func(s *show, a *reply) {
		if a.kind != "list" || a.r.URL.RawQuery != "" || !a.ok() {
			return
		}
		if k, there := s.memory["kept"].(kept); there && time.Since(k.at) < 5*time.Second {
			a.body = k.body
			return
		}
		s.memory["kept"] = kept{a.body, time.Now()}
	}}}.during(7 * time.Second)
	v.opts.Versions = 200
	return v
}
