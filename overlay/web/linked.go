package web

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// thing is an object of JSON-LD in the words of schema.org.
type thing map[string]any

// linked tells search engines what a page shows: the show, live or recorded, its chapters, and the products with their
// prices, and the shows that are planned. It is nil for a room in which nothing has begun and nothing is planned.
func linked(v view) any {
	var graph []thing
	if show := showOf(v); show != nil {
		graph = append(graph, show)
	}
	if v.Show == "" {
		for _, p := range v.Planned {
			graph = append(graph, plannedOf(v, p))
		}
	}
	for _, o := range v.Offers {
		graph = append(graph, productOf(v, o))
	}
	if len(graph) == 0 {
		return nil
	}
	return thing{"@context": "https://schema.org", "@graph": graph}
}

// showOf is the show as a video: on air with a BroadcastEvent, which makes the LIVE badge, or recorded with a Clip for
// each chapter; nil: there is none.
func showOf(v view) thing {
	began, ended := v.Since, time.Time{}
	if v.Show != "" { // that of the room may be another
		if v.RoomInfo.Show == nil {
			return nil
		}
		began, ended = v.RoomInfo.Show.Date, v.RoomInfo.Show.Ended
	}
	if began.IsZero() {
		return nil
	}
	event := thing{"@type": "BroadcastEvent", "name": v.Title, "isLiveBroadcast": true, "startDate": stamp(began)}
	if !ended.IsZero() {
		event["endDate"] = stamp(ended)
	}
	video := thing{"@type": "VideoObject", "@id": v.Address, "url": v.Address, "name": v.heading(), "description": cmp.Or(v.About, v.heading()),
		"uploadDate": stamp(began), "embedUrl": v.Framed, "publication": event}
	if v.Image != "" {
		video["thumbnailUrl"] = []string{v.Image}
	}
	if clips := clipsOf(v); len(clips) > 0 {
		video["hasPart"] = clips
	}
	return video
}

func plannedOf(v view, p PlannedShow) thing {
	event := thing{"@type": "BroadcastEvent", "name": p.Title, "isLiveBroadcast": true, "startDate": stamp(p.Starts), "url": v.Address}
	if image := picture(v.Origin, p.Image); image != "" {
		event["image"] = image
	}
	return event
}

func clipsOf(v view) (clips []thing) {
	if v.RoomInfo.Show == nil {
		return nil
	}
	for _, c := range v.RoomInfo.Show.Chapters {
		from := int(c.At.Seconds())
		clips = append(clips, thing{"@type": "Clip", "name": c.Title, "startOffset": from, "endOffset": max(from+1, int(c.Till.Seconds())),
			"url": fmt.Sprintf("%s&t=%d", v.Address, from)})
	}
	return clips
}

func productOf(v view, o Offer) thing {
	offer := thing{"@type": "Offer", "price": decimal(o.Price, o.Digits), "priceCurrency": o.Currency, "url": v.Address,
		"availability": "https://schema.org/" + cmp.Or(map[string]string{"low": "LimitedAvailability", "out": "OutOfStock", "preorder": "PreOrder"}[o.Stock], "InStock")}
	product := thing{"@type": "Product", "name": o.Title, "sku": o.SKU, "offers": offer}
	if o.Description != "" {
		product["description"] = o.Description
	}
	if image := picture(v.Origin, o.Image); image != "" {
		product["image"] = image
	}
	return product
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// decimal writes an amount of minor units as schema.org wants it: "49.90".
func decimal(minor int64, digits int) string {
	text := strconv.FormatInt(minor, 10)
	if digits <= 0 {
		return text
	}
	text = strings.Repeat("0", max(0, digits+1-len(text))) + text
	return text[:len(text)-digits] + "." + text[len(text)-digits:]
}
