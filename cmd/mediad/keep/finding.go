package keep

import "fmt"

// Kind is what sort of thing is wrong.
type Kind string

// The kinds, and what Repair does about each.
const (
	// A segment that the journal says is stored is not there; it becomes
	// EXT-X-GAP.
	SegmentMissing Kind = "segment_missing"
	// Its object has another size than was put; it becomes EXT-X-GAP.
	SegmentSize Kind = "segment_size"
	// A finished broadcast has no VOD playlist; it is rendered from the journal.
	ReplayMissing Kind = "replay_missing"
	// A stored playlist cannot be read, or breaks the rules; it is rendered anew.
	PlaylistBroken Kind = "playlist_broken"
	// A stored playlist names an object that is not there; it is rendered anew.
	PlaylistNames Kind = "playlist_names_missing"
	// Lines of a journal say nothing legal: written anew without them. Playlists
	// that are sound stay as they are.
	JournalDamaged Kind = "journal_damaged"
	// A broadcast has segments and a journal that is gone or empty: it is made anew
	// from what is stored.
	JournalMissing Kind = "journal_missing"
	// A segment is stored, and neither journal nor replay has it: it is read, and
	// listed again.
	SegmentUnlisted Kind = "segment_unlisted"
	// A journal that no broadcast in the database has; an orphan.
	JournalOrphan Kind = "journal_without_broadcast"
	// The broadcast has ended and its replay is not stored: a server does that
	// by itself, at the latest at its next start.
	Unfinished Kind = "replay_unfinished"
	// An object that nobody knows.
	ObjectOrphan Kind = "orphan"
	// A file that a crash left half-written.
	TempFile Kind = "temp_file"
	// Segments of a broadcast have waited on the local disk for the store for a
	// minute or more: a server puts them.
	SpoolWaiting Kind = "spool_waiting"
	// A segment that waits for the store cannot be read; it will be missing.
	SpoolDamaged Kind = "spool_damaged"
	// A segment on the local disk that nobody will store: its broadcast is stored,
	// or unknown; an orphan.
	SpoolOrphan Kind = "spool_orphan"
	// A show is marked for deletion: a server does that by itself.
	Deleting Kind = "deletion_unfinished"
)

// Finding is one thing that is wrong.
type Finding struct {
	Kind  Kind   `json:"kind"`
	Room  string `json:"room,omitempty"`
	Epoch string `json:"epoch,omitempty"`
	Key   string `json:"key,omitempty"`  // of the object
	File  string `json:"file,omitempty"` // on the local disk
	Text  string `json:"text"`
	// Young orphans may belong to what just begins; nobody deletes them.
	Young bool `json:"young,omitempty"`
	// Done is what Repair did about it; "": nothing.
	Done string `json:"done,omitempty"`

	msn uint64
}

// String is the finding in one line.
func (f Finding) String() string {
	line := fmt.Sprintf("%s: %s", f.Kind, f.Text)
	if f.Done != "" {
		line += ": " + f.Done
	}
	return line
}

// orphan tells whether it is something that nobody knows.
func (f Finding) orphan() bool {
	return f.Kind == ObjectOrphan || f.Kind == JournalOrphan || f.Kind == SpoolOrphan || f.Kind == TempFile
}

// Passing tells whether a server mends it by itself.
func (f Finding) Passing() bool {
	return f.Kind == Unfinished || f.Kind == Deleting || f.Kind == SpoolWaiting || f.Young
}
