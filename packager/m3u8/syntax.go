package m3u8

import (
	"errors"
	"fmt"
)

// Fault is a class of what is wrong with a text. It has those that readers treat
// differently.
type Fault uint8

// The faults.
const (
	IllegalText       Fault = iota // all others
	NoPartTarget                   // 8216bis 4.4.3.7
	NoHoldBack                     // 4.4.3.8
	WrongType                      // 4.4.3.5
	PartBehindEXTINF               // 4.4.4.9
	TagBehindPart                  // 4.4.4.9
	WrongHint                      // 4.4.5.3
	WrongSkip                      // 4.4.5.2, 8
	OpenAfterEnd                   // 4.4.5.3, 6.2.1
	RangeWithoutStart              // 4.4.5.1
	WrongRangeEnd                  // 4.4.5.1
	RangeChanged                   // 4.4.5.1
	IllegalRange                   // 4.2, 4.4.5.1: any other in a date range
	faults                         // the number of faults
)

// Faults lists them all.
func Faults() []Fault {
	var out []Fault
	for f := range faults {
		out = append(out, f)
	}
	return out
}

// SyntaxError says which line of a playlist is not legal, and by which clause.
type SyntaxError struct {
	Fault  Fault
	Line   int    // from 1; 0 where the text as a whole is concerned
	Offset int    // of the line's first byte in the text
	Clause string // as "8216bis 4.4.4.9"
	Detail string
}

// Error tells all that is known.
func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s (%s)", e.Detail, e.Clause)
	}
	return fmt.Sprintf("line %d: %s (%s)", e.Line, e.Detail, e.Clause)
}

// breach is a SyntaxError before its place is known.
func breach(clause, format string, args ...any) error {
	return &SyntaxError{Clause: "8216bis " + clause, Detail: fmt.Sprintf(format, args...)}
}

// breachOf is breach with a fault of its own.
func breachOf(fault Fault, clause, format string, args ...any) error {
	return &SyntaxError{Fault: fault, Clause: "8216bis " + clause, Detail: fmt.Sprintf(format, args...)}
}

// inRange turns IllegalText into IllegalRange: the error is in a date range's tag.
func inRange(err error) error {
	if e := (*SyntaxError)(nil); errors.As(err, &e) && e.Fault == IllegalText {
		e.Fault = IllegalRange
	}
	return err
}
