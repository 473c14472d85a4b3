package keep

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/packager/archive"
)

// journals sums up the journals of rooms. If the disk hangs for one room,
// requests about other rooms wait for journalPatience at most.
type journals struct {
	usage func(room, epoch string) (archive.Usage, error)

	mu sync.Mutex
	// Guarded by mu.
	rooms map[string]*said
}

// said is the latest sum of a room's journals. Its fields are guarded by
// journals.mu.
type said struct {
	asked chan struct{}   // closed when the journals are read; nil: no reading is under way
	room  *api.StoredRoom // nil: nothing is stored
	err   error
}

// journalPatience is how long a request waits for rooms whose journals cannot be
// read at once.
const journalPatience = 2 * time.Second

// all sums up the journals of broadcasts (oldest first) by room, in the order of
// the rooms' names. late names the rooms whose journals were not read in time.
func (j *journals) all(ctx context.Context, broadcasts []overlay.Broadcast) (rooms []api.StoredRoom, late []string, err error) {
	of := map[string][]overlay.Broadcast{}
	for _, b := range broadcasts {
		of[b.Room] = append(of[b.Room], b)
	}
	asked := map[string]<-chan struct{}{}
	for room, all := range of {
		asked[room] = j.ask(room, all)
	}
	patience, cancel := context.WithTimeout(ctx, journalPatience)
	defer cancel()
	for room, answer := range asked {
		select {
		case <-answer:
		case <-patience.Done():
			select {
			case <-answer:
			default:
				late = append(late, room)
			}
		}
	}
	slices.Sort(late)
	j.mu.Lock()
	defer j.mu.Unlock()
	for room := range of {
		switch s := j.rooms[room]; {
		case s.err != nil:
			return nil, nil, s.err
		case s.room != nil:
			rooms = append(rooms, *s.room)
		}
	}
	for room := range j.rooms {
		if of[room] == nil {
			delete(j.rooms, room) // it was deleted
		}
	}
	slices.SortFunc(rooms, func(a, b api.StoredRoom) int { return strings.Compare(a.Room, b.Room) })
	return rooms, late, ctx.Err()
}

// ask starts to read a room's journals, unless that is under way. At most one
// goroutine reads for a room.
func (j *journals) ask(room string, broadcasts []overlay.Broadcast) (answer <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := j.rooms[room]
	if s == nil {
		s = new(said)
		j.rooms[room] = s
	}
	if s.asked == nil {
		s.asked = make(chan struct{})
		go func() {
			sum, err := j.sum(room, broadcasts)
			j.mu.Lock()
			defer j.mu.Unlock()
			s.room, s.err = sum, err
			close(s.asked)
			s.asked = nil
		}()
	}
	return s.asked
}

// sum reads a room's journals; nil: nothing is stored.
func (j *journals) sum(room string, broadcasts []overlay.Broadcast) (*api.StoredRoom, error) {
	var out *api.StoredRoom
	for _, b := range broadcasts {
		u, err := j.usage(room, b.Epoch)
		if err != nil {
			return nil, err
		}
		if u.Segments == 0 {
			continue
		}
		if out == nil {
			out = &api.StoredRoom{Room: room, Oldest: b.Begun}
		}
		s := size(u)
		out.Bytes, out.Segments, out.Gaps, out.Duration = out.Bytes+s.Bytes, out.Segments+s.Segments, out.Gaps+s.Gaps, out.Duration+s.Duration
		out.Broadcasts++
	}
	return out, nil
}
