package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/packager"
	"mediad/packager/layout"
	"mediad/packager/playtoken"
)

// gate opens media to those who may watch. A nil one protects
// nothing.
type gate struct {
	ring     *playtoken.Ring
	lifetime time.Duration
}

// openGate reads the keys of the configuration, or that of data_dir, which it
// makes if need be.
func openGate(c config.Config) (*gate, error) {
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
	return &gate{playtoken.NewRing(keys...), c.Playback.Lifetime}, nil
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

// mint gives what signs for the API; nil if nothing is to be signed.
func (g *gate) mint() func(room string) (token string, until time.Time) {
	if g == nil {
		return nil
	}
	return func(room string) (string, time.Time) {
		until := playtoken.End(time.Now(), g.lifetime)
		return g.ring.Sign(room, until), until
	}
}

func (g *gate) guard(media http.Handler) http.Handler {
	if g == nil {
		return media
	}
	return packager.ForEverybody(&playtoken.Guard{Ring: g.ring, Base: layout.LivePath, Next: media})
}

// guardReplay is guard for replays: a token for a room opens its shows.
func (g *gate) guardReplay(s *store.Store, replays http.Handler) http.Handler {
	if g == nil {
		return replays
	}
	return &playtoken.Guard{Ring: g.ring, Base: layout.ReplayPath, Next: replays, Room: func(r *http.Request, below string) string {
		id, _, _ := strings.Cut(below, "/")
		show, err := s.GetShow(r.Context(), id)
		if err != nil {
			return ""
		}
		return show.Room
	}}
}

// playback tells our own pages where to watch. It says so to everybody who may
// see the page, but no page of another site can read it.
func (s *server) playback(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "max-age=1")
	room, err := s.store.RoomBySlug(r.Context(), r.PathValue("room"))
	if err != nil {
		status := http.StatusServiceUnavailable
		if overlay.CodeOf(err) == overlay.NotFound {
			status = http.StatusNotFound
		}
		http.Error(w, http.StatusText(status), status)
		return
	}
	var answer struct {
		URL     string    `json:"url"`
		Expires time.Time `json:"expires,omitzero"`
	}
	token := ""
	if mint := s.gate.mint(); mint != nil {
		token, answer.Expires = mint(room.Slug)
		h.Set("Cache-Control", "max-age=60")
	}
	answer.URL = layout.Site(s.config.HTTP.Base()).Live(room.Slug, token)
	h.Set("Content-Type", "application/json")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	_ = json.NewEncoder(w).Encode(answer) // the page may have gone
}
