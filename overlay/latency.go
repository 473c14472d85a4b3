package overlay

// Latency is a latency class: how a room's broadcasts are cut, and how far
// behind live its viewers play.
type Latency string

// The classes.
const (
	// LowLatency has parts of the configured length: two to three seconds.
	LowLatency Latency = "low"
	// BalancedLatency has parts of a second, for viewers on uneven networks.
	BalancedLatency Latency = "balanced"
	// MassLatency has segments only: plain HLS, as every CDN takes it.
	MassLatency Latency = "mass"
)

// CheckLatency refuses a text that is no class.
func CheckLatency(l Latency) error {
	switch l {
	case LowLatency, BalancedLatency, MassLatency:
		return nil
	}
	return Errorf(Invalid, "latency: must be low, balanced or mass")
}
