package api

import "time"

// Health tells of warnings as they come and go.
type Health interface {
	// FollowWarnings gives the list of a room's warnings, and the new list each time
	// that a warning appears or goes. A slow reader gets the latest list alone.
	// stop ends it.
	FollowWarnings(room string) (warnings <-chan []Warning, stop func())
}

// Warning is something wrong with a room's stream.
type Warning struct {
	Code  string  `json:"code" doc:"The warning's name, for programs and translations" example:"keyframe_interval"`
	Text  string  `json:"text" doc:"What is wrong and what to do about it, in English"`
	Value float64 `json:"value,omitempty" doc:"The number in the text, in seconds or as a count"`
}

// healthBody is the data of the event health.
type healthBody struct {
	At       time.Time `json:"at"`
	Appeared []Warning `json:"appeared" doc:"Warnings that are new"`
	Gone     []string  `json:"gone" doc:"Codes of warnings that have ended"`
	Warnings []Warning `json:"warnings" doc:"All warnings that hold now"`
}

// changed gives the warnings that appeared and those that went between two lists.
func changed(was, now []Warning) (appeared []Warning, gone []string) {
	in := func(list []Warning, code string) bool {
		for _, w := range list {
			if w.Code == code {
				return true
			}
		}
		return false
	}
	appeared, gone = []Warning{}, []string{} // in JSON: not null
	for _, w := range now {
		if !in(was, w.Code) {
			appeared = append(appeared, w)
		}
	}
	for _, w := range was {
		if !in(now, w.Code) {
			gone = append(gone, w.Code)
		}
	}
	return appeared, gone
}

// health sends the changes, if there are any. The event has no id, for it is not in
// the room's log: a listener that comes back gets the whole list.
func (l *listener) health(now []Warning) {
	b := healthBody{At: time.Now(), Warnings: append([]Warning{}, now...)}
	b.Appeared, b.Gone = changed(l.warnings, now)
	if l.warnings = now; len(b.Appeared)+len(b.Gone) > 0 {
		l.send("health", "", b)
	}
}
