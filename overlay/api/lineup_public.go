package api

import (
	"context"
	"time"

	"mediad/overlay"
)

// publicLine is a line as viewers may see it: no note, no time.
type publicLine struct {
	Product     publicProduct `json:"product"`
	MaxPerOrder int64         `json:"max_per_order,omitempty"`
	ButtonLabel string        `json:"button_label,omitempty"`
}

type publicLineup struct {
	V     int          `json:"v"`
	Show  string       `json:"show"`
	Items []publicLine `json:"items" doc:"In the order of the line-up"`
}

// publicLineup has what was pinned, and what is revealed by a moment; zero: now. In a
// show that has ended, prices are those of today.
func (a *API) publicLineup(ctx context.Context, id string, at time.Time) (*publicLineup, error) {
	show, err := a.viewers.GetShow(ctx, id)
	if err != nil {
		return nil, err
	}
	lines, err := a.viewers.Revealed(ctx, id, at)
	if err != nil {
		return nil, err
	}
	out := &publicLineup{1, id, []publicLine{}}
	for _, l := range lines {
		p := l.Goods
		if show.State == overlay.ShowEnded {
			p = l.Catalogue
		}
		seen, err := a.publish(ctx, id, p)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, publicLine{seen, l.MaxPerOrder, l.ButtonLabel})
	}
	return out, nil
}
