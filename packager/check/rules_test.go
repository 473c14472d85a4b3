package check

import (
	"strings"
	"testing"
)

// Every rule has a statement, and a name of its own.
func TestRules(t *testing.T) {
	all := Rules()
	if len(all) != int(ruleEnd)-1 || len(all) < 70 {
		t.Fatalf("%d rules", len(all))
	}
	names, says := map[string]RuleID{}, map[string]RuleID{}
	for _, id := range all {
		r := id.Rule()
		if r.Says == "" || r.Source == "" && id != RuleKind {
			t.Errorf("rule %d says %q, by %q", id, r.Says, r.Source)
		}
		if was, twice := says[r.Says]; twice {
			t.Errorf("rules %d and %d both say %q", was, id, r.Says)
		}
		says[r.Says] = id
		// HEVC in MPEG-TS is one of the stream types of B1.6.
		if was, twice := names[id.String()]; twice && id != RuleForeignCodec {
			t.Errorf("rules %d and %d are both called %q", was, id, id)
		}
		names[id.String()] = id
	}
	for id, want := range map[RuleID]string{
		RuleSegmentLength: "8216bis 4.4.3.1 segment within target duration", RuleWholePES: "B1.5", RulePacket: "13818-1 2.4.3.2", RuleKind: "kind of playlist", NoRule: "", ruleEnd: "",
	} {
		if id.String() != want {
			t.Errorf("rule %d is called %q, not %q", id, id, want)
		}
	}
	if v := (Violation{Rule: RuleSyntax, Clause: "8216bis 4.2", Detail: "x"}); !strings.HasPrefix(v.String(), "8216bis 4.2 at byte 0") {
		t.Error(v)
	}
}
