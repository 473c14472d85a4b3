package api

import "time"

// Health tells of warnings as they come and go.
type Health interface {
	// FollowWarnings gives the warnings of a room as they are now, and again
	// each time that one appears or goes. Who reads slowly gets the latest
	// only: nothing is missed, since each is the whole list. stop ends it.
	FollowWarnings(room string) (warnings <-chan []Warning, stop func())
}

// Warning is something wrong with a room's stream.
type Warning struct {
	Code  string  `json:"code" doc:"Its name, for programs and translations" example:"keyframe_interval"`
	Text  string  `json:"text" doc:"What is wrong and what to do about it, in English"`
	Value float64 `json:"value,omitempty" doc:"The number in the text: seconds, or how many"`
}

// healthBody is the data of the event health.
type healthBody struct {
	At       time.Time `json:"at"`
	Appeared []Warning `json:"appeared" doc:"What was not wrong before"`
	Gone     []string  `json:"gone" doc:"Codes of what is well again"`
	Warnings []Warning `json:"warnings" doc:"All that holds now"`
}

// changed says what came and went between two lists.
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

// health sends what changed, if anything did. The event has no id: it is not in
// the room's log, and a listener that comes back is told what holds.
func (l *listener) health(now []Warning) {
	b := healthBody{At: time.Now(), Warnings: append([]Warning{}, now...)}
	b.Appeared, b.Gone = changed(l.warnings, now)
	if l.warnings = now; len(b.Appeared)+len(b.Gone) > 0 {
		l.send("health", "", b)
	}
}
