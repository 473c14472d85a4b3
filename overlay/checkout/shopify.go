package checkout

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"mediad/overlay"
)

// shopifyClick is the attribute of a cart that carries the click, and comes back as an
// attribute of the order's note.
const shopifyClick = "md_click"

// shopifyAddress gives a cart permalink: /cart/VARIANT:QUANTITY. Each use of it makes a
// new checkout. Selling plans cannot be put into one.
func shopifyAddress(shop overlay.Shop, l Listing, buy Purchase) (string, error) {
	if l.Ref == "" && l.Link != "" {
		return linkAddress(shop, l, buy) // the product's page, where the buyer puts it into the cart
	}
	if _, err := strconv.ParseUint(l.Ref, 10, 64); err != nil {
		return "", overlay.Errorf(overlay.NotFound, "The shop %s needs the number that Shopify has for the variant.", shop.Name)
	}
	cart := url.URL{Scheme: "https", Host: shop.Config.Domain, Path: "/cart/" + l.Ref + ":" + strconv.FormatInt(buy.Quantity, 10)}
	return with(cart.String(), "discount", buy.Coupon, "attributes["+shopifyClick+"]", buy.Click)
}

// shopifySigned tells whether Shopify signed a body: HMAC-SHA256 of its very bytes.
func shopifySigned(secret string, header http.Header, body []byte) bool {
	got, err := base64.StdEncoding.DecodeString(header.Get("X-Shopify-Hmac-SHA256"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal(got, mac.Sum(nil))
}

type shopifyOrder struct {
	ID          json.Number `json:"id"`
	Currency    string      `json:"currency"`
	TotalPrice  string      `json:"total_price"`
	Email       string      `json:"email"`
	ProcessedAt time.Time   `json:"processed_at"`
	CancelledAt *time.Time  `json:"cancelled_at"`
	Attributes  []struct {
		Name  string `json:"name"`
		Value any    `json:"value"`
	} `json:"note_attributes"`
	Lines []struct {
		Variant  json.Number `json:"variant_id"`
		SKU      string      `json:"sku"`
		Title    string      `json:"title"`
		Quantity int64       `json:"quantity"`
		Price    string      `json:"price"`
		Discount []struct {
			Amount string `json:"amount"`
		} `json:"discount_allocations"`
	} `json:"line_items"`
}

type shopifyRefund struct {
	ID           json.Number `json:"id"`
	Order        json.Number `json:"order_id"`
	CreatedAt    time.Time   `json:"created_at"`
	Transactions []struct {
		Kind     string `json:"kind"`
		Status   string `json:"status"`
		Amount   string `json:"amount"`
		Currency string `json:"currency"`
	} `json:"transactions"`
}

// readShopify reads a webhook of Shopify. Topics that say nothing of money are no facts.
func readShopify(header http.Header, body []byte) ([]overlay.OrderFact, error) {
	switch header.Get("X-Shopify-Topic") {
	case "orders/paid":
		return shopifyPaid(body)
	case "orders/cancelled":
		return shopifyCancelled(body)
	case "refunds/create":
		return shopifyRefunded(body)
	}
	return nil, nil
}

func shopifyPaid(body []byte) ([]overlay.OrderFact, error) {
	var o shopifyOrder
	if err := decode(body, &o); err != nil {
		return nil, err
	}
	// An order that was edited is paid once more, with another total.
	f := overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: "paid:" + o.ID.String() + ":" + o.TotalPrice, Order: o.ID.String(), At: o.ProcessedAt, Currency: o.Currency, Buyer: o.Email}
	var err error
	if f.Amount, err = minor("total_price", o.TotalPrice, o.Currency); err != nil {
		return nil, err
	}
	for _, a := range o.Attributes {
		if value, ok := a.Value.(string); ok && a.Name == shopifyClick {
			f.Click = value
		}
	}
	for _, l := range o.Lines {
		each, err := minor("line_items.price", l.Price, o.Currency)
		if err != nil {
			return nil, err
		}
		line := overlay.OrderLine{SKU: l.SKU, Ref: l.Variant.String(), Title: l.Title, Quantity: l.Quantity, Amount: times(each, l.Quantity)}
		for _, d := range l.Discount {
			off, err := minor("line_items.discount_allocations.amount", d.Amount, o.Currency)
			if err != nil {
				return nil, err
			}
			line.Amount = max(0, line.Amount-off)
		}
		f.Lines = append(f.Lines, line)
	}
	return one(f)
}

func shopifyCancelled(body []byte) ([]overlay.OrderFact, error) {
	var o shopifyOrder
	if err := decode(body, &o); err != nil {
		return nil, err
	}
	f := overlay.OrderFact{Kind: overlay.OrderCancelled, Delivery: "cancelled:" + o.ID.String(), Order: o.ID.String()}
	if o.CancelledAt != nil {
		f.At = *o.CancelledAt
	}
	return one(f)
}

// shopifyRefunded reads a refund: the sum of its transactions that went through. A buyer who
// paid in a currency of their own gets that back, and the order has the shop's; so each
// currency is a fact of its own.
func shopifyRefunded(body []byte) ([]overlay.OrderFact, error) {
	var r shopifyRefund
	if err := decode(body, &r); err != nil {
		return nil, err
	}
	name := r.ID.String()
	var facts []overlay.OrderFact
	for _, t := range r.Transactions {
		if t.Kind != "refund" || !strings.EqualFold(t.Status, "success") {
			continue
		}
		amount, err := minor("transactions.amount", t.Amount, t.Currency)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(facts, func(f overlay.OrderFact) bool { return f.Currency == t.Currency })
		if i < 0 {
			if i = len(facts); i > 0 {
				name = r.ID.String() + " " + t.Currency
			}
			facts = append(facts, overlay.OrderFact{Kind: overlay.OrderRefunded, Delivery: "refund:" + name, Order: r.Order.String(), Refund: name, At: r.CreatedAt, Currency: t.Currency})
		}
		facts[i].Amount = plus(facts[i].Amount, amount)
	}
	for i, f := range facts { // none where goods went back, and no money
		var err error
		if facts[i], err = f.Checked(); err != nil {
			return nil, err
		}
	}
	return facts, nil
}
