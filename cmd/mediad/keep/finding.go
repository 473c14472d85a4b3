package keep

import "fmt"

// Kind is the kind of a problem.
type Kind string

// The kinds, and what Repair does about each.
const (
	// A segment that is stored according to the journal is missing; it becomes
	// EXT-X-GAP.
	SegmentMissing Kind = "segment_missing"
	// The object of a segment has another size than the one that was put; it
	// becomes EXT-X-GAP.
	SegmentSize Kind = "segment_size"
	// A finished broadcast has no VOD playlist; it is rendered from the journal.
	ReplayMissing Kind = "replay_missing"
	// A stored playlist cannot be read, or breaks the rules; it is rendered
	// again.
	PlaylistBroken Kind = "playlist_broken"
	// A stored playlist names an object that is missing; it is rendered again.
	PlaylistNames Kind = "playlist_names_missing"
	// A journal has invalid lines; it is written again without them. Sound
	// playlists stay as they are.
	JournalDamaged Kind = "journal_damaged"
	// A broadcast has segments, and its journal is gone or empty; the journal is
	// made again from the stored objects.
	JournalMissing Kind = "journal_missing"
	// A segment is stored, and neither journal nor replay has it; it is read, and
	// listed again.
	SegmentUnlisted Kind = "segment_unlisted"
	// A journal that no broadcast in the database has; an orphan.
	JournalOrphan Kind = "journal_without_broadcast"
	// The broadcast has ended and its replay is not stored yet; a server does
	// that by itself, at the latest at its next start.
	Unfinished Kind = "replay_unfinished"
	// An object that belongs to no broadcast.
	ObjectOrphan Kind = "orphan"
	// A file that a crash left half-written.
	TempFile Kind = "temp_file"
	// Segments of a broadcast have waited on the local disk for the store for a
	// minute or more; a server puts them.
	SpoolWaiting Kind = "spool_waiting"
	// A segment that waits for the store cannot be read; it will be missing.
	SpoolDamaged Kind = "spool_damaged"
	// A segment on the local disk that nobody will store, since its broadcast is
	// stored already or unknown; an orphan.
	SpoolOrphan Kind = "spool_orphan"
	// A show is marked for deletion; a server deletes it by itself.
	Deleting Kind = "deletion_unfinished"
)

// Finding is one problem.
type Finding struct {
	Kind  Kind   `json:"kind"`
	Room  string `json:"room,omitempty"`
	Epoch string `json:"epoch,omitempty"`
	Key   string `json:"key,omitempty"`  // of the object
	File  string `json:"file,omitempty"` // on the local disk
	Text  string `json:"text"`
	// A young orphan may belong to a broadcast that just begins. It is never
	// deleted.
	Young bool `json:"young,omitempty"`
	// Done is what Repair did about it; "": nothing.
	Done string `json:"done,omitempty"`

	msn uint64
}

// String gives the finding in one line.
func (f Finding) String() string {
	line := fmt.Sprintf("%s: %s", f.Kind, f.Text)
	if f.Done != "" {
		line += ": " + f.Done
	}
	return line
}

// orphan tells whether the finding is an object or a file that belongs to
// nothing.
func (f Finding) orphan() bool {
	return f.Kind == ObjectOrphan || f.Kind == JournalOrphan || f.Kind == SpoolOrphan || f.Kind == TempFile
}

// Passing tells whether a server resolves the problem by itself.
func (f Finding) Passing() bool {
	return f.Kind == Unfinished || f.Kind == Deleting || f.Kind == SpoolWaiting || f.Young
}
