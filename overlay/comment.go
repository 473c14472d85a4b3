package overlay

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of the chat of a show.
const (
	MaxComment     = 300 // characters
	MaxCommentName = 30  // characters
	MaxCommentBody = 8 << 10
	// CommentsEarly is how long before the time of a planned show its chat opens.
	CommentsEarly = time.Hour
	// CommentPage is how many comments a page has, CommentRange how many a part of a
	// recording.
	CommentPage, CommentRange = 50, 200
)

// Comment is a line of a viewer or of the host in the chat of a show.
type Comment struct {
	ID, Show string
	// Viewer tells who wrote it: the number that a page drew, in hexadecimal, or, signed by
	// the embedding site, a name of its user (see Identity); "": the host, or it is erased.
	Viewer string
	Name   string
	Text   string
	At     time.Time // the moment of the picture that the writer saw
	Sent   time.Time
	Likes  int64
	// ReplyTo is the comment that it answers.
	ReplyTo  string
	Host     bool // the host's own
	Verified bool // the embedding site signs for the name
	Question bool // it awaits to be marked answered
	Answered bool
	Pinned   bool
	Shadow   bool // only its viewer sees it
	Deleted  time.Time
	Erased   time.Time
}

// Seen tells whether viewers see a comment.
func (c Comment) Seen() bool { return !c.Shadow && c.Deleted.IsZero() && c.Erased.IsZero() }

// CommentCard is a comment as viewers get it.
type CommentCard struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Text     string  `json:"text"`
	At       float64 `json:"at" doc:"The moment of the picture that the writer saw: a Unix time"`
	Sent     float64 `json:"sent" doc:"When it was sent: a Unix time"`
	By       string  `json:"by" enum:"viewer,host"`
	Verified bool    `json:"verified" doc:"The embedding site signs for the name"`
	Question bool    `json:"question"`
	Answered bool    `json:"answered"`
	Likes    int64   `json:"likes"`
	ReplyTo  string  `json:"reply_to,omitempty" doc:"The comment that it answers"`
}

// HostComment is a comment as hosts get it.
type HostComment struct {
	CommentCard
	Viewer string `json:"viewer,omitempty" doc:"Who wrote it, as in mutes; missing: the host, or it is erased"`
	State  string `json:"state" enum:"shown,shadow,deleted,erased" doc:"shadow: only its viewer sees it"`
	Pinned bool   `json:"pinned"`
}

// unixSeconds is a time as pages have it.
func unixSeconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

// Card gives the comment as viewers get it.
func (c Comment) Card() CommentCard {
	by := "viewer"
	if c.Host {
		by = "host"
	}
	return CommentCard{c.ID, c.Name, c.Text, unixSeconds(c.At), unixSeconds(c.Sent), by, c.Verified, c.Question, c.Answered, c.Likes, c.ReplyTo}
}

// State gives what became of the comment, in the word that hosts read.
func (c Comment) State() string {
	switch {
	case !c.Erased.IsZero():
		return "erased"
	case !c.Deleted.IsZero():
		return "deleted"
	case c.Shadow:
		return "shadow"
	}
	return "shown"
}

// ForHosts gives the comment as hosts get it.
func (c Comment) ForHosts() HostComment {
	return HostComment{c.Card(), c.Viewer, c.State(), c.Pinned}
}

// NewComment is what somebody wants to say.
type NewComment struct {
	Text, Name string
	Viewer     string // see Comment
	At         float64
	ReplyTo    string
	Verified   bool
	Host       bool
}

// Checked gives the comment that is made of it, or refuses it in words.
func (n NewComment) Checked(rules ChatRules, now time.Time) (Comment, error) {
	now = now.UTC().Truncate(time.Millisecond)
	c := Comment{Viewer: n.Viewer, Name: squeeze(n.Name), Text: squeeze(n.Text), ReplyTo: n.ReplyTo, Verified: n.Verified, Host: n.Host, Sent: now, At: pictureTime(n.At, now)}
	if c.Name == "" {
		return c, Errorf(Invalid, "name: is missing")
	}
	if c.Text == "" {
		return c, Errorf(Invalid, "text: is missing")
	}
	if err := checkText("name", c.Name, MaxCommentName, false); err != nil {
		return c, err
	}
	if err := checkText("text", c.Text, MaxComment, false); err != nil {
		return c, err
	}
	if c.ReplyTo != "" && !ValidID(c.ReplyTo) {
		return c, Errorf(Invalid, "reply_to: must be the id of a comment")
	}
	c.Question = !n.Host && strings.ContainsAny(c.Text, "?？؟")
	if n.Host {
		return c, nil
	}
	if !rules.Links && (HasLink(c.Text) || HasLink(c.Name)) {
		return c, Errorf(Invalid, "text: links are not allowed in this chat")
	}
	if rules.words.In(c.Text) || rules.words.In(c.Name) {
		return c, Errorf(Invalid, "text: has a word that this chat does not take")
	}
	return c, nil
}

// squeeze makes one space of each run of blanks.
func squeeze(s string) string {
	if !utf8.ValidString(s) {
		return s // it is refused
	}
	return strings.Join(strings.Fields(s), " ")
}

// farBack is how far the picture may lie behind: the longest rewind, and more.
const farBack = 48 * time.Hour

// pictureTime gives the moment of the picture that a viewer tells of, or that of the
// comment where nobody can mean the other.
func pictureTime(at float64, now time.Time) time.Time {
	if math.IsNaN(at) || at <= 0 || at > 1e11 {
		return now
	}
	told := time.UnixMilli(int64(at * 1000)).UTC()
	if told.After(now) || told.Before(now.Add(-farBack)) {
		return now
	}
	return told
}

// CheckViewer refuses what is no viewer: 16 hexadecimal digits, as in beacons, or the name
// of a signed user.
func CheckViewer(s string) error {
	digits := strings.TrimPrefix(s, "u")
	if _, err := strconv.ParseUint(digits, 16, 64); err != nil || len(digits) != 16 || strings.ToLower(s) != s {
		return Errorf(Invalid, "viewer: must be 16 hexadecimal digits, drawn by chance for each page that opens")
	}
	return nil
}

// ChatOpen refuses, in words, comments of viewers that a show does not take at this moment.
func ChatOpen(show Show, rules ChatRules, now time.Time) error {
	switch {
	case show.Rehearsal:
		return Errorf(NotFound, "there is no such show")
	case show.State == ShowEnded:
		return Errorf(Conflict, "The chat is closed: the show has ended.")
	case !rules.Open:
		return Errorf(Conflict, "The chat is closed.")
	case show.State == ShowPlanned && !show.Starts.IsZero() && now.Before(show.Starts.Add(-CommentsEarly)):
		return Errorf(Conflict, "The chat opens an hour before the show.")
	}
	return nil
}

// Mute keeps a viewer from writing in a room.
type Mute struct {
	Viewer string    `json:"viewer"`
	Name   string    `json:"name" doc:"What the viewer called themselves"`
	Until  time.Time `json:"until,omitzero" doc:"Missing: for good"`
	Shadow bool      `json:"shadow" doc:"The viewer can write, and is the only one who sees it"`
	By     string    `json:"by" doc:"Who muted"`
	Made   time.Time `json:"made_at"`
}

// Over tells whether the mute has ended.
func (m Mute) Over(now time.Time) bool { return !m.Until.IsZero() && !now.Before(m.Until) }
