package broadcast

import (
	"time"

	"mediad/overlay"
)

// class says how a broadcast of a latency class is cut.
type class struct {
	part, segment, window time.Duration
	segmentsOnly          bool
}

// classOf gives the lengths of a latency class. The class low has the lengths of
// the configuration. The others have parts of a second (Apple authoring 14.2
// recommends that), in segments of at least two seconds.
func classOf(l overlay.Latency, h Lengths) class {
	c := class{part: h.Part, segment: h.Segment, window: h.Window}
	if l == overlay.LowLatency {
		return c
	}
	c.part = max(c.part, time.Second)
	c.segment = max(c.segment, 2*time.Second)
	c.window = max(c.window, 6*c.segment) // Apple authoring 8.11
	c.segmentsOnly = l == overlay.MassLatency
	return c
}
