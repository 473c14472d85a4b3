package overlay

import (
	"net/netip"
	"testing"
)

func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.1.1": false, "0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false,
		"198.18.0.1": false, "240.0.0.1": false, "::1": false, "::": false, "fe80::1": false, "fc00::1": false, "fd12::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::7f00:1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:db8::1": false, "ff02::1": false, "64:ff9b::7f00:1%eth0": false, "2002:7f00:1::%eth0": false,
	} {
		if got := PublicAddress(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %t", address, got)
		}
	}
}

func TestNearAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "127.0.0.1": true, "::1": true, "10.1.2.3": true, "192.168.1.1": true, "fd12::1": true, "::ffff:10.0.0.1": true,
		"169.254.169.254": false, "fe80::1": false, "0.0.0.0": false, "::": false, "224.0.0.1": false, "fe80::1%eth0": false, "255.255.255.255": false,
	} {
		if got := NearAddress(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is near: %t", address, got)
		}
	}
}
