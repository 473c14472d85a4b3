package sim

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"mediad/packager/m3u8"
)

// play follows the picture of a room, as Low-Latency HLS has it: it asks for the list with
// the next part, which the server answers when there is one, and fetches the part. got
// hears of each part that has come: when its last picture was due by the list's dates, and
// how long a part may be.
func (c *client) play(ctx context.Context, room string, got func(due time.Time, target time.Duration)) error {
	address, err := c.media(ctx, room)
	if err != nil {
		return err
	}
	list, err := c.list(ctx, address, nil)
	if err != nil {
		return err
	}
	var last string
	for ctx.Err() == nil && !list.Ended {
		for _, p := range newest(list, last) {
			if err := c.fetch(ctx, address, p.uri); err != nil {
				return err
			}
			last = p.uri
			got(p.due, list.PartTarget)
		}
		list, err = c.list(ctx, address, url.Values{"_HLS_msn": {fmt.Sprint(list.Sequence + uint64(len(list.Segments)))}, "_HLS_part": {fmt.Sprint(len(list.Open.Parts))}})
		if err != nil {
			return err
		}
	}
	return nil
}

// piece is a part of a list.
type piece struct {
	uri string
	due time.Time // when its last picture was due
}

// newest gives the parts of a list behind that of the address last, the last one alone
// where that is not in the list.
func newest(list *m3u8.Media, last string) []piece {
	var all []piece
	fresh := 0 // from here on
	add := func(parts []m3u8.Part, at time.Time) {
		for _, p := range parts {
			at = at.Add(p.Duration)
			if p.Gap {
				continue
			}
			if all = append(all, piece{p.URI, at}); p.URI == last {
				fresh = len(all)
			}
		}
	}
	for _, s := range list.Segments {
		begin := s.Date.Add(s.Duration) // of the parts that are still listed: the last ones
		for _, p := range s.Parts {
			begin = begin.Add(-p.Duration)
		}
		add(s.Parts, begin)
	}
	add(list.Open.Parts, list.Open.Date)
	if fresh == 0 && len(all) > 0 {
		fresh = len(all) - 1
	}
	return all[fresh:]
}

// fetch gets a part, and looks at nothing but that it is there.
func (c *client) fetch(ctx context.Context, base, ref string) error {
	uri, err := resolved(base, ref)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, uri, nil)
	if err != nil {
		return err
	}
	if status, _, _, err := c.send(r); err != nil || status != http.StatusOK {
		return failure("a part", status, err)
	}
	return nil
}

// list reads a room's media playlist; ask has the parameters of a blocking request.
func (c *client) list(ctx context.Context, address string, ask url.Values) (*m3u8.Media, error) {
	if ask != nil {
		address += "?" + ask.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	status, text, _, err := c.send(r)
	if err != nil || status != http.StatusOK {
		return nil, failure("a playlist", status, err)
	}
	return m3u8.Parse(text)
}

// media finds the room's media playlist.
func (c *client) media(ctx context.Context, room string) (string, error) {
	var at struct{ Playback string }
	if err := c.ask(ctx, http.MethodGet, "/api/v1/rooms/"+room, nil, &at); err != nil {
		return "", err
	}
	address, err := resolved(c.server+"/", at.Playback)
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	status, text, _, err := c.send(r)
	if err != nil || status != http.StatusOK {
		return "", failure("the playlist", status, err)
	}
	all, err := m3u8.ParseMultivariant(text)
	if err != nil {
		return "", err
	}
	if len(all.Variants) == 0 {
		return "", fmt.Errorf("the playlist of %s has no variant", room)
	}
	return resolved(address, all.Variants[0].URI)
}

func resolved(base, ref string) (string, error) {
	b, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	u, err := b.Parse(ref)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}
