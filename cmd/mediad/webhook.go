package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/ingest"
	"mediad/overlay"
)

const (
	webhookTimeout = 2 * time.Second
	webhookAnswer  = 4 << 10 // bytes of an answer that are read
	webhookParams  = 32      // of a stream key that are passed on
)

// webhook asks another server about each publisher whose key is right. It fails
// closed: without an answer nobody may publish. Requests are signed as
// Standard Webhooks 1.0 says.
type webhook struct {
	url    string // read only, as is what follows
	secret []byte
	client *http.Client
	log    *slog.Logger
	now    func() time.Time

	mu      sync.Mutex
	answers answers // guarded by mu
}

func newWebhook(c config.Webhook, log *slog.Logger) (*webhook, error) {
	secret, err := c.SigningKey()
	if err != nil {
		return nil, fmt.Errorf("auth.publish_webhook.secret: %w", err)
	}
	return &webhook{
		url: c.URL, secret: secret, log: log, now: time.Now,
		client: &http.Client{
			Transport: http.DefaultTransport.(*http.Transport).Clone(),
			// Who may publish is not decided by where a redirect leads.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// webhookBody is what is asked. The stream key is no part of it.
type webhookBody struct {
	Type     string              `json:"type"` // "publish"
	Room     string              `json:"room"`
	Protocol string              `json:"protocol"`
	Address  string              `json:"address"`
	Encoder  string              `json:"encoder"`
	Query    map[string][]string `json:"query"` // what stood behind the key's "?"
}

// permit fails, with words for the encoder, if the publisher is not wanted.
func (w *webhook) permit(ctx context.Context, room string, r ingest.Request) error {
	q := question{room, r.Protocol, r.Encoder, r.Query, r.Remote.Addr()}
	w.mu.Lock()
	a, known := w.answers.get(q, w.now())
	w.mu.Unlock()
	if !known {
		var err error
		if a, err = w.ask(ctx, room, r); err != nil {
			if ctx.Err() == nil { // else the encoder has gone
				w.log.Error("publish webhook gave no answer; the publisher is refused", "room", room, "remote", r.Remote, "err", err)
			}
			return fmt.Errorf("%w: the server that decides who may publish does not answer; try again", ingest.ErrRefused)
		}
		w.mu.Lock()
		w.answers.keep(q, a, w.now())
		w.mu.Unlock()
	}
	switch {
	case a.yes:
		return nil
	case a.reason == "":
		return fmt.Errorf("%w: you may not publish in this room now", ingest.ErrRefused)
	}
	return fmt.Errorf("%w: %s", ingest.ErrRefused, a.reason)
}

// ask sends the question. An error stands for no answer.
func (w *webhook) ask(ctx context.Context, room string, r ingest.Request) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, webhookTimeout)
	defer cancel()
	body, err := json.Marshal(webhookBody{
		Type: "publish", Room: room, Protocol: r.Protocol, Address: r.Remote.Addr().String(),
		Encoder: r.Encoder, Query: queryParams(r.Query),
	})
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return answer{}, hideURL(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "mediad/"+Version)
	id, at := "msg_"+rand.Text(), strconv.FormatInt(w.now().Unix(), 10)
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", at)
	req.Header.Set("webhook-signature", signature(w.secret, id, at, body))
	res, err := w.client.Do(req)
	if err != nil {
		return answer{}, hideURL(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, webhookAnswer))
	switch code := res.StatusCode; {
	case code/100 == 2:
		return answer{yes: true}, nil
	case code/100 != 4 || code == http.StatusRequestTimeout || code == http.StatusTooManyRequests:
		return answer{}, fmt.Errorf("answer %s", res.Status)
	case err != nil:
		return answer{}, fmt.Errorf("read answer: %w", hideURL(err))
	}
	var said struct {
		Reason string `json:"reason"`
	}
	_ = json.Unmarshal(text, &said) // a refusal needs no words
	return answer{reason: sentence(said.Reason)}, nil
}

// signature is that of Standard Webhooks 1.0, symmetric.
func signature(secret []byte, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s.%s.", id, timestamp)
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// queryParams reads the parameters behind a key; unreadable ones are left out.
func queryParams(query string) map[string][]string {
	if strings.Count(query, "&") >= webhookParams {
		return map[string][]string{}
	}
	params, _ := url.ParseQuery(query)
	return params
}

// hideURL takes the address out of an error: it may hold a secret.
func hideURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// sentence bounds another server's words for encoders, logs and pages.
func sentence(s string) string {
	const most = 200 // bytes
	s = overlay.Plain(strings.Join(strings.Fields(s), " "), most)
	return strings.ToValidUTF8(s[:min(most, len(s))], "")
}
