package rtmp

import (
	"bytes"
	"slices"
	"time"

	"mediad/ingest/h264"
)

// A backlog holds at most this much, whatever the publisher's clock says.
const (
	backlogBytes = 4 << 20
	backlogUnits = 1024
)

// backlog keeps copies of units: those that come before the tracks are settled, and
// a picture that may go on in the next message, with the sound behind it.
type backlog struct {
	units    []keptUnit
	bytes    int
	pictures int
	since    time.Time // when the newest picture came
}

type keptUnit struct {
	kind    kind
	further uint8 // 0, or the number of a further video track
	ms      int64
	offset  int32
	nals    [][]byte
	key     bool
}

// leads tells whether a unit is a picture of the first video track.
func (u *keptUnit) leads() bool { return u.kind == video && u.further == 0 }

func (b *backlog) add(u keptUnit, now time.Time) {
	kept := make([][]byte, len(u.nals))
	for i, nal := range u.nals {
		kept[i] = bytes.Clone(nal)
		b.bytes += len(nal)
	}
	u.nals = kept
	b.units = append(b.units, u)
	if u.leads() {
		b.pictures, b.since = b.pictures+1, now
	}
}

// extend adds NAL units to the newest picture, if it has that time.
func (b *backlog) extend(ms int64, nals [][]byte) bool {
	for i := len(b.units) - 1; i >= 0; i-- {
		u := &b.units[i]
		if !u.leads() {
			continue
		}
		if u.ms != ms || len(u.nals)+len(nals) > h264.MaxUnits {
			return false
		}
		for _, nal := range nals {
			u.nals = append(u.nals, bytes.Clone(nal))
			b.bytes += len(nal)
		}
		u.nals = ordered(u.nals, slices.IndexFunc(u.nals, h264.Coded))
		u.key = u.key || h264.HasIDR(nals)
		return true
	}
	return false
}

func (b *backlog) empty() bool { return len(b.units) == 0 }

// full tells that waiting longer would cost too much.
func (b *backlog) full() bool { return b.bytes >= backlogBytes || len(b.units) >= backlogUnits }

// forget drops the units of one track, whose parameters have changed since.
func (b *backlog) forget(k kind) {
	b.drop(func(u keptUnit) bool { return u.kind == k && u.further == 0 })
}

func (b *backlog) drop(which func(keptUnit) bool) {
	b.units = slices.DeleteFunc(b.units, func(u keptUnit) bool {
		if !which(u) {
			return false
		}
		for _, nal := range u.nals {
			b.bytes -= len(nal)
		}
		if u.leads() {
			b.pictures--
		}
		return true
	})
}

// take empties the backlog.
func (b *backlog) take() []keptUnit {
	units := b.units
	*b = backlog{}
	return units
}
