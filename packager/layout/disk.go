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
//	ROOM/EPOCH/FIRST.records     what is known of this and the next segments' parts
//	ROOM/EPOCH/N.parts           both in one, as former versions wrote them
//	ROOM/EPOCH/exact             all that was listed is there, but for a part
//	ROOM/EPOCH/cut-*             a copy that is being made
//
// It is the folder that holds them.
type Disk string

const (
	journalSuffix = ".journal"
	partialSuffix = ".partial" // of what is being written
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

// Partials is a pattern of all journals that are, or were, being written.
func (d Disk) Partials() string { return filepath.Join(string(d), "*", "*"+partialSuffix) }

// PartialOf is a pattern for a file that is written to take the place of a
// journal, as os.CreateTemp takes it.
func PartialOf(journal string) string { return filepath.Base(journal) + ".*" + partialSuffix }

// Partial is a pattern of all that is, or was, being written in a folder.
func Partial(dir string) string { return filepath.Join(dir, "*"+partialSuffix) }

// JournalEpoch reads the epoch out of a file's name in a room's folder.
func JournalEpoch(file string) (epoch string, ok bool) {
	epoch, ok = strings.CutSuffix(file, journalSuffix)
	return epoch, ok && Legal(epoch)
}

// Aside is a name for what stands in the place of another file and is damaged;
// stamp makes it the only one. Nothing takes it for a room or a journal.
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

// Number reads the media sequence number out of a file's name. It is at least 1,
// and fits a record.
func (f SpoolFile) Number(file string) (msn uint64, ok bool) {
	digits, ok := strings.CutSuffix(file, string(f))
	if !ok {
		return 0, false
	}
	msn, ok = number(digits, 53)
	return msn, ok && msn > 0
}
