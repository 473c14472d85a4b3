package main

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

// healthCommand is the command line of mediad health.
type healthCommand struct {
	configured
	Ready bool `help:"Ask whether the server can take publishers and viewers (/readyz). Without this flag, ask only whether the process answers (/healthz)."`
}

// healthWithin is how long the answer may take.
const healthWithin = 2 * time.Second

// ask sends the request to the HTTP address of the configuration, with TLS if
// that is configured.
func (h healthCommand) ask(ctx context.Context, c config.Config, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, healthWithin)
	defer cancel()
	path := "/healthz"
	if h.Ready {
		path = "/readyz"
	}
	url, config := ownAddress(c)
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

// ownAddress gives the address at which a program on this machine finds HTTP,
// and the TLS configuration for it.
func ownAddress(c config.Config) (url string, config *tls.Config) {
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
