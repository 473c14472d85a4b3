package web

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"

	"github.com/skip2/go-qrcode"
)

// qr answers GET /qr/ROOM.svg: a QR code with the address of the room's page, or of a show's with ?show=ID.
func (h *handler) qr(w http.ResponseWriter, r *http.Request) {
	slug, ok := strings.CutSuffix(r.PathValue("file"), ".svg")
	if !ok {
		problem(w, http.StatusNotFound, forMinutes, "there is nothing at this address; a room's QR code is /qr/ROOM.svg")
		return
	}
	show := wished(r.URL.Query())
	room, err := h.room(r.Context(), slug, show)
	switch {
	case errors.Is(err, context.Canceled): // whoever asked has gone
		return
	case err != nil:
		h.log.Error("look up room for its QR code", "room", slug, "err", err)
		problem(w, http.StatusServiceUnavailable, notKept, "the room cannot be looked up now; ask again in a moment")
		return
	case !room.Exists:
		problem(w, http.StatusNotFound, forSeconds, "there is no such room")
		return
	case show != "" && room.Show == nil:
		problem(w, http.StatusNotFound, forSeconds, "the room has no such show")
		return
	}
	address := h.pageOf(r, slug, show, nil, room).Address
	code, err := qrcode.New(address, qrcode.Medium)
	if err != nil {
		h.log.Error("make a QR code", "room", slug, "err", err)
		problem(w, http.StatusInternalServerError, notKept, "the address of the room is too long for a QR code")
		return
	}
	open(w.Header(), "image/svg+xml", forMinutes)
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	_, _ = io.WriteString(w, svgOf(code.Bitmap(), address)) // the reader may have left
}

// svgOf draws a QR code, dark squares on a light ground whatever the page's colours: cameras read no other. Squares that
// touch in a row are one shape, so that no gap is seen between them. The bitmap has the light margin that readers need.
func svgOf(bitmap [][]bool, title string) string {
	var path strings.Builder
	for y, row := range bitmap {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1H%dz", from, y, x-from, from)
			}
		}
	}
	n := len(bitmap)
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" shape-rendering="crispEdges"><title>%s</title><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`,
		n, n, n*8, n*8, html.EscapeString(title), n, n, path.String()) + "\n"
}
