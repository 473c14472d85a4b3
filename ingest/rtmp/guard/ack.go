package guard

// ackWindow decides when to acknowledge, RTMP1 5.4.3 and 5.4.4.
type ackWindow struct {
	half uint64 // acknowledge after this many bytes; 0: the peer asked for none
	last uint64 // what was acknowledged last
}

// announce takes the peer's Window Acknowledgement Size.
func (a *ackWindow) announce(size uint32, smallest int) {
	a.half = uint64(max(size, uint32(smallest))) / 2
}

// due tells whether to acknowledge now, and the sequence number, which wraps
// at 2^32. The handshake is not counted. A peer that counts it finds its window
// full 3 KiB early; but a peer that does not would otherwise get acknowledgements
// for more than it sent.
func (a *ackWindow) due(received uint64) (seq uint32, ok bool) {
	received -= min(received, handshakeSize)
	if a.half == 0 || received-a.last < a.half {
		return 0, false
	}
	a.last = received
	return uint32(received), true
}
