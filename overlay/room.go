package overlay

import "strings"

// Room is a durable place with a URL and a stream key. The key itself is never
// part of it.
type Room struct {
	ID    string
	Slug  string // its name in URLs; it never changes
	Title string
	Org   string // the organisation that it belongs to
	// Latency is the class of the broadcasts that begin from now on.
	Latency Latency
	// Retention is that of its shows that have none of their own.
	Retention Retention
	// CueDelay is how much later its cues for now land.
	CueDelay CueDelay
	// Ladder is what its encoders are asked for; empty: DefaultLadder.
	Ladder Ladder
}

const (
	maxSlug      = 64
	maxRoomTitle = 150
)

// CheckSlug refuses a slug that is not made of a-z, 0-9 and inner hyphens.
func CheckSlug(slug string) error {
	ok := slug != "" && len(slug) <= maxSlug && slug[0] != '-' && slug[len(slug)-1] != '-'
	for _, c := range slug {
		ok = ok && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')
	}
	if !ok {
		return Errorf(Invalid, "slug: must have 1 to %d of the characters a-z, 0-9 and hyphen, no hyphen at its ends", maxSlug)
	}
	return nil
}

// SlugOf makes a slug of a name: what it has of a-z and 0-9, or "shop" where that is nothing.
func SlugOf(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(name) {
		switch {
		case b.Len() == maxSlug-4: // a number may follow
			return strings.Trim(b.String(), "-")
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if slug := strings.Trim(b.String(), "-"); slug != "" {
		return slug
	}
	return "shop"
}

// CheckRoomTitle refuses a room title that is too long or not plain text.
func CheckRoomTitle(title string) error {
	return checkText("title", title, maxRoomTitle, false)
}
