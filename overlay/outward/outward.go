// Package outward reaches servers at addresses that people name: no proxy, and only
// networks that are allowed.
//
// What counts is the address to which a connection is made, each time anew: a name may
// mean another one at any moment.
package outward

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrPrivate is why a connection is refused.
var ErrPrivate = errors.New("an address that is not one of the public internet")

const mostHeader = 64 << 10 // bytes of the headers of an answer

// Transport makes a transport that connects to allowed addresses alone. wait bounds each
// of the steps to an answer: the connection, TLS, and the headers.
func Transport(allowed func(netip.Addr) bool, wait time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: wait, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !allowed(at.Addr().Unmap()) {
			return ErrPrivate
		}
		return nil
	}}
	return &http.Transport{
		Proxy: nil, DialContext: dialer.DialContext, TLSHandshakeTimeout: wait, ResponseHeaderTimeout: wait, ForceAttemptHTTP2: true,
		MaxResponseHeaderBytes: mostHeader,
	}
}
