package broadcast

import (
	"context"
	"slices"
	"sync"
	"time"

	"mediad/ingest"
	"mediad/overlay/api"
	"mediad/packager"
	"mediad/packager/health"
)

// lookEvery is the time between two checks of the publishers.
const lookEvery = time.Second

// watcher checks what every publisher sends, keeps the results for requests,
// and tells the followers of a room when a warning appears or goes. It
// implements api.Health.
type watcher struct {
	mu sync.Mutex
	// Guarded by mu.
	rooms     map[string]*watched // by slug
	followers map[string][]chan []api.Warning
}

// watched is the session of one publisher in a room. Guarded by the watcher's
// mu.
type watched struct {
	session *packager.Session
	judge   health.Judge
	report  health.Report
	verdict health.Verdict
}

// roomOnAir is a room as the Manager shows it to the watcher.
type roomOnAir struct {
	room    string
	show    string
	stream  *packager.Stream
	session *packager.Session   // nil: nobody publishes
	stats   func() ingest.Stats // nil: the protocol does not count
}

func newWatcher() *watcher {
	return &watcher{rooms: map[string]*watched{}, followers: map[string][]chan []api.Warning{}}
}

// Run checks the publishers until ctx is done.
func (w *watcher) Run(ctx context.Context, rooms func() []roomOnAir) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			w.look(now, rooms())
		}
	}
}

// look judges every room that is on air, and forgets the others.
func (w *watcher) look(now time.Time, rooms []roomOnAir) {
	reports := make([]health.Report, len(rooms))
	for i, r := range rooms { // outside of the lock: this is a system call
		reports[i] = r.read()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for name := range w.rooms {
		if !slices.ContainsFunc(rooms, func(r roomOnAir) bool { return r.room == name }) {
			delete(w.rooms, name)
			w.tell(name, nil)
		}
	}
	for i, r := range rooms {
		seen := w.rooms[r.room]
		if seen == nil {
			seen = &watched{}
			w.rooms[r.room] = seen
		}
		was := seen.verdict.Warnings
		if seen.session != r.session { // the counts begin again at 0
			seen.session, seen.judge = r.session, health.Judge{}
		}
		seen.report = reports[i]
		seen.verdict = seen.judge.Look(now, &seen.report)
		if !slices.EqualFunc(was, seen.verdict.Warnings, func(a, b health.Warning) bool { return a.Code == b.Code }) {
			w.tell(r.room, seen.verdict.Warnings)
		}
	}
}

func (r roomOnAir) read() health.Report {
	h := r.stream.Health()
	h.Publishing = r.session != nil // also while its tracks are not known yet
	if r.stats != nil {
		h.Received = r.stats()
	}
	return h
}

// read gives the latest result; false: there is none yet for this room and
// this publisher.
func (w *watcher) read(room string, session *packager.Session) (health.Report, health.Verdict, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.rooms[room]
	if seen == nil || seen.session != session {
		return health.Report{}, health.Verdict{}, false
	}
	return seen.report, seen.verdict, true
}

// tell gives followers the new list. It does not block: an older list that
// was not read yet is replaced. w.mu is held.
func (w *watcher) tell(room string, list []health.Warning) {
	for _, f := range w.followers[room] {
		select {
		case <-f:
		default:
		}
		f <- told(list)
	}
}

// FollowWarnings implements api.Health.
func (w *watcher) FollowWarnings(room string) (<-chan []api.Warning, func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := make(chan []api.Warning, 1)
	if seen := w.rooms[room]; seen != nil {
		f <- told(seen.verdict.Warnings)
	}
	w.followers[room] = append(w.followers[room], f)
	return f, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		left := slices.DeleteFunc(w.followers[room], func(o chan []api.Warning) bool { return o == f })
		if w.followers[room] = left; len(left) == 0 {
			delete(w.followers, room)
		}
	}
}

func told(list []health.Warning) []api.Warning {
	out := make([]api.Warning, len(list))
	for i, v := range list {
		out[i] = api.Warning{Code: string(v.Code), Text: v.Text, Value: v.Value}
	}
	return out
}
