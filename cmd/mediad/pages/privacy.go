package pages

import (
	"context"
	"time"

	"mediad/overlay"
	"mediad/overlay/web"
)

// Privacy tells what is kept of the viewers of a room, as its organisation and the server have it; for "", as the
// server has it.
func (p *Pages) Privacy(ctx context.Context, slug string) (web.PrivacyInfo, error) {
	info := web.PrivacyInfo{Exists: true}
	var days map[overlay.PersonalKind]int64
	if slug != "" {
		room, err := p.o.Store.RoomBySlug(ctx, slug)
		if overlay.CodeOf(err) == overlay.NotFound {
			return web.PrivacyInfo{}, nil
		}
		if err != nil {
			return web.PrivacyInfo{}, err
		}
		own, err := p.o.Store.Retentions(ctx, room.Org)
		if err != nil {
			return web.PrivacyInfo{}, err
		}
		info.Name, info.Contact, days = room.Title, own.Contact, own.Days
	}
	for _, kind := range overlay.PersonalKinds() {
		if kind.Whose == "members" {
			continue
		}
		kept := web.Kept{Kind: string(kind.Kind), Days: days[kind.Kind]}
		if keep, ok := p.o.Keeping.Of(kind.Kind); ok && kept.Days == 0 {
			kept.Days = int64((keep + 24*time.Hour - 1) / (24 * time.Hour)) // a part of a day is said as a whole one
		}
		info.Kept = append(info.Kept, kept)
	}
	return info, nil
}
