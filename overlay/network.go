package overlay

import "net/netip"

// Network gives the addresses that one customer of a network can have alone: an IPv4
// address, or an IPv6 /64.
func Network(a netip.Addr) netip.Addr {
	if a = a.Unmap(); a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
