package config

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Base is the public prefix of every path of this server: "/shop" where
// http.public_url is https://HOST/shop, "" where it has no path.
func (c HTTP) Base() string {
	u, err := url.Parse(c.PublicURL)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.Path, "/")
}

// baseSyntax is the syntax of that prefix: it is written into pages, playlists
// and JSON without escaping.
var baseSyntax = regexp.MustCompile(`^(/[A-Za-z0-9._-]+)+$`)

// ownPaths are the first folders of the paths that the server has itself. A
// prefix that begins with one could not be told from them.
var ownPaths = []string{"api", "assets", "c", "embed", "embed.js", "go", "healthz", "live", "metrics", "readyz", "vod", "watch"}

// checkBase refuses a prefix that would need escaping in addresses, or that
// cannot be told from one of our own paths.
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
