package importer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// Bounds of a fetch.
const (
	fetchTime   = 5 * time.Minute
	fetchWait   = 30 * time.Second // for a connection, for TLS, and for the headers
	maxRedirect = 5
)

// errPrivate is why a connection is refused.
var errPrivate = errors.New("an address that is not one of the public internet")

// fetch gets a file from an address. What counts is the address to which a connection
// is made, for each redirect anew: a name may mean another one at any moment.
func (i *Importer) fetch(ctx context.Context, file store.ImportFile) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	dialer := &net.Dialer{Timeout: fetchWait, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !i.o.Public(at.Addr().Unmap()) {
			return errPrivate
		}
		return nil
	}}
	transport := &http.Transport{
		Proxy: nil, DialContext: dialer.DialContext, TLSHandshakeTimeout: fetchWait, ResponseHeaderTimeout: fetchWait, DisableKeepAlives: true, ForceAttemptHTTP2: true,
		MaxResponseHeaderBytes: 64 << 10,
	}
	client := &http.Client{Transport: transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > maxRedirect {
			return fmt.Errorf("more than %d redirects", maxRedirect)
		}
		if _, err := overlay.CheckedAddress(r.URL.String()); err != nil {
			return errors.New("a redirect that is no http or https address")
		}
		r.Header.Del("Referer") // an address of a feed may have a token in it
		return nil
	}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, file.Address, nil)
	if err != nil {
		return overlay.Errorf(overlay.Invalid, "url: cannot be read")
	}
	r.Header.Set("Accept", "text/csv, text/tab-separated-values, application/xml, text/xml, text/plain;q=0.9, */*;q=0.5")
	r.Header.Set("User-Agent", "mediad")
	answer, err := client.Do(r)
	if err != nil {
		return notFetched(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return overlay.Errorf(overlay.Invalid, "url: the server there answers %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	}
	if err := i.keep(file.Name, answer.Body); err != nil {
		var words *overlay.Error
		if errors.As(err, &words) {
			return err
		}
		var disk *fs.PathError
		if errors.As(err, &disk) {
			i.o.Log.ErrorContext(ctx, "the file of an import cannot be kept", "err", err)
			return overlay.Errorf(overlay.Invalid, "this server could not keep the file; try again later")
		}
		return notFetched(err)
	}
	return nil
}

// notFetched says in words why nothing was fetched. It tells nothing of what is behind
// an address that is not public.
func notFetched(err error) error {
	var named *url.Error
	if errors.As(err, &named) {
		err = named.Err
	}
	var dns *net.DNSError
	why := "url: the server there cannot be reached, or ends the connection"
	switch {
	case errors.Is(err, errPrivate):
		why = "url: it leads to an address that is not one of the public internet"
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, context.DeadlineExceeded):
		why = "url: the server there does not answer in time"
	case errors.As(err, &dns):
		why = "url: there is no server with this name"
	case named != nil && (err.Error() == fmt.Sprintf("more than %d redirects", maxRedirect) || err.Error() == "a redirect that is no http or https address"):
		why = "url: it leads to " + err.Error()
	}
	return overlay.Errorf(overlay.Invalid, "%s", why)
}

// private are networks beyond those that netip names.
var private = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	// IPv6 that carries an IPv4 address, and ranges for documents and tests.
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("fec0::/10"),
}

// public tells whether an address is one of the public internet.
func public(a netip.Addr) bool {
	// A prefix contains no address with a zone.
	if a = a.Unmap().WithZone(""); !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range private {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
