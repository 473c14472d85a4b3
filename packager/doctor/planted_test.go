package doctor_test

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mediad/packager/doctor"
)

// violation is a show that breaks a rule.
type violation struct {
	rule, name string
	plan       plan
	opts       doctor.Options
}

// short ends the run over a show that does not go on.
func short(d time.Duration) doctor.Options { return doctor.Options{For: d} }

func planted() []violation {
	return slices.Concat(plantedLists(), plantedChanges(), plantedDates(), plantedTable(), plantedTops(), plantedHeaders(), plantedCaches(), plantedStreams(), plantedCues())
}

// late tells whether the show has run for some time.
func late(s *show) bool { return s.frame > (before+3)*fps }

// list spoils the text of the media playlist.
func list(rule, name string, change func(text string) string) violation {
	return violation{rule: rule, name: name, plan: plan{after: func(s *show, a *reply) {
		if a.kind == "list" && a.ok() {
			a.body = []byte(change(string(a.body)))
		}
	}}}
}

// later spoils it after a while.
func later(rule, name string, change func(text string) string) violation {
	return violation{rule: rule, name: name, plan: plan{after: func(s *show, a *reply) {
		if a.kind == "list" && a.ok() && late(s) {
			a.body = []byte(change(string(a.body)))
		}
	}}}
}

// sub replaces what a pattern finds.
func sub(pattern, by string) func(string) string {
	re := regexp.MustCompile(pattern)
	return func(text string) string { return re.ReplaceAllString(text, by) }
}

// with changes the plan of a violation.
func (v violation) with(change func(p *plan)) violation {
	change(&v.plan)
	return v
}

func (v violation) during(d time.Duration) violation {
	v.opts = short(d)
	return v
}

// insert puts a line behind the target duration.
func insert(line string) func(string) string {
	return sub(`(#EXT-X-TARGETDURATION:\d+\n)`, "${1}"+line+"\n")
}

// tagNumber gives the number of a tag.
func tagNumber(text, tag string) string {
	at := regexp.MustCompile(tag + `:(\d+)`).FindStringSubmatch(text)
	if at == nil {
		return ""
	}
	return at[1]
}

// keeping leaves only the last n whole segments.
func keeping(n int) func(string) string {
	return func(text string) string {
		from := strings.Index(text, "#EXT-X-PROGRAM-DATE-TIME")
		head, rest := text[:from], text[from:]
		drop := strings.Count(rest, "#EXTINF:") - n
		for range drop {
			_, rest, _ = strings.Cut(rest, ".ts\n")
		}
		first := regexp.MustCompile(`(?m)^(\d+)\.ts$`).FindStringSubmatch(rest)
		if first == nil {
			return head + rest
		}
		return sub(`#EXT-X-MEDIA-SEQUENCE:\d+`, "#EXT-X-MEDIA-SEQUENCE:"+first[1])(head) + rest
	}
}

// part spoils the parts from some time on.
func part(rule, name string, change func(p packets) packets) violation {
	return violation{rule: rule, name: name, plan: plan{after: func(s *show, a *reply) {
		if a.kind == "part" && a.ok() && len(a.body)%packetSize == 0 {
			a.body = change(split(a.body)).join()
		}
	}}}
}

// laterPart spoils all but the parts that the doctor reads first.
func laterPart(rule, name string, change func(p packets) packets) violation {
	v := part(rule, name, change)
	all := v.plan.after
	v.plan.after = func(s *show, a *reply) {
		if s.memory["parts"] == nil {
			s.memory["parts"] = 0
		}
		if a.kind == "part" {
			s.memory["parts"] = s.memory["parts"].(int) + 1
			if s.memory["parts"].(int) < 12 {
				return
			}
		}
		all(s, a)
	}
	return v
}

// head spoils headers of some kinds of answers; "" is all, "error" what fails.
func head(rule, name, kinds string, change func(h http.Header)) violation {
	return violation{rule: rule, name: name, plan: plan{after: func(s *show, a *reply) {
		kind := a.kind
		if a.status >= 400 {
			kind = "error"
		}
		if kinds == "" || strings.Contains(kinds, kind) {
			change(a.header)
		}
	}}}
}

// front answers, or changes, requests itself.
func front(rule, name string, before func(s *show, w http.ResponseWriter, r *http.Request) bool) violation {
	return violation{rule: rule, name: name, plan: plan{before: before}}
}

// deaf makes the server ignore the directives of some requests.
func deaf(rule, name string, which func(r *http.Request) bool) violation {
	return front(rule, name, func(_ *show, _ http.ResponseWriter, r *http.Request) bool {
		if which(r) {
			r.URL.RawQuery = ""
		}
		return false
	})
}

// refuses lets the server refuse some requests.
func refuses(rule, name string, status int, which func(s *show, r *http.Request) bool) violation {
	return front(rule, name, func(s *show, w http.ResponseWriter, r *http.Request) bool {
		if !which(s, r) {
			return false
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		return true
	})
}

// once tells whether something happens for the first time in a show.
func (s *show) once(what string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memory[what] != nil {
		return false
	}
	s.memory[what] = true
	return true
}

// listedNow remembers the last playlist that was answered.
func (s *show) listedNow() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, _ := s.memory["list"].(string)
	return text
}

// lastListed is the number of the last whole segment in it.
func (s *show) lastListed() int {
	all := regexp.MustCompile(`(?m)^(\d+)\.ts$`).FindAllStringSubmatch(s.listedNow(), -1)
	if all == nil {
		return -1
	}
	n, _ := strconv.Atoi(all[len(all)-1][1])
	return n
}

func remember(s *show, a *reply) {
	if a.kind == "list" && a.ok() {
		s.memory["list"] = string(a.body)
	}
}

func name(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
