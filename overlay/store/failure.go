package store

import (
	"errors"
	"fmt"

	"mediad/overlay"
	"mediad/overlay/store/dialect"
)

// failure adds words for users, and the code Unavailable, to an error of the
// disk or the database that keeps it from taking anything now. The cause stays
// in the error, for the log. Other errors are left alone. Such a failure ends by
// itself when its cause does.
//
// write and the reads pass their errors through failure; words that are there
// already are not said again. Inside an action it is
// not used: the error would look like a refusal there, and some actions go on
// after a refusal.
func failure(err error) error {
	words, code := "", overlay.Unavailable
	switch dialect.ClassOf(err) {
	case dialect.Full:
		words = "nothing can be saved: the disk is full"
	case dialect.Disk:
		words = "nothing can be saved: the disk fails"
	case dialect.ReadOnly:
		words = "nothing can be saved: the database cannot be written"
	case dialect.Busy:
		words = "the database is in use by another program; try again"
	case dialect.Conflict:
		words = "the database is busy; try again in a moment"
	case dialect.Away:
		words = "the database cannot be reached; try again in a moment"
	case dialect.Text:
		words, code = "the text has a character that cannot be kept: U+0000, or bytes that are not UTF-8", overlay.Invalid
	default:
		return err
	}
	var said *overlay.Error
	if errors.As(err, &said) && said.Code == code && said.Message == words {
		return err
	}
	return fmt.Errorf("%w: %w", overlay.Errorf(code, "%s", words), err)
}
