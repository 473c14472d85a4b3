package sim

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Look is what was seen of a village for a while.
type Look struct {
	Rooms   int     `json:"rooms"`
	Seconds float64 `json:"seconds"`
	// Of the picture, at the players: how much later than the quickest of its room a part was there.
	Followed int     `json:"rooms_followed"`
	Dark     int     `json:"rooms_without_picture"` // of those followed
	Parts    int     `json:"parts"`
	P50      float64 `json:"late_p50_ms"`
	P99      float64 `json:"late_p99_ms"`
	Worst    float64 `json:"late_worst_ms"`
	Late     int     `json:"late"` // over half a second
	Broken   int64   `json:"player_failures"`
	// Of the encoders: how late their messages left them.
	Push float64 `json:"encoders_p99_ms"`
	Lost int64   `json:"encoders_lost"`
	Kbps float64 `json:"kbps"` // of each
	// Of the other viewers, a second.
	Beacons float64 `json:"beacons_per_second"`
	Likes   float64 `json:"likes_per_second"`
	Clicks  float64 `json:"clicks_per_second"`
	Orders  float64 `json:"orders_per_second"`
	Failed  int64   `json:"viewer_failures"`
	// In cores; missing: not known.
	ServerCPU *float64 `json:"server_cores,omitempty"`
	SimCPU    float64  `json:"simulator_cores"`
	Trouble   []string `json:"trouble,omitempty"` // why this is too much
}

// Bounds say what is too much.
type Bounds struct {
	Late     time.Duration // of 1 % of the parts
	Encoders time.Duration // of 1 % of the messages of encoders
	Failed   float64       // the share of the requests of viewers
	Told     float64       // the share of the beacons that were to be, at least
}

// Good is a good picture: a player holds three parts back, 1.5 s.
var Good = Bounds{Late: stutter, Encoders: stutter / 2, Failed: 0.001, Told: 0.9}

// total is what all rooms have done until now.
type total struct {
	told, liked, clicked, bought, failed, broken, lost int64
	bytes                                              int64
	seen                                               []int64 // by room
	spent                                              spent
	at                                                 time.Time
}

func (v *village) total(ctx context.Context) (t total) {
	for _, f := range v.all {
		d := &f.done
		t.told += d.told.Load()
		t.liked += d.liked.Load()
		t.clicked += d.clicked.Load()
		t.bought += d.bought.Load()
		t.broken += f.broken.Load()
		t.lost += f.lost.Load()
		t.failed += d.failed.Load()
		t.seen = append(t.seen, f.seen.Load())
	}
	t.failed -= t.broken + t.lost
	t.bytes = v.sent.bytes.Load()
	t.spent, t.at = v.cpu.now(ctx), time.Now()
	return t
}

// look watches the village for a while, and tells of it.
func (v *village) look(ctx context.Context, r *VillageResult, d time.Duration) (Look, error) {
	before := v.total(ctx)
	v.late.take()
	v.slow.take()
	if err := wait(ctx, d); err != nil {
		return Look{}, err
	}
	now, parts, slow := v.total(ctx), v.late.take(), v.slow.take()
	seconds := now.at.Sub(before.at).Seconds()
	second := func(n int64) float64 { return float64(n) / seconds }
	l := Look{Rooms: v.open, Seconds: seconds, Followed: min(v.open, v.o.Players), Parts: parts.all, P50: parts.at(0.5), P99: parts.at(0.99), Worst: parts.at(1), Late: parts.beyond(stutter),
		Broken: now.broken - before.broken, Push: slow.at(0.99), Lost: now.lost - before.lost, Kbps: second(now.bytes-before.bytes) * 8 / 1000 / float64(v.open),
		Beacons: second(now.told - before.told), Likes: second(now.liked - before.liked), Clicks: second(now.clicked - before.clicked), Orders: second(now.bought - before.bought),
		Failed: now.failed - before.failed, SimCPU: (now.spent.self - before.spent.self).Seconds() / seconds}
	for n := range l.Followed {
		if now.seen[n] == before.seen[n] {
			l.Dark++
		}
	}
	if now.spent.known && before.spent.known {
		cores := (now.spent.server - before.spent.server).Seconds() / seconds
		l.ServerCPU = &cores
	}
	l.judge(v.o.Bounds, v.o.Village.beacons(v.open)*v.o.Speed)
	r.Looks = append(r.Looks, l)
	fmt.Fprintln(v.o.Progress, l)
	return l, nil
}

// beacons is how many a second the viewers of so many rooms send.
func (p Village) beacons(rooms int) float64 {
	return float64(rooms*p.Present) / every.Seconds()
}

// judge finds what is too much; planned is how many beacons a second there are to be.
func (l *Look) judge(b Bounds, planned float64) {
	say := func(bad bool, words string, values ...any) {
		if bad {
			l.Trouble = append(l.Trouble, fmt.Sprintf(words, values...))
		}
	}
	say(l.Dark > 0, "%d rooms had no picture", l.Dark)
	say(l.Broken > 0, "%d times a playlist or a part was refused or did not come", l.Broken)
	say(l.P99 > float64(b.Late.Milliseconds()), "1 %% of the parts came more than %.0f ms late, and %v is the bound", l.P99, b.Late)
	say(l.Lost > 0, "%d times an encoder was refused or lost its connection", l.Lost)
	say(l.Push > float64(b.Encoders.Milliseconds()), "1 %% of what encoders send left them more than %.0f ms late, and %v is the bound", l.Push, b.Encoders)
	say(float64(l.Failed) > b.Failed*planned*l.Seconds, "%d requests of viewers failed", l.Failed)
	say(l.Beacons < b.Told*planned, "viewers came to %.0f of %.0f beacons a second", l.Beacons, planned)
}

// String is a line of progress.
func (l Look) String() string {
	text := fmt.Sprintf("%d rooms for %.0f s: parts late by %.0f ms (p50), %.0f ms (p99), %.0f ms (worst); encoders by %.0f ms (p99); %.0f beacons and %.1f orders a second; cores: simulator %.2f", l.Rooms, l.Seconds, l.P50, l.P99, l.Worst, l.Push, l.Beacons, l.Orders, l.SimCPU)
	if l.ServerCPU != nil {
		text += fmt.Sprintf(", server %.2f", *l.ServerCPU)
	}
	if len(l.Trouble) > 0 {
		text += "; too much: " + strings.Join(l.Trouble, "; ")
	}
	return text
}
