package storage

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// chain is the SDK's default chain of credentials. The SDK reads it only once, so it
// would never find the keys of a file that is rewritten or comes later. chain reads it
// again when a server has refused the credentials.
//
// It marks its errors with errNoCredentials, so that they differ from errors of a
// server.
type chain struct {
	load  func(context.Context) (aws.Config, error)
	pause time.Duration // the shortest time between two readings

	mu sync.Mutex
	// Guarded by mu.
	provider aws.CredentialsProvider
	loaded   time.Time // when the chain was read last
	doubted  bool      // a server has refused the provider's credentials
	last     aws.Credentials
}

// reloadPause bounds how often files are read: a server may refuse every request.
const reloadPause = 10 * time.Second

// Retrieve implements aws.CredentialsProvider.
func (c *chain) Retrieve(ctx context.Context) (aws.Credentials, error) {
	creds, err := c.current(ctx).Retrieve(ctx)
	if err != nil && ctx.Err() == nil {
		err = errors.Join(errNoCredentials, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = creds
	return creds, err
}

// conceal removes the credentials that Retrieve gave from a text of the server.
func (c *chain) conceal(text string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, secret := range []string{c.last.AccessKeyID, c.last.SecretAccessKey, c.last.SessionToken} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	return text
}

// current gives the provider. Where the chain cannot be read now, that is the former
// one.
func (c *chain) current(ctx context.Context) aws.CredentialsProvider {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); c.doubted && now.Sub(c.loaded) >= c.pause {
		c.loaded = now
		if cfg, err := c.load(ctx); err == nil {
			c.provider, c.doubted = cfg.Credentials, false
		}
	}
	return c.provider
}

// doubt notes that a server has refused the credentials, or that Retrieve found none.
func (c *chain) doubt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doubted = true
}
