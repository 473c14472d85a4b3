package checkout

import (
	"bytes"
	"encoding/json"
	"time"

	"mediad/overlay"
)

// plainHook is a webhook of any shop, by Standard Webhooks: the shop's own programmer
// writes it, so an unknown field is told.
type plainHook struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Order    string              `json:"order"`
		Refund   string              `json:"refund"`
		Amount   int64               `json:"amount"`
		Currency string              `json:"currency"`
		Click    string              `json:"click"`
		Buyer    string              `json:"buyer"`
		Lines    []overlay.OrderLine `json:"lines"`
	} `json:"data"`
}

// plainKinds are the types that are read. Others of a shop are none of ours.
func plainKind(name string) (overlay.OrderFactKind, bool) {
	switch name {
	case "order.paid":
		return overlay.OrderPaid, true
	case "order.pending":
		return overlay.OrderPending, true
	case "order.failed":
		return overlay.OrderFailed, true
	case "order.refunded":
		return overlay.OrderRefunded, true
	case "order.cancelled":
		return overlay.OrderCancelled, true
	}
	return "", false
}

func readPlain(id string, body []byte) ([]overlay.OrderFact, error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := decode(body, &head); err != nil {
		return nil, err
	}
	kind, ok := plainKind(head.Type)
	if !ok {
		return nil, nil
	}
	var h plainHook
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return nil, overlay.Errorf(overlay.Invalid, "The body is not a webhook of an order: %v", err)
	}
	f := overlay.OrderFact{Kind: kind, Delivery: id, Order: h.Data.Order, Refund: h.Data.Refund, Amount: h.Data.Amount,
		Currency: h.Data.Currency, Click: h.Data.Click, Buyer: h.Data.Buyer, Lines: h.Data.Lines, At: h.Timestamp}
	if f.Kind == overlay.OrderRefunded && f.Refund == "" {
		f.Refund = id
	}
	return one(f)
}
