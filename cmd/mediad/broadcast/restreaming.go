package broadcast

import (
	"context"
	"fmt"

	"mediad/ingest/rtmp/restream"
	"mediad/overlay"
	"mediad/overlay/api"
)

// Targets tells to which servers a room is sent on. It implements api.Restreaming, as what
// follows.
func (m *Manager) Targets(slug string) []api.Target { return targets(m.restream.States(slug)) }

// AllTargets tells the same of all rooms.
func (m *Manager) AllTargets() map[string][]api.Target {
	out := make(map[string][]api.Target)
	for slug, s := range m.restream.AllStates() {
		out[slug] = targets(s)
	}
	return out
}

// SwitchTarget starts or stops a target.
func (m *Manager) SwitchTarget(slug, name string, on bool) error {
	turn := m.restream.Stop
	if on {
		turn = m.restream.Start
	}
	if !turn(slug, name) {
		return overlay.Errorf(overlay.NotFound, "the configuration has no such target for this room")
	}
	return nil
}

// FollowTargets gives the targets of a room now, and again when they change, until ctx ends.
func (m *Manager) FollowTargets(ctx context.Context, slug string) <-chan []api.Target {
	states, stop := m.restream.Follow(slug)
	out := make(chan []api.Target)
	go func() {
		defer stop()
		for {
			select {
			case s := <-states:
				select {
				case out <- targets(s):
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// restreaming warns of targets that do not get the broadcast.
func (m *Manager) restreaming(slug string) []api.Warning {
	failing := 0
	for _, s := range m.restream.States(slug) {
		if s.Phase == restream.Retrying {
			failing++
		}
	}
	if failing == 0 {
		return nil
	}
	return []api.Warning{{Code: "restreaming", Value: float64(failing), Text: fmt.Sprintf(
		"Other platforms that do not get the broadcast at present: %d. The dock and the room's page in the studio say which, and why.", failing)}}
}

func targets(states []restream.State) []api.Target {
	out := make([]api.Target, len(states))
	for i, s := range states {
		out[i] = api.Target{
			Name: s.Name, Server: s.Server, State: string(s.Phase), Since: s.Since, Next: s.Next, Failures: s.Tries,
			Delay: s.Delay.Seconds(), Bytes: int64(s.Bytes), Dropped: int64(s.Dropped), Bitrate: s.Bitrate,
		}
		if p := s.Problem; p != nil {
			out[i].Problem = &api.TargetProblem{Code: p.Code, Text: p.Text, Said: p.Said}
		}
	}
	return out
}
