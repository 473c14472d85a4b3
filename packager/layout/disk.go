package layout

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// Disk names the local files of journals and spool:
//
//	ROOM/EPOCH.journal           what the store has of a broadcast
//	ROOM/EPOCH/N.ts              media of the segment with sequence number N
//	ROOM/EPOCH/FIRST.records     what is known of the parts of segment FIRST and later ones
//	ROOM/EPOCH/N.parts           both in one, as former versions wrote them
//	ROOM/EPOCH/exact             says that all listed media is there, except one part
//	ROOM/EPOCH/cut-*             a copy that is being made
//
// Its value is the folder that holds them.
type Disk string

const (
	journalSuffix = ".journal"
	partialSuffix = ".partial" // of files that are being written
	damagedPrefix = ".damaged-"
)

// The names in a broadcast's spool that have no number.
const (
	SpoolMark = "exact"
	SpoolCut  = "cut-"
)

// Room is the folder of a room.
func (d Disk) Room(room string) string { return filepath.Join(string(d), room) }

// Spool is the folder of a broadcast's spool.
func (d Disk) Spool(b Broadcast) string { return filepath.Join(string(d), b.Room, b.Epoch) }

// Journal is the file of a broadcast's journal.
func (d Disk) Journal(b Broadcast) string {
	return filepath.Join(string(d), b.Room, b.Epoch+journalSuffix)
}

// Journals is a pattern of all journals.
func (d Disk) Journals() string { return filepath.Join(string(d), "*", "*"+journalSuffix) }

// Partials is a pattern of all journals whose writing has not ended.
func (d Disk) Partials() string { return filepath.Join(string(d), "*", "*"+partialSuffix) }

// PartialOf is a pattern for os.CreateTemp, for a file that will replace a journal.
func PartialOf(journal string) string { return filepath.Base(journal) + ".*" + partialSuffix }

// Partial is a pattern of all files in a folder whose writing has not ended.
func Partial(dir string) string { return filepath.Join(dir, "*"+partialSuffix) }

// JournalEpoch reads the epoch from a file's name in a room's folder.
func JournalEpoch(file string) (epoch string, ok bool) {
	epoch, ok = strings.CutSuffix(file, journalSuffix)
	return epoch, ok && Legal(epoch)
}

// Aside is a new name for a damaged file, which makes room for a good one; stamp
// makes it unique. Such a name is never read as a room or a journal.
func Aside(path string, stamp int64) string {
	return filepath.Join(filepath.Dir(path), fmt.Sprintf("%s%d-%s", damagedPrefix, stamp, filepath.Base(path)))
}

// SpoolFile is a kind of file in a broadcast's spool, by its suffix.
type SpoolFile string

// The kinds of files in a spool.
const (
	SpoolMedia   SpoolFile = mediaSuffix
	SpoolRecords SpoolFile = ".records"
	SpoolParts   SpoolFile = ".parts"
)

// Name is the file of a media sequence number.
func (f SpoolFile) Name(msn uint64) string { return strconv.FormatUint(msn, 10) + string(f) }

// Number reads the media sequence number from a file's name. It is at least 1 and
// at most what a record holds.
func (f SpoolFile) Number(file string) (msn uint64, ok bool) {
	digits, ok := strings.CutSuffix(file, string(f))
	if !ok {
		return 0, false
	}
	msn, ok = number(digits, 53)
	return msn, ok && msn > 0
}
