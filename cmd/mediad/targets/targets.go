// Package targets reads from the configuration to which servers rooms are sent on, with their
// stream keys, and gives them to the restreaming.
package targets

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"mediad/cmd/mediad/config"
	"mediad/ingest/rtmp/restream"
)

// Open makes the restreaming of a configuration. It starts nothing.
func Open(c config.Config, log *slog.Logger) (*restream.Hub, error) {
	list, err := read(c)
	if err != nil {
		return nil, err
	}
	h := restream.New(restream.Options{Log: log, MaxBitrate: int64(c.RTMP.MaxBitrateKbps) * 1000})
	h.Set(list)
	return h, nil
}

// Reload reads the targets again, and the files of keys. Where that fails, all stays as it is.
func Reload(h *restream.Hub, c config.Config, log *slog.Logger) {
	list, err := read(c)
	if err != nil {
		log.Error("the targets of restreaming cannot be used; the old ones stay in use", "err", err)
		return
	}
	h.Set(list)
}

func read(c config.Config) (map[string][]restream.Target, error) {
	out := make(map[string][]restream.Target)
	for i, r := range c.Rooms {
		for j, p := range r.Push {
			key, err := keyOf(p)
			if err != nil {
				return nil, fmt.Errorf("rooms[%d].push[%d].%w", i, j, err)
			}
			out[r.Slug] = append(out[r.Slug], restream.Target{Name: p.Name, URL: strings.TrimRight(p.URL, "/"), Key: key, Enabled: p.Enabled, Delay: p.Delay})
		}
	}
	return out, nil
}

// maxKey bounds a stream key: platforms sign them with parameters of a few hundred bytes.
const maxKey = 4 << 10

// keyOf reads the stream key of a target. No error shows it.
func keyOf(p config.Push) (string, error) {
	from, text := "key_env", os.Getenv(p.KeyEnv)
	if p.KeyFile != "" {
		from = "key_file"
		f, err := os.Open(p.KeyFile)
		if err != nil {
			return "", fmt.Errorf("%s: %w", from, err)
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, maxKey+1))
		if err != nil {
			return "", fmt.Errorf("%s: %w", from, err)
		}
		text = string(b)
	}
	text = strings.TrimSpace(text)
	switch {
	case text == "" && p.KeyEnv != "":
		return "", fmt.Errorf("%s: the variable %s has no stream key", from, p.KeyEnv)
	case text == "":
		return "", fmt.Errorf("%s: the file has no stream key", from)
	case len(text) > maxKey || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return "", fmt.Errorf("%s: that is no stream key: it is too long, or has spaces or several lines", from)
	}
	return text, nil
}
