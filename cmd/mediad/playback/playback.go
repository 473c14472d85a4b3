// Package playback protects media: viewers need a playback token to watch.
//
// Input: keys, from the configuration or from data_dir, and requests for media.
// Output: signed addresses, and the requests that have one.
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

// Protection lets only requests with a playback token reach media. Where viewers need
// none, it protects rehearsals alone. A nil Protection protects nothing.
type Protection struct {
	ring     *playtoken.Ring
	lifetime time.Duration
	public   bool // viewers need no token
}

// New makes a Protection that signs with the first key of a ring. Signed
// addresses are valid for lifetime.
func New(ring *playtoken.Ring, lifetime time.Duration) *Protection {
	return &Protection{ring: ring, lifetime: lifetime}
}

// Public tells whether viewers need no token.
func (p *Protection) Public() bool { return p == nil || p.public }

// Shows knows to which room a show belongs.
type Shows interface {
	GetShow(ctx context.Context, id string) (overlay.Show, error)
}

// Open reads the keys of the configuration, or else the key in data_dir,
// which it makes if it is missing.
func Open(c config.Config) (*Protection, error) {
	keys := c.Playback.Keys
	if len(keys) == 0 {
		key, err := playbackKey(c.DataPath("playback.key"))
		if err != nil {
			return nil, fmt.Errorf("open playback key: %w", err)
		}
		keys = []string{key}
	}
	return &Protection{playtoken.NewRing(keys...), c.Playback.Lifetime, !c.Playback.Protect}, nil
}

// playbackKey reads a key, or makes one that only its owner can read. If the key
// is lost, only the addresses that it signed are lost.
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

// Mint gives the function that makes playback tokens for the API; nil:
// nothing is signed.
func (p *Protection) Mint() func(room string) (token string, until time.Time) {
	if p.Public() {
		return nil
	}
	return func(room string) (string, time.Time) {
		until := playtoken.End(time.Now(), p.lifetime)
		return p.ring.Sign(room, until), until
	}
}

// Guard passes requests for live media on if they have a valid token.
func (p *Protection) Guard(media http.Handler) http.Handler {
	if p.Public() {
		return media
	}
	return packager.ForEverybody(&playtoken.Guard{Ring: p.ring, Base: layout.LivePath, Next: media})
}
