// Package playback protects media: whoever has a playback token may watch.
//
// In flow keys, of the configuration or of data_dir, and requests for media; out
// flow signed addresses, and the requests that have one.
package playback

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/overlay"
	"mediad/packager"
	"mediad/packager/layout"
	"mediad/packager/playtoken"
)

// Protection opens media to those who have a playback token. A nil one protects
// nothing.
type Protection struct {
	ring     *playtoken.Ring
	lifetime time.Duration
}

// New signs with the first key of a ring, for so long.
func New(ring *playtoken.Ring, lifetime time.Duration) *Protection {
	return &Protection{ring, lifetime}
}

// Shows knows whose a show is.
type Shows interface {
	GetShow(ctx context.Context, id string) (overlay.Show, error)
}

// Open reads the keys of the configuration, or that of data_dir, which it
// makes if need be.
func Open(c config.Config) (*Protection, error) {
	if !c.Playback.Protect {
		return nil, nil
	}
	keys := c.Playback.Keys
	if len(keys) == 0 {
		key, err := playbackKey(c.DataPath("playback.key"))
		if err != nil {
			return nil, fmt.Errorf("open playback key: %w", err)
		}
		keys = []string{key}
	}
	return New(playtoken.NewRing(keys...), c.Playback.Lifetime), nil
}

// playbackKey reads a key, or makes one that only its owner can read. Nothing is
// lost with it but the addresses that it signed.
func playbackKey(file string) (string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		text = []byte(rand.Text() + rand.Text() + "\n")
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		return "", err
	}
	key := strings.TrimSpace(string(text))
	if len(key) < playtoken.MinKey {
		return "", fmt.Errorf("%s is damaged: delete it, a new one is made", file)
	}
	return key, nil
}

// Mint gives what signs for the API; nil if nothing is to be signed.
func (p *Protection) Mint() func(room string) (token string, until time.Time) {
	if p == nil {
		return nil
	}
	return func(room string) (string, time.Time) {
		until := playtoken.End(time.Now(), p.lifetime)
		return p.ring.Sign(room, until), until
	}
}

// Guard lets requests for live media through that have a token.
func (p *Protection) Guard(media http.Handler) http.Handler {
	if p == nil {
		return media
	}
	return packager.ForEverybody(&playtoken.Guard{Ring: p.ring, Base: layout.LivePath, Next: media})
}

// guardReplay is guard for replays: a token for a room opens its shows.
func (p *Protection) GuardReplays(s Shows, replays http.Handler) http.Handler {
	if p == nil {
		return replays
	}
	return &playtoken.Guard{Ring: p.ring, Base: layout.ReplayPath, Next: replays, Room: func(r *http.Request, below string) string {
		id, _, _ := strings.Cut(below, "/")
		show, err := s.GetShow(r.Context(), id)
		if err != nil {
			return ""
		}
		return show.Room
	}}
}
