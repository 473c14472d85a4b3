package overlay

import (
	"strconv"
	"time"
)

// Audited is something that somebody did.
type Audited struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Org     string    `json:"org"`
	Actor   string    `json:"actor" doc:"The address of a person, or the name of a token"`
	Name    string    `json:"actor_name,omitempty" doc:"The name of the person"`
	Action  string    `json:"action"`
	Object  string    `json:"object" doc:"What it was done to"`
	Title   string    `json:"object_title,omitempty" doc:"What that is called now: the title of a show or a room, the name of an organisation or a pool, the file of an import or a feed without the query of its address"`
	Changes []Altered `json:"changes,omitempty" doc:"What was changed: roles, names, prices, stock, times, settings. Secrets and what is known of buyers never stand here"`
}

// Altered is a value that somebody changed. Texts are as the API has them elsewhere.
type Altered struct {
	Field    string `json:"field" enum:"role,name,kind,region,currency,timezone,language,title,starts_at,rehearsal,latency,cue_delay,ladder,retention,price,list_price,stock,sku,total,keep_comments,keep_views,keep_clicks,keep_buyers,keep_contacts,keep_audit,privacy_contact" doc:"Named as where the thing itself is read"`
	From     string `json:"from,omitempty" doc:"Missing: there was none"`
	To       string `json:"to,omitempty" doc:"Missing: there is none any more"`
	Currency string `json:"currency,omitempty" doc:"Of a price, which is in its minor units"`
}

const maxAltered = 200 // characters of a value that an entry keeps

// Alterations gives those of them that change something, with their values cut to what an
// entry keeps.
func Alterations(all ...Altered) []Altered {
	var out []Altered
	for _, a := range all {
		if a.From != a.To {
			a.From, a.To = cutText(a.From), cutText(a.To)
			out = append(out, a)
		}
	}
	return out
}

func cutText(s string) string {
	if r := []rune(s); len(r) > maxAltered {
		return string(r[:maxAltered-1]) + "…"
	}
	return s
}

// AlteredProduct gives what of a product an audit tells: its names, its prices and its
// stock. Its link is left out: an address may have a token in it.
func AlteredProduct(before, after Product) []Altered {
	return Alterations(
		Altered{Field: "title", From: before.Title, To: after.Title},
		Altered{Field: "sku", From: before.SKU, To: after.SKU},
		AlteredPrice(before, after),
		Altered{Field: "list_price", From: formerPrice(before), To: formerPrice(after), Currency: after.Currency},
		Altered{Field: "currency", From: before.Currency, To: after.Currency},
		Altered{Field: "stock", From: string(before.Stock), To: string(after.Stock)},
	)
}

// AlteredPrice is the change of a price. Where the currency changes, that stands by itself.
func AlteredPrice(before, after Product) Altered {
	return Altered{Field: "price", From: strconv.FormatInt(before.Price, 10), To: strconv.FormatInt(after.Price, 10), Currency: after.Currency}
}

func formerPrice(p Product) string {
	if p.ListPrice == 0 {
		return ""
	}
	return strconv.FormatInt(p.ListPrice, 10)
}

// AlteredOrg gives what of an organisation an audit tells; what it is a part of is left
// out, which has a name for those alone who may see it.
func AlteredOrg(before, after Org) []Altered {
	return Alterations(
		Altered{Field: "name", From: before.Name, To: after.Name},
		Altered{Field: "kind", From: string(before.Kind), To: string(after.Kind)},
		Altered{Field: "region", From: before.Region, To: after.Region},
		Altered{Field: "currency", From: before.Currency, To: after.Currency},
		Altered{Field: "timezone", From: before.Timezone, To: after.Timezone},
		Altered{Field: "language", From: string(before.Language), To: string(after.Language)},
	)
}

// AlteredPlan gives what of the plan of a show an audit tells, beside its title.
func AlteredPlan(before, after Show) []Altered {
	return Alterations(
		Altered{Field: "starts_at", From: moment(before.Starts), To: moment(after.Starts)},
		Altered{Field: "timezone", From: before.Timezone, To: after.Timezone},
		Altered{Field: "rehearsal", From: strconv.FormatBool(before.Rehearsal), To: strconv.FormatBool(after.Rehearsal)},
	)
}

func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
