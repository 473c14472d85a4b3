// Package inspect shows as text what is in an MPEG-TS file or an HLS playlist, from
// a file or an address: tables, streams, the timing of parts, cues.
//
// Input: bytes from anywhere, within bounds. Output: lines of text.
// packager/check decides whether the media is legal.
package inspect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"mediad/packager/check"
	"mediad/packager/m3u8"
)

// Bounds of what is read.
const (
	maxMedia     = 256 << 20 // bytes of one part, segment or file
	maxPlaylist  = 4 << 20
	maxFetches   = 400
	fetchTimeout = 20 * time.Second // for one fetch
)

// Write writes what is in an MPEG-TS file, or at an address of one or of an
// HLS playlist, as text.
func Write(ctx context.Context, w io.Writer, target string) error {
	if !strings.HasPrefix(target, "http://") && !strings.HasPrefix(target, "https://") {
		f, err := os.Open(target)
		if err != nil {
			return fmt.Errorf("inspect: %w", err)
		}
		defer f.Close()
		data, err := atMost(f, maxMedia)
		if err != nil {
			return fmt.Errorf("inspect %s: %w", target, err)
		}
		if isPlaylist(data) {
			return fmt.Errorf("inspect %s: a playlist is inspected at its address, where its segments are", target)
		}
		return transportStream(w, target, data)
	}
	got, err := fetch(ctx, target, maxMedia)
	if err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	if !isPlaylist(got.body) {
		return transportStream(w, target, got.body)
	}
	if list, err := m3u8.ParseMultivariant(got.body); err == nil {
		fmt.Fprintf(w, "multivariant playlist %s\n", got.url)
		for _, v := range list.Variants {
			fmt.Fprintf(w, "  %s  %d bit/s  %s  %dx%d  %.3f fps\n", v.URI, v.Bandwidth, v.Codecs, v.Width, v.Height, v.FrameRate)
		}
		next, err := got.url.Parse(list.Variants[0].URI)
		if err != nil {
			return fmt.Errorf("inspect: variant: %w", err)
		}
		if got, err = fetch(ctx, next.String(), maxPlaylist); err != nil {
			return fmt.Errorf("inspect: %w", err)
		}
		fmt.Fprintln(w)
	}
	return mediaPlaylist(ctx, w, got)
}

func transportStream(w io.Writer, name string, data []byte) error {
	if err := check.Inspect(w, data); err != nil {
		return fmt.Errorf("inspect %s: %w", name, err)
	}
	return nil
}

func isPlaylist(data []byte) bool { return bytes.HasPrefix(data, []byte("#EXTM3U")) }

// fetched is one answer.
type fetched struct {
	url  *url.URL // after redirects
	body []byte
	took time.Duration // until the last byte
}

// errGone: a server does not have something any more, or not yet.
var errGone = errors.New("is not there")

func fetch(ctx context.Context, address string, most int64) (fetched, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fetched{}, err
	}
	if s := req.URL.Scheme; s != "http" && s != "https" {
		return fetched{}, fmt.Errorf("%q is neither an http nor an https address", address)
	}
	began := time.Now()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fetched{}, err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return fetched{}, fmt.Errorf("%s %w (%s)", address, errGone, res.Status)
	case res.StatusCode != http.StatusOK:
		return fetched{}, fmt.Errorf("%s answers %s", address, res.Status)
	}
	body, err := atMost(res.Body, most)
	if err != nil {
		return fetched{}, fmt.Errorf("%s: %w", address, err)
	}
	return fetched{url: res.Request.URL, body: body, took: time.Since(began)}, nil
}

// atMost reads all of r, unless it has more than most bytes.
func atMost(r io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("larger than %d bytes", most)
	}
	return data, err
}
