package api

import (
	"context"
	"net"
	"net/url"

	"mediad/overlay"
)

// application is that of RTMP, in which encoders publish.
const application = "/live"

// Publishing is where encoders push to, as the configuration says it.
type Publishing struct {
	URL        string // as it is told to hosts; "": it is made of the rest
	Port       string // of RTMP
	SecurePort string // of RTMPS; "": there is none
}

// publishAt is the server that a host copies into the encoder.
type publishAt struct {
	Server string `json:"server" doc:"The server of OBS and other encoders; the stream key comes beside it" example:"rtmp://live.example.com:1935/live"`
	Secure string `json:"secure,omitempty" doc:"The same by TLS, where there is a port for it" example:"rtmps://live.example.com:1936/live"`
}

// roomPages are the pages of a room, as the world has them.
type roomPages struct {
	Watch  string `json:"watch" doc:"The page for viewers"`
	Embed  string `json:"embed" doc:"The player alone, for frames"`
	Script string `json:"script" doc:"The script that defines the element mediad-player"`
	Dock   string `json:"dock" doc:"The page of who drives the show"`
	Code   string `json:"code" doc:"A QR code with the address of the page for viewers"`
}

// at tells where encoders push that find the server at origin.
func (p Publishing) at(origin *url.URL) *publishAt {
	if p.URL != "" {
		return &publishAt{Server: p.URL}
	}
	if p.Port == "" {
		return nil
	}
	out := &publishAt{Server: "rtmp://" + net.JoinHostPort(origin.Hostname(), p.Port) + application}
	if p.SecurePort != "" {
		out.Secure = "rtmps://" + net.JoinHostPort(origin.Hostname(), p.SecurePort) + application
	}
	return out
}

// origin is the server's address: from the configuration, or else from the request.
func (a *API) origin(ctx context.Context) *url.URL {
	if u, err := url.Parse(a.o.PublicURL); err == nil && u.Host != "" {
		return u
	}
	from := comingFrom(ctx)
	u := &url.URL{Scheme: "http", Host: from.host, Path: a.o.Base}
	if from.secure {
		u.Scheme = "https"
	}
	return u
}

// place tells where a room is: for encoders, for viewers and for who runs it.
func (a *API) place(ctx context.Context, b *roomBody) {
	origin := a.origin(ctx)
	b.Publish = a.o.Publishing.at(origin)
	home, slug := origin.String(), url.PathEscape(b.Slug)
	b.Pages = roomPages{Watch: home + "/watch/" + slug, Embed: home + "/embed/" + slug, Script: home + "/embed.js", Dock: home + "/dock/" + slug, Code: home + "/qr/" + slug + ".svg"}
	if b.Live && a.o.Posters != nil {
		token, _ := a.playbackToken(b.Slug, b.Show != nil && b.Show.Rehearsal && b.Show.State != overlay.ShowPlanned)
		b.Poster = a.o.Addresses.Poster(b.Slug, token)
	}
	b.Fixed, b.KeyFixed = a.o.RoomFixed != nil && a.o.RoomFixed(b.Slug), a.o.KeyFixed != nil && a.o.KeyFixed(b.Slug)
}

// Posters knows the pictures of recordings.
type Posters interface {
	// PosterOf gives the path of the picture of a broadcast that has ended; "": none is
	// made.
	PosterOf(room string, b overlay.Broadcast) string
}
