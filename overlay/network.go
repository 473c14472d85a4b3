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

// PublicAddress tells whether an address is one of the public internet. Others are those
// of the machine itself, of networks that are no business of a stranger, and of services
// that trust whoever can reach them.
func PublicAddress(a netip.Addr) bool {
	// A prefix contains no address with a zone.
	if a = a.Unmap().WithZone(""); !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range notPublic() {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// NearAddress tells whether an address is a public one, or one of the machine itself or of
// a private network: what an operator may allow. Services that describe a machine in a
// cloud stand on link-local addresses, which are never among them.
func NearAddress(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return a.IsLoopback() || a.IsPrivate() || PublicAddress(a)
}

// notPublic are networks beyond those that netip names.
func notPublic() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
		netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
		// IPv6 that carries an IPv4 address, and ranges for documents and tests.
		netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/23"),
		netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("fec0::/10"),
	}
}
