package archive

import (
	"fmt"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// rendition is the name of the only rendition.
const rendition = "main"

func segmentKey(room, epoch string, msn uint64) string {
	return "live/" + room + "/" + epoch + "/" + rendition + "/" + strconv.FormatUint(msn, 10) + ".ts"
}

// MSN reads the media sequence number out of a segment's key, or of its address
// in a playlist.
func MSN(name string) (uint64, bool) {
	dir, file := path.Split(name)
	number, ts := strings.CutSuffix(file, ".ts")
	msn, err := strconv.ParseUint(number, 10, 63)
	return msn, ts && err == nil && path.Base(dir) == rendition && strconv.FormatUint(msn, 10) == number
}

// plainKey is the stable name: over all broadcasts of a room one playlist.
func plainKey(room string) string { return "live/" + room + "/index.m3u8" }

func replayKey(room, epoch string) string { return "live/" + room + "/" + epoch + "/vod.m3u8" }

// suffix ends a journal's file name.
const suffix = ".journal"

// named sees that a room's or an epoch's name can stand in a path, in a key and
// in a playlist's URI alike.
func named(what, name string) error {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
	}
	if name == "" || len(name) > 100 || name[0] == '.' || strings.IndexFunc(name, func(r rune) bool { return !plain(r) }) >= 0 {
		return fmt.Errorf("%s %q: allowed are 1 to 100 letters, digits, '-', '_' and, not first, '.'", what, name)
	}
	return nil
}

// journalPath is where the journal of an epoch lies.
func (a *Archive) journalPath(room, epoch string) string {
	return filepath.Join(a.opts.Dir, room, epoch+suffix)
}
