package doctor_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func plantedLists() []violation {
	return []violation{
		list("A1.0", "no duration", sub(`#EXTINF:`, "#EXTRA:")),
		list("A1.1", "no PART-INF", sub(`#EXT-X-PART-INF[^\n]*\n`, "")),
		list("A1.2", "no hold back", sub(`,?PART-HOLD-BACK=[\d.]+`, "")),
		list("A1.3", "short hold back", sub(`PART-HOLD-BACK=[\d.]+`, "PART-HOLD-BACK=0.300")),
		list("A1.3b", "twice only", sub(`PART-HOLD-BACK=[\d.]+`, "PART-HOLD-BACK=0.500")),
		list("A1.3c", "short HOLD-BACK", sub(`PART-HOLD-BACK=`, "HOLD-BACK=2.0,PART-HOLD-BACK=")),
		list("A1.4", "parts too long", sub(`PART-TARGET=[\d.]+`, "PART-TARGET=0.190")),
		list("A1.5", "parts too short", sub(`PART-TARGET=[\d.]+`, "PART-TARGET=0.300")),
		list("A1.9", "segment too long", sub(`#EXTINF:1\.000`, "#EXTINF:1.600")),
		list("A1.9c", "claim without IDR", insert("#EXT-X-INDEPENDENT-SEGMENTS")).with(func(p *plan) {
			text, media := p.after, part("", "", func(p packets) packets { return p.replace("00000001 65", "00000001 41") }).plan.after
			p.after = func(s *show, a *reply) { text(s, a); media(s, a) }
		}),
		list("A1.10", "version too low", sub(`#EXT-X-VERSION:\d+`, "#EXT-X-VERSION:2")),
		list("A1.10b", "version too high", sub(`#EXT-X-VERSION:\d+`, "#EXT-X-VERSION:12")),
		list("A1.14", "segment 0 is the last", func(text string) string {
			return sub(`#EXT-X-MEDIA-SEQUENCE:\d+`, "#EXT-X-MEDIA-SEQUENCE:0")(keeping(1)(text))
		}).during(time.Second),
		list("A1.15", "no whole segment", keeping(0)).during(time.Second),
		list("A1.18", "old parts", func(text string) string {
			at := strings.Index(text, "#EXTINF")
			return text[:at] + `#EXT-X-PART:DURATION=0.200,URI="p0.ts"` + "\n" + text[at:]
		}),
		list("A1.19", "parts longer than their segment", sub(`#EXTINF:1\.000`, "#EXTINF:0.900")),
		list("A1.20", "date behind the first part", sub(`(#EXT-X-PROGRAM-DATE-TIME:[^\n]*\n)(#EXT-X-PART:[^\n]*\n)`, "$2$1")),
		list("A1.22", "none is independent", sub(",INDEPENDENT=YES", "")),
		list("A1.23", "hint of another name", sub(`(PRELOAD-HINT:TYPE=PART,URI=")p`, "${1}q")).during(3 * time.Second),
		list("A1.24", "no report", sub(`#EXT-X-RENDITION-REPORT[^\n]*\n`, "")).with(func(p *plan) { p.two = true }),
		list("A1.24b", "a report that is ahead", sub(`LAST-MSN=`, "LAST-MSN=1")).with(func(p *plan) { p.two = true }),
		list("A1.24b", "a report that is old", sub(`LAST-MSN=\d+`, "LAST-MSN=1")).with(func(p *plan) { p.two = true }),
		list("A1.28", "START", insert("#EXT-X-START:TIME-OFFSET=-1")),
		{rule: "A1.21", name: "other bytes", plan: plan{after: func(_ *show, a *reply) {
			if a.kind == "segment" && a.status == 200 {
				a.body[len(a.body)-1]++
			}
		}}},
	}
}

func plantedChanges() []violation {
	return []violation{
		later("A1.2b", "hold back changes", sub(`PART-HOLD-BACK=[\d.]+`, "PART-HOLD-BACK=0.900")),
		later("A1.7", "part target changes", sub(`PART-TARGET=[\d.]+`, "PART-TARGET=0.210")),
		later("A1.9b", "target changes", sub(`#EXT-X-TARGETDURATION:1\b`, "#EXT-X-TARGETDURATION:2")),
		later("A1.12", "durations are edited", sub(`#EXTINF:1\.000`, "#EXTINF:1.001")),
		later("A1.13", "numbers go back", func(text string) string {
			n, _ := strconv.Atoi(tagNumber(text, "MEDIA-SEQUENCE"))
			return sub(`MEDIA-SEQUENCE:\d+`, "MEDIA-SEQUENCE:"+strconv.Itoa(n-6))(text)
		}).during(3 * time.Second),
		later("A1.16", "five segments", keeping(5)),
		later("A1.16b", "two segments", keeping(2)),
		later("A1.18b", "no old parts", func(text string) string {
			at := regexp.MustCompile(`(?m)^\d+\.ts$`).FindAllStringIndex(text, -1)
			end := at[len(at)-1][1]
			return sub(`#EXT-X-PART:[^\n]*\n`, "")(text[:end]) + text[end:]
		}),
		later("A1.26", "type appears", insert("#EXT-X-PLAYLIST-TYPE:EVENT")),
		later("A2.2b", "discontinuities appear", sub(`DISCONTINUITY-SEQUENCE:\d+`, "DISCONTINUITY-SEQUENCE:3")),
		later("A3.4", "attribute changes", sub(`X-MEDIAD-KIND="custom"`, `X-MEDIAD-KIND="other"`)),
		later("A3.6", "range leaves", sub(`#EXT-X-DATERANGE:ID="cue-14"[^\n]*\n`, "")),
		{rule: "A1.11", name: "a pause", plan: plan{after: func(s *show, a *reply) {
			// Only a doctor that follows asks for compressed parts.
			following := strings.Contains(a.r.URL.RawQuery, "_HLS_part") && a.r.Header.Get("Accept-Encoding") == "gzip"
			if following && s.memory["paused"] == nil {
				s.memory["paused"], s.frozen = true, true
				time.AfterFunc(1500*time.Millisecond, func() {
					s.mu.Lock()
					defer s.mu.Unlock()
					s.frozen = false
				})
			}
		}}},
		violation{rule: "A1.11", name: "each part a little late"}.with(func(p *plan) { p.slow = 320 * time.Millisecond }).during(6 * time.Second),
		neverWhole().during(2300 * time.Millisecond),
		{rule: "A1.17", name: "gone with its tag", plan: plan{after: func(s *show, a *reply) {
			remember(s, a)
			text, _ := s.memory["list"].(string)
			if (a.kind == "part" || a.kind == "segment") && !strings.Contains(text, name(a.r.URL.Path)) && a.status == 200 {
				a.status, a.body = 404, nil
			}
		}}},
		{rule: "A1.27", name: "changes after its end", plan: plan{end: true, after: func(s *show, a *reply) {
			if a.kind == "list" && strings.Contains(string(a.body), "#EXT-X-ENDLIST") {
				n, _ := s.memory["ends"].(int)
				s.memory["ends"] = n + 1
				a.body = append(a.body, "# "+strconv.Itoa(n)+"\n"...)
			}
		}}},
	}
}

func plantedDates() []violation {
	undated := sub(`#EXT-X-PROGRAM-DATE-TIME:[^\n]*\n`, "")
	jump := sub(`(PROGRAM-DATE-TIME:[^\n]*[05])\.000Z`, "$1.400Z")
	return []violation{
		laterPart("A2.1", "timestamps jump", func(p packets) packets { return p.move(900000) }),
		list("A2.2", "no discontinuity sequence", sub(`#EXT-X-DISCONTINUITY-SEQUENCE[^\n]*\n`, "")),
		{rule: "A2.4", name: "listed and not there", plan: plan{after: func(_ *show, a *reply) {
			if a.kind == "part" && strings.HasSuffix(a.r.URL.Path, "7.ts") {
				a.status, a.body = 404, nil
			}
		}}},
		list("A2.5", "no dates", undated),
		list("A2.5b", "whole seconds", sub(`(PROGRAM-DATE-TIME:[^\n.]*)\.\d+Z`, "${1}Z")),
		list("A2.6", "dates jump", jump),
		list("A2.6b", "dates leave the media", jump),
		list("A3.1", "cues without twins", sub(`#EXT-X-DATERANGE[^\n]*\n`, "")),
		list("A3.1", "twins without cues", sub(`X-MEDIAD-SEQ="`, `X-MEDIAD-SEQ="9`)),
		list("A3.2", "no START-DATE", sub(`,START-DATE="[^"]*"`, "")),
		list("A3.3", "END-DATE is another", sub(`DURATION=0,`, `DURATION=0,END-DATE="2026-11-21T13:00:00.000Z",`)),
		list("A3.5", "a bare word", sub(`X-MEDIAD-SEQ="\d+"`, `X-MEDIAD-SEQ=abc`)),
		list("A3.7", "twins are early", sub(`(START-DATE="[^"]*:)(\d)\d(\.\d+Z")`, "${1}${2}0$3")),
		list("A3.8", "last segment undated", func(text string) string {
			at := strings.Index(text, "#EXTINF")
			return text[:at] + undated(text[at:])
		}),
		list("A3.9", "ranges are not skipped", sub(",CAN-SKIP-DATERANGES=YES", "")).with(func(p *plan) { p.delta = true }),
	}
}

// neverWhole is a show whose parts come in time, or faster. From the moment it is
// followed, no whole segment comes. It ends before parts leave the list.
func neverWhole() violation {
	const parts = fps / inPart // of a segment
	return violation{rule: "A1.11", name: "segments are late", plan: plan{
		slow: 170 * time.Millisecond,
		before: func(s *show, _ http.ResponseWriter, r *http.Request) bool {
			msn, part := directives(r)
			if part < 0 || r.Header.Get("Accept-Encoding") != "gzip" { // only who follows asks so
				return false
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.memory["open"] == nil {
				s.memory["open"] = msn
			}
			r.URL.RawQuery = "_HLS_msn=" + strconv.Itoa(msn+part/parts) + "&_HLS_part=" + strconv.Itoa(part%parts)
			return false
		},
		after: func(s *show, a *reply) {
			open, followed := s.memory["open"].(int)
			if a.kind != "list" || !followed {
				return
			}
			head, tail, _ := strings.Cut(string(a.body), "\n"+strconv.Itoa(open-1)+".ts\n")
			date, rest, _ := strings.Cut(tail, "\n")
			rest = sub(`(?m)^(#EXTINF|#EXT-X-PROGRAM-DATE-TIME|\d+\.ts).*\n`, "")(rest)
			a.body = []byte(head + "\n" + strconv.Itoa(open-1) + ".ts\n" + date + "\n" + rest)
		},
	}}
}
