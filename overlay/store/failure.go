package store

import (
	"fmt"

	"mediad/overlay"
	"mediad/overlay/store/dialect"
)

// failure gives an error that means that the disk or the database cannot take
// anything now words for users, and the code Unavailable. Its cause stays in it,
// for the log. Other errors are left alone. All of these pass by themselves when
// their cause does.
//
// Errors of write and of reads go through it. Inside an action they must not look
// like a refusal, which some actions get over.
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
	return fmt.Errorf("%w: %w", overlay.Errorf(code, "%s", words), err)
}
