//go:build !linux

package storage

import (
	"errors"
	"os"
)

func alone(*os.File) error { return errors.ErrUnsupported }

func exchange(string, string) error { return errors.ErrUnsupported }
