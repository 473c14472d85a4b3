package overlay

import (
	"slices"
	"time"
)

// Bounds of the settings of a chat.
const (
	MaxSlow       = 300 // seconds
	maxChatWords  = 500
	maxChatWord   = 50 // characters
	SampleOver    = 20_000
	maxSampleOver = 1_000_000
	// MaxMutes is how many viewers of a room may be muted at a time.
	MaxMutes = 10_000
	// MaxMuteTime is how long a mute may last that ends by itself.
	MaxMuteTime = 30 * 24 * time.Hour
)

// Who may write.
const (
	NamesFree   = "free"   // whoever gives a name
	NamesSigned = "signed" // those for whom the embedding site signs
)

// ChatSettings are those of the chat of a room. They hold for all of its shows.
type ChatSettings struct {
	Open       bool     `json:"open" doc:"Viewers may write. Hosts may always"`
	Slow       int      `json:"slow" minimum:"0" maximum:"300" doc:"Seconds between two comments of a viewer; 0: slow mode is off"`
	Links      bool     `json:"links" doc:"Viewers may write web addresses"`
	Words      []string `json:"words" doc:"Comments and names that have one of these are refused, whatever their case and width, and with blanks between the letters. In scripts that part words with blanks, whole words are meant"`
	Names      string   `json:"names" enum:"free,signed" doc:"signed: only those write for whom the embedding site signs"`
	SampleOver int      `json:"sample_over" minimum:"0" maximum:"1000000" doc:"With more listeners, others read a page that caches keep, with a sample of the comments"`
}

// DefaultChat is how the chat of a room is until somebody sets it.
func DefaultChat() ChatSettings {
	return ChatSettings{Open: true, Words: []string{}, Names: NamesFree, SampleOver: SampleOver}
}

// Checked refuses settings that nobody can mean.
func (s ChatSettings) Checked() (ChatSettings, error) {
	if s.Slow < 0 || s.Slow > MaxSlow {
		return s, Errorf(Invalid, "slow: must be from 0 to %d seconds", MaxSlow)
	}
	if s.SampleOver < 0 || s.SampleOver > maxSampleOver {
		return s, Errorf(Invalid, "sample_over: must be an integer from 0 to %d", maxSampleOver)
	}
	if s.Names != NamesFree && s.Names != NamesSigned {
		return s, Errorf(Invalid, "names: must be free or signed")
	}
	if len(s.Words) > maxChatWords {
		return s, Errorf(Invalid, "words: has %d, at most %d are allowed", len(s.Words), maxChatWords)
	}
	words := make([]string, 0, len(s.Words))
	for _, w := range s.Words {
		if w = squeeze(w); w == "" || slices.Contains(words, w) {
			continue
		}
		if err := checkText("words", w, maxChatWord, false); err != nil {
			return s, err
		}
		if NewWordList([]string{w}).empty() {
			return s, Errorf(Invalid, "words: %q has neither letters nor digits", w)
		}
		words = append(words, w)
	}
	s.Words = words
	return s, nil
}

// ChatRules are settings, ready to judge comments by.
type ChatRules struct {
	ChatSettings
	words WordList
}

// Rules makes settings ready.
func (s ChatSettings) Rules() ChatRules { return ChatRules{s, NewWordList(s.Words)} }

// Chat is what the chat of a show goes by.
type Chat struct {
	Show     Show
	RoomID   string
	Settings ChatSettings
	Mutes    []Mute
	Pinned   *Comment
}
