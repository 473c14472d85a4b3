package m3u8

import "fmt"

// SyntaxError says which line of a playlist is not legal, and by which clause.
type SyntaxError struct {
	Line   int    // from 1; 0 for what concerns the text as a whole
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
