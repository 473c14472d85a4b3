package doctor_test

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mediad/packager/check"
	"mediad/packager/doctor"
	"mediad/packager/m3u8"
)

// The packager's output breaks no rule, whatever its settings are.
func TestClean(t *testing.T) {
	for name, p := range map[string]plan{
		// Requests that waited for the same answer get it together, with one Age.
		"behind a cache that collapses": {after: func(_ *show, a *reply) { a.header.Set("Age", "0") }},
		"low latency":                   {}, "delta updates": {delta: true}, "two variants": {two: true}, "a ladder": {ladder: true}, "ends": {end: true}, "plain": {plain: true},
		// The segment of the far part may end meanwhile. The answer is then the first part of the next one.
		"a segment ends": {before: func(s *show, _ http.ResponseWriter, r *http.Request) bool {
			if msn, part := directives(r); part > 1000 && s.once("ended") {
				r.URL.RawQuery = "_HLS_msn=" + strconv.Itoa(msn)
			}
			return false
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := doctor.Options{CDN: true}
			if p.plain {
				o.Versions = 6
			}
			r := newShow(t, p).examine(o)
			// Pauses are allowed: a busy machine makes them.
			if slices.ContainsFunc(r.Violated, func(f doctor.Finding) bool { return f.ID != "A1.11" }) {
				t.Error(text(t, r))
			}
			if r.Checked < 70 || r.Segments < 2 {
				t.Errorf("only %d rules were checked, %d segments read: %s", r.Checked, r.Segments, text(t, r))
			}
		})
	}
}

// Encrypted media is not judged as MPEG-TS, and the report says so.
func TestEncrypted(t *testing.T) {
	t.Parallel()
	r := newShow(t, plan{after: func(_ *show, a *reply) {
		switch {
		case !a.ok():
		case a.kind == "list":
			a.body = bytes.Replace(a.body, []byte("#EXT-X-MEDIA-SEQUENCE"), []byte("#EXT-X-KEY:METHOD=AES-128,URI=\"key\"\n#EXT-X-MEDIA-SEQUENCE"), 1)
		case a.kind == "part" || a.kind == "segment":
			for i := range a.body {
				a.body[i] ^= 0x5a
			}
		}
	}}).examine(doctor.Options{})
	for _, f := range r.Violated {
		if f.ID[0] == 'B' || f.ID[0] == 'G' {
			t.Errorf("%s: %s", f.ID, f.Detail)
		}
	}
	if got := text(t, r); !strings.Contains(got, "encrypted") || r.Parts == 0 {
		t.Error(got)
	}
}

func text(t *testing.T, r *doctor.Report) string {
	t.Helper()
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Each planted violation is found, with its number and its evidence.
func TestPlanted(t *testing.T) {
	for _, p := range planted() {
		t.Run(p.rule+" "+p.name, func(t *testing.T) {
			t.Parallel()
			// Shows run in real time. Where the machine stalls for a moment, the
			// planted violation may not happen, so there are up to five attempts.
			var r *doctor.Report
			i := -1
			for range 5 {
				r = newShow(t, p.plan).examine(p.opts)
				if i = slices.IndexFunc(r.Violated, func(f doctor.Finding) bool { return f.ID == p.rule }); i >= 0 {
					break
				}
			}
			if i < 0 {
				t.Fatalf("%s was not found: %s", p.rule, text(t, r))
			}
			if f := r.Violated[i]; f.Says == "" || f.Detail == "" || f.Evidence == "" || f.Where == "" || f.Count == 0 || f.At.IsZero() {
				t.Errorf("something is missing in %+v", f)
			}
		})
	}
}

// Every rule can be broken: it has a planted violation.
func TestEveryRuleIsPlanted(t *testing.T) {
	have := map[string]bool{}
	for _, p := range planted() {
		have[p.rule] = true
	}
	known := map[string]bool{}
	for _, r := range doctor.Rules() {
		if known[r.ID] {
			t.Errorf("rule %s stands twice", r.ID)
		}
		known[r.ID] = true
		if !have[r.ID] {
			t.Errorf("nothing is planted for rule %s: %s", r.ID, r.Says)
		}
	}
	for id := range have {
		if !known[id] {
			t.Errorf("planted for %s, which is no rule", id)
		}
	}
}

// Every rule of the checker and every fault of the parser has a number here, or is left
// out on purpose.
func TestCheckersRulesAreKnown(t *testing.T) {
	ids := map[string]bool{}
	for _, r := range doctor.Rules() {
		ids[r.ID] = true
	}
	for _, rule := range check.Rules() {
		numbers := doctor.RuleNumbers(rule)
		if out := slices.Contains(doctor.LeftOut(), rule); out == (len(numbers) > 0) {
			t.Errorf("%q is judged as %q; left out: %t", rule, numbers, out)
		}
		for _, id := range numbers {
			if !ids[id] {
				t.Errorf("%q is judged as %q, which is no rule", rule, id)
			}
		}
	}
	for _, fault := range m3u8.Faults() {
		if id := doctor.FaultNumber(fault); !ids[id] {
			t.Errorf("fault %d is judged as %q", fault, id)
		}
	}
	for id, once := range doctor.JudgedByOthers() {
		if !ids[id] || !once {
			t.Errorf("%s is no rule, stands twice in the mapping, or nobody judges it", id)
		}
	}
}
