package layout

import (
	"errors"
	"fmt"
	"strings"
)

// maxName bounds the name of a room or an epoch, in bytes.
const maxName = 100

// Legal tells whether the name of a room or an epoch can stand in a file's path,
// in a key and in a playlist alike.
func Legal(name string) bool {
	if name == "" || len(name) > maxName || name[0] == '.' {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return true
}

// Check says what is wrong with a broadcast's names.
func (b Broadcast) Check() error {
	return errors.Join(check("room", b.Room), check("epoch", b.Epoch))
}

func check(what, name string) error {
	if Legal(name) {
		return nil
	}
	return fmt.Errorf("%s %q: allowed are 1 to %d letters, digits, '-', '_' and, not first, '.'", what, name, maxName)
}

// IsPlaylist tells whether a key or a path is of a playlist.
func IsPlaylist(name string) bool { return strings.HasSuffix(name, playlistSuffix) }

// isEpoch tells whether a name is a ULID in lower case, as epochs are.
func isEpoch(name string) bool {
	return len(name) == 26 && strings.Trim(name, "0123456789abcdefghjkmnpqrstvwxyz") == ""
}
