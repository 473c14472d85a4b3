package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// oEmbed is the answer of /oembed, for editors and chat programs that make a player of a pasted address
// (https://oembed.com, 2.3). Its thumbnail is the picture of the page's card, where that has the size of cards: the
// specification wants to know it.
type oEmbed struct {
	Version  string `json:"version"`
	Type     string `json:"type"`
	Provider string `json:"provider_name"`
	Home     string `json:"provider_url"`
	Title    string `json:"title"`
	Author   string `json:"author_name"`
	Page     string `json:"author_url"`
	CacheAge int    `json:"cache_age"`
	HTML     string `json:"html"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Thumb    string `json:"thumbnail_url,omitempty"`
	ThumbW   int    `json:"thumbnail_width,omitempty"`
	ThumbH   int    `json:"thumbnail_height,omitempty"`
}

// maxAddress bounds the address that /oembed is asked about, in bytes.
const maxAddress = 2048

// The player is as large as this where nobody wishes otherwise, and never larger than the second size.
var usual, largest = box{640, 360}, box{1280, 720}

// box is a size in pixels.
type box struct{ width, height int }

// oembed answers GET /oembed?url=ADDRESS: how to show the player of that page on another one.
func (h *handler) oembed(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if format := q.Get("format"); format != "" && format != "json" {
		problem(w, http.StatusNotImplemented, forMinutes, "format: only json is answered")
		return
	}
	size, err := fit(q.Get("maxwidth"), q.Get("maxheight"))
	if err != nil {
		problem(w, http.StatusBadRequest, forMinutes, err.Error())
		return
	}
	slug, query, err := roomIn(h.origin(r), q.Get("url"))
	if err != nil {
		problem(w, cmp.Or(statusOf(err), http.StatusBadRequest), forMinutes, err.Error())
		return
	}
	show := wished(query)
	room, err := h.room(r.Context(), slug, show)
	switch {
	case errors.Is(err, context.Canceled): // whoever asked has gone
	case err != nil:
		h.log.Error("look up room for oembed", "room", slug, "err", err)
		problem(w, http.StatusServiceUnavailable, notKept, "the room cannot be looked up now; ask again in a moment")
	case !room.Exists:
		problem(w, http.StatusNotFound, forSeconds, "url: there is no such room")
	case show != "" && room.Show == nil:
		problem(w, http.StatusNotFound, forSeconds, "url: the room has no such show")
	default:
		v := h.pageOf(r, slug, show, query, room)
		shared := v.Shared()
		if v.Start > 0 {
			v.Framed += "&t=" + strconv.Itoa(v.Start)
		}
		open(w.Header(), "application/json", forMinutes)
		answer := oEmbed{
			Version: "1.0", Type: "video", Provider: "mediad", Home: v.Origin, Title: shared.Title, Author: v.Name, Page: shared.Address, CacheAge: 300,
			HTML: frame(v, size), Width: size.width, Height: size.height,
		}
		if shared.Sized {
			answer.Thumb, answer.ThumbW, answer.ThumbH = shared.Image, cardWidth, cardHeight
		}
		_ = json.NewEncoder(w).Encode(answer) // the reader may have left
	}
}

// elsewhere is an address that this server does not answer for.
type elsewhere struct{ why string }

func (e elsewhere) Error() string { return e.why }

// statusOf gives the status of an error of roomIn; 0: the request is wrong. The specification has 404 for an address
// that the provider does not know (2.3.4).
func statusOf(err error) int {
	if errors.As(err, new(elsewhere)) {
		return http.StatusNotFound
	}
	return 0
}

// roomIn reads the address of a page of ours: its room, and what it asks for of that.
func roomIn(origin, address string) (slug string, query url.Values, err error) {
	switch {
	case address == "":
		return "", nil, errors.New("url: is missing; give the address of a page such as " + origin + "/watch/ROOM")
	case len(address) > maxAddress:
		return "", nil, fmt.Errorf("url: has %d bytes, at most %d are allowed", len(address), maxAddress)
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", nil, errors.New("url: is not a web address such as " + origin + "/watch/ROOM")
	}
	own, err := url.Parse(origin)
	if err != nil || hostOf(u) != hostOf(own) {
		return "", nil, elsewhere{"url: is of another site; this server answers for " + origin + " alone"}
	}
	path, below := strings.CutPrefix(u.EscapedPath(), own.Path)
	for _, page := range []string{"/watch/", "/embed/"} {
		name, ok := strings.CutPrefix(path, page)
		if !ok || !below || name == "" || strings.Contains(name, "/") {
			continue
		}
		if slug, err = url.PathUnescape(name); err == nil {
			return slug, u.Query(), nil
		}
	}
	return "", nil, elsewhere{"url: is not the page of a room; that is " + origin + "/watch/ROOM or " + origin + "/embed/ROOM"}
}

// hostOf gives an address's host and port, without a port that is usual for its scheme.
func hostOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	return strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[u.Scheme])
}

// fit gives the size of the player: the largest of its shape within what the page has room for.
func fit(maxWidth, maxHeight string) (box, error) {
	size := usual
	width, err := pixels("maxwidth", maxWidth)
	if err != nil {
		return size, err
	}
	height, err := pixels("maxheight", maxHeight)
	if err != nil || width == 0 && height == 0 {
		return size, err
	}
	if size = largest; width > 0 && width < size.width {
		size = box{width, width * usual.height / usual.width}
	}
	if height > 0 && height < size.height {
		size = box{height * usual.width / usual.height, height}
	}
	return box{max(1, size.width), max(1, size.height)}, nil
}

func pixels(name, text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%s: must be a number of pixels, at least 1", name)
	}
	return int(n), nil
}

// frame gives the HTML that shows a room's player in a frame.
func frame(v view, size box) string {
	return fmt.Sprintf(`<iframe src="%s" title="%s" width="%d" height="%d" style="border:0;max-width:100%%" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen loading="lazy"></iframe>`,
		html.EscapeString(v.Framed), html.EscapeString(v.heading()), size.width, size.height)
}
