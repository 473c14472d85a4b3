package api

import (
	"errors"
	"io"
	"net/http"
	"time"

	"mediad/overlay"
	"mediad/overlay/checkout"
)

// hook takes what a shop tells of its orders. It answers when that is on the disk, so a
// shop that gets no answer tells it again; what is told twice counts once.
func (a *API) hook(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, checkout.MostHook))
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		err = overlay.Errorf(overlay.TooLarge, "the body has more than %d bytes", checkout.MostHook)
	} else if err != nil {
		return // the shop has gone
	}
	shop := ""
	if err == nil {
		shop, err = a.heard(r, body)
	}
	if err != nil {
		p := a.problem(r.Context(), err)
		if shop != "" {
			a.refused.note(shop, p, time.Now())
		}
		a.o.Logger.Warn("A webhook of a shop was refused", "shop", r.PathValue("shop"), "status", p.Status, "reason", p.Detail)
		writeProblem(w, p)
		return
	}
	a.refused.note(shop, nil, time.Time{})
	w.WriteHeader(http.StatusNoContent)
}

// heard takes what a shop tells, and names the shop if there is one.
func (a *API) heard(r *http.Request, body []byte) (string, error) {
	shop, secrets, err := a.counter.ShopSecrets(r.Context(), r.PathValue("shop"))
	if err != nil {
		return "", err
	}
	facts, err := checkout.Read(shop.Kind, secrets[overlay.WebhookSecret], r.Header, body)
	if err != nil || len(facts) == 0 {
		return shop.ID, err
	}
	return shop.ID, a.counter.TakeFacts(r.Context(), shop, facts)
}
