// Package probe asks the server that a configuration describes whether it is alive.
package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	neturl "net/url"
	"time"

	"mediad/cmd/mediad/config"
)

// within is how long the answer may take.
const within = 2 * time.Second

// Ask asks for a path, /healthz or /readyz, at the HTTP address of the configuration,
// with TLS if that is configured, and writes the answer. An answer other than 200 is an
// error.
func Ask(ctx context.Context, c config.Config, path string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	url, config := address(c)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+path, nil)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}} // no proxy, since the server is on this machine
	answer, err := client.Do(r)
	if err != nil {
		var asked *neturl.Error // this error repeats the address
		if errors.As(err, &asked) {
			err = asked.Err
		}
		return fmt.Errorf("%s does not answer: %w", r.URL, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 200))
	if err != nil {
		return fmt.Errorf("%s breaks off: %w", r.URL, err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s: %s", r.URL, answer.Status, text)
	}
	_, err = out.Write(text)
	return err
}

// address gives the URL at which a program on this machine finds HTTP,
// and the TLS configuration for it.
func address(c config.Config) (url string, config *tls.Config) {
	host, port, _ := net.SplitHostPort(c.HTTP.Listen) // config has checked it
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	at := net.JoinHostPort(host, port)
	if c.HTTP.TLS.Cert == "" && len(c.HTTP.TLS.ACMEDomains) == 0 {
		return "http://" + at, nil
	}
	// The certificate is for the public name, so it cannot be checked here. The request
	// only asks whether the server at this address is alive.
	config = &tls.Config{InsecureSkipVerify: true}
	if len(c.HTTP.TLS.ACMEDomains) > 0 {
		config.ServerName = c.HTTP.TLS.ACMEDomains[0] // without a name the server has no certificate
	}
	return "https://" + at, config
}
