package importer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"time"

	"mediad/overlay"
	"mediad/overlay/outward"
	"mediad/overlay/store"
)

// Bounds of a fetch.
const (
	fetchTime   = 5 * time.Minute
	fetchWait   = 30 * time.Second // for a connection, for TLS, and for the headers
	maxRedirect = 5
)

// fetch gets a file from an address, for each redirect of which the rule of outward holds
// anew.
func (i *Importer) fetch(ctx context.Context, file store.ImportFile) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	transport := outward.Transport(i.o.Public, fetchWait)
	transport.DisableKeepAlives = true
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
	case errors.Is(err, outward.ErrPrivate):
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
