package store

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"mediad/overlay"
)

// failure gives an error that means that the disk or the database cannot take
// anything now words for users, and the code Unavailable. Its cause stays in it,
// for the log. Other errors are left alone. All of these pass by themselves when
// their cause does: the connection stays good.
//
// Only write's own errors go through it. Inside an action they must not look
// like a refusal, which some actions get over.
func failure(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	words := ""
	switch {
	case e.Code == sqlite3.ErrFull, e.SystemErrno == syscall.ENOSPC, e.SystemErrno == syscall.EDQUOT:
		words = "nothing can be saved: the disk is full"
	case e.Code == sqlite3.ErrIoErr:
		words = "nothing can be saved: the disk fails"
	case e.Code == sqlite3.ErrReadonly, e.Code == sqlite3.ErrCantOpen:
		words = "nothing can be saved: the database cannot be written"
	case e.Code == sqlite3.ErrBusy:
		words = "the database is in use by another program; try again"
	default:
		return err
	}
	return fmt.Errorf("%w: %w", overlay.Errorf(overlay.Unavailable, "%s", words), err)
}
