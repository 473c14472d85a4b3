package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"mediad/overlay"
)

// checkSecret checks a stream key, a token or a signing key. No error shows the
// secret.
func checkSecret(key, secret string) error {
	if len(secret) < overlay.MinSecret {
		return fmt.Errorf("%s has %d characters; it must have at least %d, which nobody guesses: openssl rand -hex 16 makes one", key, len(secret), overlay.MinSecret)
	}
	if why := overlay.UnfitSecret(secret); why != "" {
		return fmt.Errorf("%s %s", key, why)
	}
	return nil
}

func (c Config) checkRooms() error {
	slugs, keys := make(map[string]bool), make(map[string]string)
	for i, r := range c.Rooms {
		switch {
		case overlay.CheckSlug(r.Slug) != nil:
			return fmt.Errorf("rooms[%d].slug is %q; it must be 1 to 64 of a-z, 0-9 and -, with no - at its ends", i, r.Slug)
		case slugs[r.Slug]:
			return fmt.Errorf("rooms[%d].slug: there are two rooms called %q", i, r.Slug)
		case r.Latency != "" && overlay.CheckLatency(overlay.Latency(r.Latency)) != nil:
			return fmt.Errorf("rooms[%d].latency is %q; it must be low, balanced or mass", i, r.Latency)
		case overlay.CheckRoomTitle(r.Title) != nil:
			return fmt.Errorf("rooms[%d].%w", i, overlay.CheckRoomTitle(r.Title))
		case r.StreamKey != "" && keys[r.StreamKey] != "":
			return fmt.Errorf("rooms %q and %q have the same stream_key", keys[r.StreamKey], r.Slug)
		}
		if r.StreamKey != "" {
			if err := checkSecret(fmt.Sprintf("rooms[%d].stream_key", i), r.StreamKey); err != nil {
				return err
			}
		}
		if err := r.checkPush(fmt.Sprintf("rooms[%d].push", i)); err != nil {
			return err
		}
		slugs[r.Slug] = true
		keys[r.StreamKey] = r.Slug
	}
	return nil
}

func (p Playback) check() error {
	for i, k := range p.Keys {
		if err := checkSecret(fmt.Sprintf("playback.keys[%d]", i), k); err != nil {
			return err
		}
	}
	return between(duration{"playback.lifetime", p.Lifetime, 10 * time.Minute, 30 * 24 * time.Hour})
}

func (c Config) checkAuth() error {
	if t := c.Auth.AdminToken; t != "" {
		if err := checkSecret("auth.admin_token", t); err != nil {
			return err
		}
	}
	n := amount{"auth.ban.wrong_tokens", c.Auth.Ban.WrongTokens, 0, 1_000_000}
	if err := n.check(); err != nil {
		return err
	}
	if err := between(
		duration{"auth.ban.within", c.Auth.Ban.Within, time.Second, 24 * time.Hour},
		duration{"auth.ban.for", c.Auth.Ban.For, time.Second, 30 * 24 * time.Hour},
	); err != nil {
		return err
	}
	w := c.Auth.PublishWebhook
	if err := pair("auth.publish_webhook.url", w.URL, "auth.publish_webhook.secret", w.Secret); err != nil || w.URL == "" {
		return err
	}
	u, err := url.Parse(w.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("auth.publish_webhook.url must look like https://example.com/publish") // it may hold a secret
	}
	if _, err := w.SigningKey(); err != nil {
		return fmt.Errorf("auth.publish_webhook.secret: %w", err)
	}
	return nil
}

// check makes sure that not everybody can read the metrics, which name rooms and
// publishers.
func (m Metrics) check() error {
	if m.Token != "" {
		return checkSecret("metrics.token", m.Token)
	}
	if m.Listen == "" {
		return nil
	}
	host, _, _ := net.SplitHostPort(m.Listen) // checkPorts has checked it
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("metrics.listen is %q, which is open to other machines, and metrics.token is empty; set a token, or listen on 127.0.0.1", m.Listen)
}

// SigningKey gives the key that signs requests: 24 to 64 bytes, which Secret has in the
// form of Standard Webhooks.
func (w Webhook) SigningKey() ([]byte, error) {
	encoded, ok := strings.CutPrefix(w.Secret, "whsec_")
	secret, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(secret) < 24 || len(secret) > 64 {
		return nil, errors.New("must be whsec_ and 24 to 64 random bytes in base64, as from: echo whsec_$(openssl rand -base64 32)")
	}
	return secret, nil
}
