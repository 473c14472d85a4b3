package doctor

import (
	"fmt"
	"io"
	"strings"
	"time"

	"mediad/packager/check"
)

// Report is the result of a run.
type Report struct {
	URL       string      `json:"url"`
	Began     time.Time   `json:"began"`
	Seconds   float64     `json:"seconds"`
	Versions  int         `json:"versions"` // of the media playlist
	Parts     int         `json:"parts"`    // read
	Segments  int         `json:"segments"` // read
	Checked   int         `json:"checked"`
	Violated  []Finding   `json:"violated"` // by severity, then by number
	Unchecked []Unchecked `json:"unchecked"`
	Notes     []string    `json:"notes,omitempty"`
}

// report makes a Report of the ledger.
func (l *ledger) report() *Report {
	r := &Report{Violated: []Finding{}, Unchecked: []Unchecked{}}
	for _, severity := range []Severity{Must, Should, Player} {
		for _, rule := range Rules() {
			if rule.Severity != severity {
				continue
			}
			if f := l.found[rule.ID]; f != nil {
				f.Rule = rule
				r.Violated = append(r.Violated, *f)
			}
		}
	}
	for _, rule := range Rules() {
		if l.checked[rule.ID] {
			r.Checked++
			continue
		}
		why := rule.Needs
		if why == "" {
			why = "nothing could be read"
		}
		r.Unchecked = append(r.Unchecked, Unchecked{ID: rule.ID, Why: why})
	}
	return r
}

// WriteText writes the report for people.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nfollowed for %.1f s: %d versions of the playlist, %d parts, %d segments\n", r.URL, r.Seconds, r.Versions, r.Parts, r.Segments)
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "%s\n", n)
	}
	var severity Severity
	for _, f := range r.Violated {
		if f.Severity != severity {
			severity = f.Severity
			fmt.Fprintf(&b, "\n%s\n", severity)
		}
		times := ""
		if f.Count > 1 {
			times = fmt.Sprintf(", %d times", f.Count)
		}
		fmt.Fprintf(&b, "  %-6s %s (%s%s)\n", f.ID, f.Says, f.Source, times)
		fmt.Fprintf(&b, "         %s\n         %s, %s\n", check.Printable(f.Detail), check.Printable(f.Where), f.At.UTC().Format("15:04:05.000"))
		for line := range strings.Lines(f.Evidence) {
			fmt.Fprintf(&b, "           %s\n", check.Printable(strings.TrimRight(line, "\r\n")))
		}
	}
	fmt.Fprintf(&b, "\n%d statements checked, %d violated, %d could not be checked\n", r.Checked, len(r.Violated), len(r.Unchecked))
	for _, line := range r.why() {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// why groups the unchecked rules by their reasons, in order: a line for each.
func (r *Report) why() []string {
	var order []string
	ids := map[string][]string{}
	for _, u := range r.Unchecked {
		if ids[u.Why] == nil {
			order = append(order, u.Why)
		}
		ids[u.Why] = append(ids[u.Why], u.ID)
	}
	var out []string
	for _, why := range order {
		out = append(out, why+": "+strings.Join(ids[why], " "))
	}
	return out
}
