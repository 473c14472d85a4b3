package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// client asks a server over its public interfaces.
type client struct {
	server, token string
	http          *http.Client
}

// newClient makes a client that keeps so many connections open.
func newClient(server, token string, kept int) (*client, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("--server must be an address such as http://localhost:8080")
	}
	return &client{server: strings.TrimSuffix(u.String(), "/"), token: token, http: &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: kept},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 8 << 20

// ask asks the API as its owner; in and out may be nil.
func (c *client) ask(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.server+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	status, text, _, err := c.send(r)
	if err != nil {
		return err
	}
	if status/100 != 2 {
		var p struct{ Detail string }
		if json.Unmarshal(text, &p) == nil && p.Detail != "" {
			return fmt.Errorf("%s %s: %d: %s", method, path, status, p.Detail)
		}
		return fmt.Errorf("%s %s: %d", method, path, status)
	}
	if out == nil || len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, out)
}

// send gives the status, the body and where an answer leads to.
func (c *client) send(r *http.Request) (status int, text []byte, location string, err error) {
	res, err := c.http.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	text, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return res.StatusCode, text, res.Header.Get("Location"), errors.Join(err, res.Body.Close())
}

// visit asks for something as a viewer does, whom a browser's name tells from others.
func (c *client) visit(ctx context.Context, method, address, browser, kind, body string) (status int, location string, err error) {
	status, _, location, err = c.visitFor(ctx, method, address, browser, kind, body)
	return status, location, err
}

// visitFor is visit, and gives what was answered.
func (c *client) visitFor(ctx context.Context, method, address, browser, kind, body string) (status int, text []byte, location string, err error) {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return 0, nil, "", err
	}
	r.Header.Set("User-Agent", browser)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return c.send(r)
}
