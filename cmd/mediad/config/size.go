package config

import (
	"fmt"
	"strconv"
	"strings"
)

// Size is a number of bytes: 500MB, 10GB, 2TiB.
type Size int64

// UnmarshalText reads a whole number and a unit; without a unit the number is
// bytes.
func (s *Size) UnmarshalText(text []byte) error {
	for _, unit := range []struct {
		name string
		size int64
	}{
		{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
		{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1},
	} {
		digits, ok := strings.CutSuffix(string(text), unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 62)
		if err != nil || n > uint64(1<<62/unit.size) {
			break
		}
		*s = Size(int64(n) * unit.size)
		return nil
	}
	return fmt.Errorf("%q is not a size such as 500MB, 10GB or 2TiB", text)
}
