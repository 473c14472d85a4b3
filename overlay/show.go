package overlay

import "time"

// ShowGrace is how long a show waits after its last broadcast before it ends by
// itself; a broadcast that begins within it continues the show.
const ShowGrace = 30 * time.Minute

// ShowState says where in its life a show is: planned, then live and paused in
// turns, then ended.
type ShowState string

// The states of a show.
const (
	ShowPlanned ShowState = "planned" // never on air yet; pins set before air wait here
	ShowLive    ShowState = "live"    // has a broadcast that has not ended
	ShowPaused  ShowState = "paused"  // its broadcast ended; another may follow within ShowGrace
	ShowEnded   ShowState = "ended"
)

// Show is a run of products over one or more broadcasts: viewers come to see it.
type Show struct {
	ID    string
	Room  string // slug
	Title string
	Org   string // that of the room
	State ShowState
	// Starts is when it is planned for, zero if that is open; Timezone (IANA) is the
	// one in which that is told, and Picture an http(s) address or a path on this
	// server; "": none.
	Starts            time.Time
	Timezone, Picture string
	// Rehearsal: it is private, and its figures do not count.
	Rehearsal bool
	LineupRev int64 // of its line-up, 0 before the first
	// Rev counts the changes of its plan from 1 on. By made the last one, and Changed is
	// when; both are empty where that is not known.
	Rev     int64
	By      By
	Changed time.Time
	Pos     uint64 // of its last event, 0 before the first
	Seq     uint64 // of its last event for the picture, 0 before the first
	// Times are zero where they do not apply.
	Started, Paused, Ended time.Time
	// Retention is the show's own.
	Retention Retention
	// Deleting is since when what is stored of it is being deleted, Deleted since
	// when it is gone. The show itself and its log stay.
	Deleting, Deleted time.Time
}

// Stale tells whether the show has waited for its next broadcast long enough.
func (s Show) Stale(now time.Time) bool {
	return s.State == ShowPaused && !now.Before(s.Paused.Add(ShowGrace))
}

// Head is the end of a show's log.
type Head struct {
	Show string
	Room string // slug
	Pos  uint64 // of its last event
	Seq  uint64 // of its last event for the picture
	// CueDelay is that of the room.
	CueDelay CueDelay
}
