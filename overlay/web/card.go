package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// card is what chat programs and search engines show of a link.
type card struct {
	Title, About string
	Address      string // of what the link leads to
	Image        string // address of a picture; may be empty
	Sized        bool   // the picture is as large as cards are
}

// The size of the pictures that are made for cards, in pixels.
const cardWidth, cardHeight = 1200, 630

// Shared is the card of a page: of the room, of a show, or of a moment of it, with what was shown then and its price of
// today.
func (v view) Shared() card {
	c, wide := card{Title: v.heading(), About: v.About, Address: v.Address, Image: v.Image}, v.RoomInfo.Card
	if v.Show != "" {
		wide = ""
		if s := v.RoomInfo.Show; s != nil {
			wide = s.Card
			if v.Start > 0 {
				wide = v.moment(&c)
			}
		}
	} else if len(v.Planned) > 0 && v.Since.IsZero() {
		if image := picture(v.Origin, v.Planned[0].Image); image != "" { // what comes says more than what was
			c.Image, wide = image, ""
		}
	}
	if image := picture(v.Origin, wide); image != "" {
		c.Image, c.Sized = image, true
	}
	return c
}

// moment makes the card of a show that of the moment at which the page begins to play, and gives the path of its picture.
func (v view) moment(c *card) (image string) {
	c.Address = fmt.Sprintf("%s&t=%d", v.Address, v.Start)
	c.About = strings.NewReplacer("{date}", v.Date, "{time}", clock(v.Start)).Replace(v.Say["momentOf"])
	at := time.Duration(v.Start) * time.Second
	for _, chapter := range v.RoomInfo.Show.Chapters {
		if at < chapter.At || at >= chapter.Till {
			continue
		}
		what := chapter.Title
		if o := chapter.Offer; o != nil {
			what = strings.TrimSpace(o.Title + " " + priceText(*o))
		}
		if what != "" {
			c.Title = what + " · " + v.heading()
		}
	}
	if v.RoomInfo.Show.Moments == "" {
		return ""
	}
	return v.RoomInfo.Show.Moments + strconv.Itoa(v.Start) + ".jpg"
}

// startOf gives the second at which a recording is to begin: t is that, and date a moment of the show, in Unix seconds,
// which who shares a live show knows alone. 0: at the begin.
func (h *handler) startOf(ctx context.Context, query url.Values, show string) int {
	if at, err := strconv.ParseUint(query.Get("t"), 10, 20); err == nil { // more than a week is no place
		return int(at)
	}
	date, err := strconv.ParseInt(query.Get("date"), 10, 36)
	if err != nil || date <= 0 || h.place == nil {
		return 0
	}
	at, err := h.place(ctx, show, time.Unix(date, 0))
	if err != nil && !errors.Is(err, context.Canceled) {
		h.log.Debug("look up a moment of a show", "show", show, "err", err) // it plays from the begin
	}
	return int(at.Seconds())
}

// clock writes a place in a recording as players do.
func clock(seconds int) string {
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// signs are those of currencies that people write before an amount. A dollar that might be another's has its letters.
var signs = map[string]string{"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "KRW": "₩", "INR": "₹", "HKD": "HK$", "TWD": "NT$", "SGD": "S$", "AUD": "A$", "CAD": "CA$"}

// priceText writes the price of an offer; "": it has none.
func priceText(o Offer) string {
	amount := decimal(o.Price, o.Digits)
	switch sign := signs[o.Currency]; {
	case o.Currency == "":
		return ""
	case sign == "":
		return o.Currency + " " + amount
	default:
		return sign + amount
	}
}
