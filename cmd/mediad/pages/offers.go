package pages

import (
	"context"
	"errors"
	"time"

	"mediad/overlay"
	"mediad/overlay/web"
)

// mostOffers bounds the products that a page names for search engines.
const mostOffers = 24

// mostPlanned bounds the shows that a calendar has.
const mostPlanned = 50

// onAir tells what is sold in a room's show at this moment, and which shows are planned.
func (p *Pages) onAir(ctx context.Context, slug string, info *web.RoomInfo) error {
	planned, err := p.o.Store.UpcomingShows(ctx, slug, mostPlanned)
	if err != nil {
		return err
	}
	for _, s := range planned {
		info.Planned = append(info.Planned, web.PlannedShow{ID: s.ID, Title: s.Title, Starts: s.Starts, Image: s.Picture})
	}
	open, _, err := p.o.Store.RoomShows(ctx, slug)
	if err != nil || open == nil || open.Started.IsZero() || open.Rehearsal {
		return err
	}
	info.Title = open.Title // also while it is off air and may go on
	if open.State != overlay.ShowLive {
		return nil
	}
	_, pins, err := p.o.Store.ShowNow(ctx, open.ID)
	if err != nil {
		return err
	}
	info.Since = open.Started
	chat, err := p.o.Store.ChatSettings(ctx, open.ID)
	if err != nil {
		return err
	}
	info.Chat = chat.Open
	for _, pin := range pins {
		info.Offers = append(info.Offers, p.offer(pin.Product))
	}
	return nil
}

// recorded tells what a former show has: a chat, its chapters, and what it showed, at today's price. Only products that were in
// the picture are named.
func (p *Pages) recorded(ctx context.Context, info *web.RoomInfo) error {
	comments, err := p.o.Store.CommentsBefore(ctx, info.Show.ID, "", 1)
	if err != nil {
		return err
	}
	info.Chat = len(comments) > 0
	shown, err := p.o.Replays.Shown(ctx, info.Show.ID)
	if err != nil {
		return none(err)
	}
	today, err := p.o.Store.ShownProducts(ctx, info.Show.ID)
	if err != nil {
		return err
	}
	for _, s := range shown[max(0, len(shown)-mostOffers):] {
		if product, sold := today[s.Product.ID]; sold {
			info.Offers = append(info.Offers, p.offer(product))
		}
	}
	chapters, err := p.o.Replays.Chapters(ctx, info.Show.ID)
	if err != nil {
		return none(err)
	}
	for _, c := range chapters {
		if c.At != nil {
			at := seconds(*c.At)
			chapter := web.Chapter{Title: c.Product.Title, At: at, Till: at + seconds(c.Duration)}
			if product, sold := today[c.Product.ID]; sold {
				offer := p.offer(product)
				chapter.Offer = &offer
			}
			info.Show.Chapters = append(info.Show.Chapters, chapter)
		}
	}
	return nil
}

// none: a show whose recording is deleted, or is not to be had at this moment, has a page all the same.
func none(err error) error {
	var known *overlay.Error
	if errors.As(err, &known) {
		return nil
	}
	return err
}

func (p *Pages) offer(o overlay.Product) web.Offer {
	digits, _ := overlay.MinorDigits(o.Currency)
	out := web.Offer{SKU: o.SKU, Title: o.Title, Description: o.Description, Image: o.Image, Price: o.Price, Currency: o.Currency, Digits: digits, Stock: string(o.Stock)}
	if out.Image == "" && len(o.Images) > 0 {
		out.Image = o.Images[0]
	}
	return out
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
