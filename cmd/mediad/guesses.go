package main

import (
	"log/slog"
	"time"

	"mediad/ingest/bans"
)

// guesses refuses addresses that try one wrong token of the API or of the metrics
// after the other.
type guesses struct {
	*bans.Bans
	log *slog.Logger
}

// Left tells for how long a remote HOST:PORT is still refused.
func (g guesses) Left(remote string) time.Duration {
	from, ok := bans.NetworkOf(remote)
	if !ok {
		return 0
	}
	return g.Bans.Left(from, time.Now())
}

// Wrong records a wrong token.
func (g guesses) Wrong(remote, token string) {
	from, ok := bans.NetworkOf(remote)
	if ok && g.WrongSecret(from, token, time.Now()) {
		g.log.Warn("network banned from the API and the metrics: too many wrong tokens", "network", from.String(), "for", g.For())
	}
}
