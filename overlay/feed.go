package overlay

import "time"

// Bounds of feeds.
const (
	// MaxFeeds is how many an organisation may have.
	MaxFeeds     = 20
	minFeedHours = 1
	maxFeedHours = 7 * 24
	dayOfHours   = 24
)

// Feed is a file of products at an address, which the server fetches again and again.
type Feed struct {
	ID       string    `json:"id"`
	Org      string    `json:"org" doc:"The organisation to which the products belong"`
	URL      string    `json:"url" doc:"Where the file is"`
	Currency string    `json:"currency,omitempty" doc:"The currency of prices that name none"`
	Hours    int64     `json:"every_hours" doc:"How often it is fetched: from every hour to once a week"`
	Next     time.Time `json:"next,omitzero" doc:"When it is fetched next; missing while it pauses"`
	Paused   bool      `json:"paused,omitempty"`
	// Last is the last import.
	Last    *ImportHead `json:"last,omitempty" doc:"The last import. One in the state ready has warnings, and waits for a yes; the next one takes its place"`
	Created time.Time   `json:"created"`
}

// FeedChange is what to change of a feed; nil leaves a field as it is.
type FeedChange struct {
	Hours    *int64
	Currency *string
	Paused   *bool
	Now      bool // fetch it at once
}

// Checked gives the feed made regular, or an Error that names the field. No hours are a
// day.
func (f Feed) Checked() (_ Feed, err error) {
	if f.URL, err = CheckedAddress(f.URL); err != nil {
		return f, err
	}
	if f.Hours == 0 {
		f.Hours = dayOfHours
	}
	if f.Hours < minFeedHours || f.Hours > maxFeedHours {
		return f, Errorf(Invalid, "every_hours: must be from %d to %d", minFeedHours, maxFeedHours)
	}
	return f, CheckImportCurrency(f.Currency)
}

// Every is the time between two fetches.
func (f Feed) Every() time.Duration { return time.Duration(f.Hours) * time.Hour }

// Changed gives the feed with a change, checked.
func (f Feed) Changed(c FeedChange, now time.Time) (Feed, error) {
	if c.Hours != nil && *c.Hours == 0 {
		return f, Errorf(Invalid, "every_hours: must be from %d to %d", minFeedHours, maxFeedHours)
	}
	set(&f.Hours, c.Hours)
	set(&f.Paused, c.Paused)
	set(&f.Currency, c.Currency)
	f, err := f.Checked()
	switch {
	case err != nil:
		return f, err
	case c.Now && f.Paused:
		return f, Errorf(Conflict, "the feed pauses; let it go on first")
	case f.Paused:
		f.Next = time.Time{}
	case c.Now || f.Next.IsZero():
		f.Next = now
	case f.Next.After(now.Add(f.Every())):
		f.Next = now.Add(f.Every())
	}
	return f, nil
}
