package doctor

import (
	"net/url"
	"regexp"

	"mediad/packager/layout"
)

// pageOf reads the path of a page of this product: what lies before it, and its room.
var pageOf = regexp.MustCompile(`^(.*)/(?:watch|embed|c/room)/([^/]+?)(?:\.json|/)?$`)

// playlistOf gives the address of the playlist that a page of this product plays. People have the page's address at
// hand: that of the watch page, of its frame, or of what both ask of their room. It gives nil for other addresses.
func playlistOf(page *url.URL) *url.URL {
	m := pageOf.FindStringSubmatch(page.Path)
	if m == nil {
		return nil
	}
	site := layout.Site(m[1])
	list := &url.URL{Scheme: page.Scheme, Host: page.Host, Path: site.Live(m[2], "")}
	if show := page.Query().Get("show"); show != "" {
		list.Path = site.Replay(show, "")
	}
	return list
}
