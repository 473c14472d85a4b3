package overlay

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// ShopKind is the checkout that a shop has. It says how a viewer gets there, and how
// the shop tells of orders.
type ShopKind string

// The kinds of shops.
const (
	ShopLink          ShopKind = "link"           // any shop with an address; it tells of orders by Standard Webhooks or CSV
	ShopShopify       ShopKind = "shopify"        // a cart permalink
	ShopStripeLink    ShopKind = "stripe-link"    // a Payment Link
	ShopStripeSession ShopKind = "stripe-session" // a Checkout Session for each buyer
)

// StockMode says who knows how many units are left, and so what may be promised.
type StockMode string

// The modes of stock.
const (
	StockExternal      StockMode = "external"       // the shop alone knows: what viewers see is a hint
	StockAllocatedLink StockMode = "allocated-link" // a number of units is given to a show, and the shop stops at that number
	StockAllocatedHold StockMode = "allocated-hold" // a unit is held for each open checkout: the only mode that never oversells
)

// Limits of a shop.
const (
	maxShopName  = 80
	maxShopHosts = 20
)

// Shop is a checkout of an organisation, where its products are paid for.
type Shop struct {
	ID     string     `json:"id"`
	Org    string     `json:"org"`
	Name   string     `json:"name"`
	Kind   ShopKind   `json:"kind"`
	Stock  StockMode  `json:"stock"`
	Rev    int64      `json:"rev"`
	Config ShopConfig `json:"config"`
	// Secrets says which secrets are set; they are never read back.
	Secrets []string `json:"secrets"`
	// Heard is when it told something last, or a file of its orders did.
	Heard *time.Time `json:"heard,omitempty" doc:"When it told something of an order last, by a webhook or a file; missing: never"`
}

// ShopConfig is what a kind of shop needs to know; fields of other kinds are empty.
type ShopConfig struct {
	// Template is the address of a product where the product has no link of its own
	// (link): {sku}, {variant}, {quantity}, {click} and {code} in it are replaced.
	Template string `json:"template,omitempty"`
	// Domain is the shop's own (shopify): tea.example or tea.myshopify.com.
	Domain string `json:"domain,omitempty"`
	// Hosts are the hosts that viewers may be sent to, beside those of Template and
	// Domain. Nobody is ever sent to another one.
	Hosts []string `json:"hosts,omitempty"`
	// SuccessURL and CancelURL are where a buyer comes back to (stripe-session);
	// empty: the page of the show.
	SuccessURL string `json:"success_url,omitempty"`
	CancelURL  string `json:"cancel_url,omitempty"`
}

// Marks in a shop's template, beside ClickMark.
const (
	SKUMark      = "{sku}"
	VariantMark  = "{variant}"
	QuantityMark = "{quantity}"
)

// Checked gives the shop made regular, or an Error that names the field.
func (s Shop) Checked() (Shop, error) {
	s.Name = strings.TrimSpace(s.Name)
	if s.Name == "" {
		return s, Errorf(Invalid, "name: is missing")
	}
	if err := checkText("name", s.Name, maxShopName, false); err != nil {
		return s, err
	}
	if s.Stock == "" {
		s.Stock = StockExternal
	}
	if err := s.checkKind(); err != nil {
		return s, err
	}
	hosts, err := checkedHosts(s.Config.Hosts)
	s.Config.Hosts = hosts
	return s, err
}

func (s *Shop) checkKind() error {
	c := &s.Config
	able := []StockMode{StockExternal}
	switch s.Kind {
	case ShopLink:
		if c.Template != "" {
			if err := checkTemplate(c.Template); err != nil {
				return err
			}
		}
	case ShopShopify:
		if err := checkHost("config.domain", c.Domain); err != nil {
			return err
		}
	case ShopStripeLink:
		able = append(able, StockAllocatedLink)
	case ShopStripeSession:
		able = append(able, StockAllocatedHold)
		for field, address := range map[string]string{"config.success_url": c.SuccessURL, "config.cancel_url": c.CancelURL} {
			if address == "" {
				continue
			}
			if err := checkURL(field, address); err != nil {
				return err
			}
		}
	default:
		return Errorf(Invalid, "kind: must be one of link, shopify, stripe-link, stripe-session")
	}
	if err := s.onlyItsOwn(); err != nil {
		return err
	}
	if !slices.Contains(able, s.Stock) {
		return Errorf(Invalid, "stock: a shop of kind %s can be %s, because it cannot hold units for a show in another way", s.Kind, join(able))
	}
	return nil
}

// onlyItsOwn refuses what another kind of shop would need: it is a mistake of who set it.
func (s Shop) onlyItsOwn() error {
	c := s.Config
	for _, f := range []struct {
		name string
		set  bool
		kind ShopKind
	}{
		{"template", c.Template != "", ShopLink},
		{"domain", c.Domain != "", ShopShopify},
		{"success_url", c.SuccessURL != "", ShopStripeSession},
		{"cancel_url", c.CancelURL != "", ShopStripeSession},
	} {
		if f.set && s.Kind != f.kind {
			return Errorf(Invalid, "config.%s: is for shops of kind %s", f.name, f.kind)
		}
	}
	return nil
}

func join[T ~string](list []T) string {
	var out []string
	for _, v := range list {
		out = append(out, string(v))
	}
	return strings.Join(out, " or ")
}

// checkTemplate refuses a template whose host a product or a click could choose.
func checkTemplate(template string) error {
	filled := func(with string) string {
		return strings.NewReplacer(ClickMark, with, SKUMark, with, VariantMark, with, QuantityMark, with, CodeMark, with).Replace(template)
	}
	if err := checkURL("config.template", filled("a")); err != nil {
		return err
	}
	a, errA := url.Parse(filled("a"))
	b, errB := url.Parse(filled("b"))
	if errA != nil || errB != nil || a.Host != b.Host {
		return Errorf(Invalid, "config.template: marks such as %s are allowed only in the path or after the question mark", SKUMark)
	}
	return nil
}

func checkedHosts(hosts []string) ([]string, error) {
	if len(hosts) > maxShopHosts {
		return nil, Errorf(Invalid, "config.hosts: has %d, at most %d are allowed", len(hosts), maxShopHosts)
	}
	var out []string
	for _, host := range hosts {
		host = strings.ToLower(strings.TrimSpace(host))
		if err := checkHost("config.hosts", host); err != nil {
			return nil, err
		}
		if !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
	return out, nil
}

// checkHost refuses what is not the bare name of a host, with a port or without.
func checkHost(field, host string) error {
	if host == "" {
		return Errorf(Invalid, "%s: is missing", field)
	}
	if u, err := url.Parse("https://" + host + "/"); err != nil || u.Host != host || u.Hostname() == "" || u.User != nil {
		return Errorf(Invalid, "%s: %q is not the name of a host, such as tea.example", field, host)
	}
	return nil
}

// Leads tells whether the shop may send viewers to an address: only by https or http,
// and only to its own hosts.
func (s Shop) Leads(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return false
	}
	return slices.Contains(s.hosts(), strings.ToLower(u.Host))
}

func (s Shop) hosts() []string {
	hosts := slices.Clone(s.Config.Hosts)
	if u, err := url.Parse(s.Config.Template); err == nil && u.Host != "" {
		hosts = append(hosts, strings.ToLower(u.Host))
	}
	switch s.Kind {
	case ShopShopify:
		hosts = append(hosts, strings.ToLower(s.Config.Domain))
	case ShopStripeLink:
		hosts = append(hosts, "buy.stripe.com")
	case ShopStripeSession:
		hosts = append(hosts, "checkout.stripe.com")
	}
	return hosts
}

// Names of a shop's secrets.
const (
	WebhookSecret = "webhook" // with which the shop signs what it tells
	APIKey        = "api_key" // with which we ask the shop (stripe-session)
)

const maxShopSecret = 500 // bytes

// CheckShopSecrets refuses secrets that a kind of shop has no use for. Its words show none.
func CheckShopSecrets(kind ShopKind, secrets map[string]string) error {
	for name, value := range secrets {
		if name != WebhookSecret && (name != APIKey || kind != ShopStripeSession) {
			return Errorf(Invalid, "secrets: a shop of kind %s has none of the name %q", kind, name)
		}
		if value == "" || len(value) > maxShopSecret || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return Errorf(Invalid, "secrets.%s: must be 1 to %d letters, digits and signs, without spaces", name, maxShopSecret)
		}
	}
	return nil
}

// ShopChange changes a shop; nil leaves a field as it is.
type ShopChange struct {
	Rev    int64 // the revision that it was made on; 0: any
	Name   *string
	Stock  *StockMode
	Config *ShopConfig
	// Secrets are set by name; an empty one is taken away.
	Secrets map[string]string
}

// Changed gives the shop as it is after a change.
func (s Shop) Changed(c ShopChange) (Shop, error) {
	if c.Rev != 0 && c.Rev != s.Rev {
		return s, Errorf(Conflict, "rev: the shop is at revision %d; somebody has changed it since revision %d", s.Rev, c.Rev)
	}
	set(&s.Name, c.Name)
	set(&s.Stock, c.Stock)
	set(&s.Config, c.Config)
	s.Rev++
	return s.Checked()
}
