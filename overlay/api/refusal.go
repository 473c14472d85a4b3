package api

import (
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// refusal is a webhook of a shop that was not taken.
type refusal struct {
	At     time.Time `json:"at"`
	Status int       `json:"status" doc:"What the shop was answered: 401 is a wrong signature or an old one, 422 a body that such a shop does not send"`
	Reason string    `json:"reason"`
}

// refusals knows the last webhook of each shop that was refused and after which none was
// taken. They are known since the start of this server: a shop tells again for days, so
// what is wrong shows itself again.
type refusals struct {
	mu   sync.Mutex
	last map[string]refusal // by shop, of shops that there are; guarded by mu
}

// note takes what became of a webhook of a shop; nil: it was taken.
func (r *refusals) note(shop string, p *huma.ErrorModel, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p == nil {
		delete(r.last, shop)
		return
	}
	r.last[shop] = refusal{at.UTC(), p.Status, overlay.Plain(p.Detail, 300)}
}

// of gives the last refusal of a shop; nil: there was none, or one was taken since.
func (r *refusals) of(shop string) *refusal {
	r.mu.Lock()
	defer r.mu.Unlock()
	if last, ok := r.last[shop]; ok {
		return &last
	}
	return nil
}
