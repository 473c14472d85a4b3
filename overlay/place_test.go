package overlay

import (
	"strings"
	"testing"
)

func TestPlaced(t *testing.T) {
	names := func(lines []Line) string {
		var all []string
		for _, l := range lines {
			all = append(all, l.Product+l.Note)
		}
		return strings.Join(all, " ")
	}
	l := Lineup{Lines: []Line{{Product: "a", Note: "!"}, {Product: "b", Catalogue: Product{SKU: "B"}}, {Product: "c"}}}
	for _, c := range []struct{ product, after, want, wrong string }{
		{"a", "c", "b c a!", ""},
		{"c", "", "c a! b", ""},
		{"b", "", "b a! c", ""},
		{"a", "b", "b a! c", ""},
		{"d", "a", "a! d b c", ""},
		{"d", "", "d a! b c", ""},
		{"c", "B", "a! b c", ""},
		{"a", "a", "", "behind itself"},
		{"B", "b", "", "behind itself"},
		{"a", "x", "", `there is no product "x"`},
	} {
		got, err := l.Placed(Line{Product: c.product}, &c.after)
		if c.wrong != "" {
			if CodeOf(err) != Invalid || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s behind %q: %v", c.product, c.after, err)
			}
			continue
		}
		if err != nil || names(got) != c.want {
			t.Errorf("%s behind %q: %s, %v", c.product, c.after, names(got), err)
		}
	}
	for line, want := range map[string]string{"": "c a! b", "b": "a! b c", "a": "a! c b"} {
		l.Line = line
		if got, err := l.Placed(Line{Product: "c"}, nil); err != nil || names(got) != want {
			t.Errorf("next, with %q the present line: %s, %v", line, names(got), err)
		}
	}
	l.Line = "a"
	if _, err := l.Placed(Line{Product: "a"}, nil); CodeOf(err) != Conflict {
		t.Errorf("the present line next: %v", err)
	}
	if names(l.Lines) != "a! b c" {
		t.Errorf("the line-up itself changed: %s", names(l.Lines))
	}
	if got, err := l.Without("B"); err != nil || names(got) != "a! c" {
		t.Errorf("without b: %s, %v", names(got), err)
	}
	if _, err := l.Without("x"); CodeOf(err) != NotFound {
		t.Errorf("without what is not there: %v", err)
	}
	full := Lineup{Lines: make([]Line, MaxLines)}
	if _, err := full.Placed(Line{Product: "d"}, nil); CodeOf(err) != Invalid {
		t.Errorf("one line too many: %v", err)
	}
}
