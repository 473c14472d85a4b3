package overlay

import (
	"errors"
	"fmt"
)

// Code says what kind of refusal an Error is. The HTTP layer maps it to a
// status in one table.
type Code string

// The codes. Anything that is not an Error counts as Internal, and its text is
// for the log alone.
const (
	Invalid      Code = "invalid"      // the request breaks a rule whatever the moment
	NotFound     Code = "not_found"    // no such thing
	Conflict     Code = "conflict"     // right in itself, but not now
	Unauthorized Code = "unauthorized" // who are you?
	Forbidden    Code = "forbidden"    // known, but not allowed
	TooLarge     Code = "too_large"    // over a size limit
	TooMany      Code = "too_many"     // not so often
	Gone         Code = "gone"         // was there once
	SoldOut      Code = "sold-out"     // no unit is free
	Limit        Code = "limit"        // more units than one buyer may have
	Unavailable  Code = "unavailable"  // not now, through no fault of the request: the disk is full, too many wait
	Unsupported  Code = "unsupported"  // this server is not set up for it
	Internal     Code = "internal"     // our fault
)

// Error is a refusal in words for users.
type Error struct {
	Code    Code
	Message string
}

// Error gives the words for users.
func (e *Error) Error() string { return e.Message }

// Errorf builds an Error.
func Errorf(code Code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// CodeOf gives the code of an error, Internal for one that is no Error and ""
// for nil.
func CodeOf(err error) Code {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	}
	return Internal
}
