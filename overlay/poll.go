package overlay

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Limits of a poll.
const (
	maxPollQuestion = 120 // characters
	maxPollOption   = 40
	minPollOptions  = 2
	maxPollOptions  = 4
	minPollSeconds  = 10
	maxPollSeconds  = 3600
	// MaxPolls is how many polls a show has at most.
	MaxPolls = 50
	// MaxVotes is how many viewers a poll counts: a bound of its rows.
	MaxVotes = 500_000
	// MaxVoteBody bounds the body of a vote, in bytes.
	MaxVoteBody = 1024
)

// pollEvery is the shortest time between two sums in the picture. A poll that has been open
// for long tells them less often: each of them is kept with the recording.
const (
	pollEvery = 2 * time.Second
	pollPart  = 100 // or this part of the time for which it has been open
)

// PollState says how far a poll has come.
type PollState string

// The states of a poll.
const (
	PollDraft  PollState = "draft"  // prepared: only hosts see it
	PollOpen   PollState = "open"   // viewers vote
	PollClosed PollState = "closed" // its result stands
)

// Poll is a question of a show that its viewers answer with one tap.
type Poll struct {
	ID       string    `json:"id"`
	Show     string    `json:"show"`
	Question string    `json:"question" doc:"What viewers read"`
	Options  []string  `json:"options" doc:"From 2 to 4"`
	Votes    []int64   `json:"votes" doc:"For each option, how many viewers chose it"`
	Total    int64     `json:"total" doc:"How many viewers voted"`
	State    PollState `json:"state" enum:"draft,open,closed"`
	Hidden   bool      `json:"hidden,omitempty" doc:"Viewers see the result when the poll is closed; missing: after their own vote"`
	Seconds  int       `json:"seconds,omitempty" doc:"For how long it is open; missing: until a host closes it, or the show ends"`
	Opened   time.Time `json:"opened_at,omitzero"`
	Ends     time.Time `json:"ends_at,omitzero" doc:"When it closes by itself"`
	Closed   time.Time `json:"closed_at,omitzero"`
}

// PollCard is what viewers know of a poll, in the picture and beside it.
type PollCard struct {
	ID       string   `json:"id"`
	Question string   `json:"question,omitempty"`
	Options  []string `json:"options,omitempty"`
	Votes    []int64  `json:"votes,omitempty" doc:"For each option, how many viewers chose it; missing: the result is hidden until the poll is closed"`
	Ends     int64    `json:"ends,omitempty" doc:"When it closes by itself, in milliseconds since 1970; missing: when the host closes it"`
	Closed   bool     `json:"closed,omitempty" doc:"The result stands, and nobody votes any more"`
}

// Card gives what viewers know of the poll.
func (p Poll) Card() PollCard {
	c := PollCard{ID: p.ID, Question: p.Question, Options: p.Options, Closed: p.State == PollClosed}
	if c.Closed || !p.Hidden {
		c.Votes = p.Votes
	}
	if !c.Closed && !p.Ends.IsZero() {
		c.Ends = p.Ends.UnixMilli()
	}
	return c
}

// Sums gives the in-band form of new votes: readers know the rest.
func (p Poll) Sums() PollCard { return PollCard{ID: p.ID, Votes: p.Card().Votes} }

// Checked refuses a poll that nobody can mean.
func (p Poll) Checked() (Poll, error) {
	p.Question = strings.TrimSpace(p.Question)
	if p.Question == "" {
		return p, Errorf(Invalid, "question: is missing")
	}
	if err := checkPollText("question", p.Question, maxPollQuestion); err != nil {
		return p, err
	}
	if n := len(p.Options); n < minPollOptions || n > maxPollOptions {
		return p, Errorf(Invalid, "options: must be from %d to %d", minPollOptions, maxPollOptions)
	}
	p.Options = slices.Clone(p.Options)
	for i, o := range p.Options {
		p.Options[i] = strings.TrimSpace(o)
		if p.Options[i] == "" {
			return p, Errorf(Invalid, "options: one is empty")
		}
		if slices.Contains(p.Options[:i], p.Options[i]) {
			return p, Errorf(Invalid, "options: two are the same")
		}
		if err := checkPollText("options", p.Options[i], maxPollOption); err != nil {
			return p, err
		}
	}
	if p.Seconds != 0 && (p.Seconds < minPollSeconds || p.Seconds > maxPollSeconds) {
		return p, Errorf(Invalid, "seconds: must be from %d to %d, or 0: until the poll is closed", minPollSeconds, maxPollSeconds)
	}
	p.Votes = make([]int64, len(p.Options))
	return p, nil
}

func checkPollText(field, s string, limit int) error {
	if err := checkText(field, s, limit, false); err != nil {
		return err
	}
	return checkInBand(field, s)
}

// Takes refuses a vote that does not count.
func (p Poll) Takes(option int, now time.Time) error {
	switch {
	case p.State == PollDraft:
		return Errorf(NotFound, "the show has no such poll")
	case p.State == PollClosed, !p.Ends.IsZero() && !now.Before(p.Ends):
		return Errorf(Conflict, "The poll is closed.")
	case option < 0 || option >= len(p.Options):
		return Errorf(Invalid, "option: must be from 0 to %d", len(p.Options)-1)
	}
	return nil
}

// NextSums gives when the picture may tell new sums of the poll, which it told of last at a
// moment.
func (p Poll) NextSums(told, now time.Time) time.Time {
	next := told.Add(max(pollEvery, now.Sub(p.Opened)/pollPart))
	if next.Before(now) {
		return now
	}
	return next
}

// Vote is what a viewer sends.
type Vote struct {
	Viewer string
	Option int
}

// ParseVote reads the JSON of a vote: {"viewer":"8f3a61c07be4d215","option":1}.
func ParseVote(text []byte) (Vote, error) {
	var in struct {
		Viewer string `json:"viewer"`
		Option *int   `json:"option"`
	}
	if len(text) > MaxVoteBody || json.Unmarshal(text, &in) != nil || in.Option == nil {
		return Vote{}, Errorf(Invalid, `the body must be JSON like {"viewer":"8f3a61c07be4d215","option":1}`)
	}
	if err := CheckViewer(in.Viewer); err != nil || strings.HasPrefix(in.Viewer, "u") {
		return Vote{}, Errorf(Invalid, "viewer: must be 16 hexadecimal digits, drawn by chance for each page that opens")
	}
	return Vote{in.Viewer, *in.Option}, nil
}
