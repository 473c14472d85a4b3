//go:build !linux

package spool

// cool does nothing: other systems have no such hint, or need none.
func cool(string) {}
