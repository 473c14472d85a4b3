package rtmp

import "slices"

// A backlog holds at most this much, whatever the publisher's clock says.
const (
	backlogBytes = 4 << 20
	backlogUnits = 1024
)

// backlog keeps copies of the units that come before the tracks are settled.
type backlog struct {
	units []keptUnit
	bytes int
}

type keptUnit struct {
	kind   kind
	ms     int64
	offset int32
	data   []byte
}

func (b *backlog) add(k kind, ms int64, offset int32, data []byte) {
	b.units = append(b.units, keptUnit{k, ms, offset, slices.Clone(data)})
	b.bytes += len(data)
}

// full tells that waiting longer would cost too much.
func (b *backlog) full() bool { return b.bytes >= backlogBytes || len(b.units) >= backlogUnits }

// forget drops the units of one track, whose parameters have changed since.
func (b *backlog) forget(k kind) {
	b.units = slices.DeleteFunc(b.units, func(u keptUnit) bool {
		if u.kind == k {
			b.bytes -= len(u.data)
		}
		return u.kind == k
	})
}

// take empties the backlog.
func (b *backlog) take() []keptUnit {
	units := b.units
	*b = backlog{}
	return units
}
