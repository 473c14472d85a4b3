package check

import "fmt"

// Violation is one broken rule, found at one place.
type Violation struct {
	// Rule names what is broken: a line of the project's protocol reference
	// ("B1.5"), or a clause of a standard ("13818-1 2.4.3.3").
	Rule string
	// Detail says in words what was found there.
	Detail string
	// Offset is the place of the first byte concerned in the text or data that
	// was given.
	Offset int
}

// String gives the violation as one line.
func (v Violation) String() string {
	return fmt.Sprintf("%s at byte %d: %s", v.Rule, v.Offset, v.Detail)
}
