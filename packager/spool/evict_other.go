//go:build !linux

package spool

// evict does nothing: other systems have no such hint, or need none.
func evict(string) {}
