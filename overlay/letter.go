package overlay

import "time"

// LetterKind says what a letter is for.
type LetterKind string

// The kinds of letters.
const (
	InvitationLetter LetterKind = "invitation" // to an organisation
	ResetLetter      LetterKind = "reset"      // a link that sets a new password
	TestLetter       LetterKind = "test"       // shows who runs the server that mail works
)

// Language is one in which the server writes letters.
type Language string

// The languages of letters.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// CheckLanguage refuses a language in which no letter is written; "" is none, and passes.
func CheckLanguage(l Language) error {
	if l != "" && l != English && l != Chinese {
		return Errorf(Invalid, "language: must be en or zh")
	}
	return nil
}

// Letter is a mail that the server writes.
type Letter struct {
	ID       string
	Kind     LetterKind
	To       string // an e-mail address
	Language Language
	Org      string    // name of the organisation whose people asked for it; "": the reader did
	By       string    // who asked for it
	Role     Role      // of an invitation
	Secret   string    // the text of its link
	Until    time.Time // how long the link holds
}

// Posted says how the sending of a letter goes.
type Posted struct {
	State   string    `json:"state" enum:"waiting,sent,failed" doc:"waiting: it is sent as soon as the mail server takes it; sent: the mail server has taken it; failed: the link has to go another way"`
	Problem string    `json:"problem,omitempty" doc:"What the mail server said, or why it did not answer"`
	At      time.Time `json:"at" doc:"When it was sent, or tried last, or asked for"`
	Next    time.Time `json:"next,omitzero" doc:"When it is tried again"`
}

// Bounds of letters.
const (
	LetterLife       = 24 * time.Hour // how long a letter is tried
	MaxLettersTo     = 3              // to one address within LettersToWithin
	LettersToWithin  = time.Hour
	MaxLettersWaited = 1000 // as many wait at once
)

// LetterAgain is how long a letter waits that was tried so many times.
func LetterAgain(tried int) time.Duration {
	const first, most = time.Minute, 4 * time.Hour
	if tried > 8 {
		return most
	}
	return min(first<<max(tried-1, 0), most)
}
