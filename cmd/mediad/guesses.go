package main

import (
	"log/slog"
	"time"

	"mediad/ingest/bans"
)

// guesses keeps addresses out that try one wrong token after the other, of the API
// or of the metrics.
type guesses struct {
	*bans.Bans
	log *slog.Logger
}

// Left is for how long nothing is heard from a remote HOST:PORT.
func (g guesses) Left(remote string) time.Duration {
	from, ok := bans.NetworkOf(remote)
	if !ok {
		return 0
	}
	return g.Bans.Left(from, time.Now())
}

// Wrong notes a wrong token.
func (g guesses) Wrong(remote, token string) {
	from, ok := bans.NetworkOf(remote)
	if ok && g.WrongSecret(from, token, time.Now()) {
		g.log.Warn("network banned from the API and the metrics: too many wrong tokens", "network", from.String(), "for", g.For())
	}
}
