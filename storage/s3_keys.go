package storage

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// chain is the SDK's default chain of credentials, which it looks through only
// once: keys of a file that is rewritten, or that comes later, would never be
// found. So it is looked through anew when a server has refused what it gave.
//
// It marks a failure to find any, so that this can be told apart from a failing
// server wherever it comes up.
type chain struct {
	load  func(context.Context) (aws.Config, error)
	pause time.Duration // at least, between two looks

	mu sync.Mutex
	// Guarded by mu.
	provider aws.CredentialsProvider
	loaded   time.Time // when it was looked through last
	doubted  bool      // a server has refused what provider gives
	last     aws.Credentials
}

// reloadPause keeps a server that refuses everything from making every request
// read files.
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

// conceal takes what Retrieve gave out of a text of somebody else.
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

// current gives the provider. Files that cannot be read now leave the former.
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

// doubt hears that a server has refused what Retrieve gave, or that it gave
// nothing.
func (c *chain) doubt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doubted = true
}
