package config

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Base is the path that the world has in front of every path of this server:
// "/shop" where http.public_url is https://HOST/shop, "" where it has no path.
func (c HTTP) Base() string {
	u, err := url.Parse(c.PublicURL)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.Path, "/")
}

// baseSyntax is what that path may be made of: it stands in pages, playlists and
// JSON, and is never escaped.
var baseSyntax = regexp.MustCompile(`^(/[A-Za-z0-9._-]+)+$`)

// ownPaths are the first folders of what is served: in front of them they could
// not be told apart.
var ownPaths = []string{"api", "assets", "c", "embed", "embed.js", "go", "healthz", "live", "metrics", "readyz", "vod", "watch"}

// checkBase refuses a path that could not stand in addresses as it is, or that
// cannot be told from one of ours.
func (c HTTP) checkBase() error {
	base := c.Base()
	if base == "" {
		return nil
	}
	if !baseSyntax.MatchString(base) || strings.Contains(base, "/.") {
		return fmt.Errorf("http.public_url is %q; its path may have letters, digits and . _ - only, as in https://example.com/shop", c.PublicURL)
	}
	for folder := range strings.SplitSeq(base[1:], "/") {
		if slices.Contains(ownPaths, folder) {
			return fmt.Errorf("http.public_url is %q; no folder of its path may be called %q, as one of this server's own is", c.PublicURL, folder)
		}
	}
	return nil
}
