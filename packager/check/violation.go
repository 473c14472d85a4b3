package check

import "fmt"

// Violation is one broken rule, found at one place.
type Violation struct {
	Rule RuleID
	// Clause is the clause that broken syntax violates, as package m3u8 names it;
	// "" for other rules.
	Clause string
	// Detail says in words what was found there.
	Detail string
	// Offset is the place of the first byte concerned, in the text or data that
	// was judged.
	Offset int
}

// String gives the violation as one line.
func (v Violation) String() string {
	rule := v.Rule.String()
	if v.Clause != "" {
		rule = v.Clause
	}
	return fmt.Sprintf("%s at byte %d: %s", rule, v.Offset, v.Detail)
}
