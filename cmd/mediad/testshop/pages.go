package testshop

import (
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// words of the page; a demo is opened by people who read either.
var words = map[language.Tag]map[string]string{
	language.English: {"lang": "en", "title": "Test shop", "why": "This shop is a part of the demo. No money moves, and nothing is sent.", "pay": "Pay", "email": "E-mail (any)",
		"paid": "Paid", "order": "Order", "told": "The show is told of it now.", "back": "Back to the show", "closed": "This checkout is closed. Nobody can pay in it any more.", "unknown": "There is no such thing in this shop."},
	language.Chinese: {"lang": "zh", "title": "测试店铺", "why": "这是演示用的店铺，不会真的扣款，也不会发货。", "pay": "付款", "email": "邮箱（任意）",
		"paid": "已付款", "order": "订单", "told": "直播间马上会收到通知。", "back": "返回直播间", "closed": "这个结账页已关闭，不能再付款。", "unknown": "店铺里没有这件商品。"},
}

var languages = language.NewMatcher([]language.Tag{language.English, language.Chinese})

func wordsFor(r *http.Request) map[string]string {
	asked, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		asked = nil
	}
	if _, at, _ := languages.Match(asked...); at == 1 {
		return words[language.Chinese]
	}
	return words[language.English]
}

// shown is what the page of a checkout has in it.
type shown struct {
	Words                 map[string]string
	Good                  string
	Quantity              int64
	Amount, Order, Action string
	Back, Trouble         string
}

func show(w http.ResponseWriter, status int, s shown) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(status)
	_ = page.Execute(w, s) // the buyer has gone otherwise
}

func trouble(w http.ResponseWriter, r *http.Request, status int) {
	words := wordsFor(r)
	text := words["unknown"]
	if status == http.StatusGone {
		text = words["closed"]
	}
	show(w, status, shown{Words: words, Trouble: text})
}

// buy opens a checkout of a plain shop: /buy/SKU?click=CLICK&quantity=N.
func (s *Shop) buy(w http.ResponseWriter, r *http.Request) {
	good, ok := s.find(func(g Good) bool { return g.SKU == r.PathValue("sku") })
	s.open(w, r, ok, session{good: good, quantity: quantity(r.URL.Query().Get("quantity")), click: r.URL.Query().Get("click")})
}

// cart opens a checkout by a cart permalink of Shopify, of one variant:
// https://shopify.dev/docs/apps/build/checkout/create-cart-permalinks.
func (s *Shop) cart(w http.ResponseWriter, r *http.Request) {
	ref, n, _ := strings.Cut(r.PathValue("what"), ":")
	good, ok := s.find(func(g Good) bool { return g.Ref == ref })
	s.open(w, r, ok, session{good: good, quantity: quantity(n), click: r.URL.Query().Get("attributes[md_click]")})
}

// paymentLink opens a checkout by a Payment Link of Stripe:
// https://docs.stripe.com/payment-links/url-parameters.
func (s *Shop) paymentLink(w http.ResponseWriter, r *http.Request) {
	good, ok := s.find(func(g Good) bool { return g.SKU == r.PathValue("sku") })
	click := r.URL.Query().Get("client_reference_id")
	if len(click) > 200 || strings.ContainsFunc(click, func(c rune) bool {
		return !(c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z')
	}) {
		click = "" // as Stripe does, without a word
	}
	s.open(w, r, ok, session{good: good, quantity: 1, click: click})
}

func (s *Shop) open(w http.ResponseWriter, r *http.Request, known bool, c session) {
	if !known {
		trouble(w, r, http.StatusNotFound)
		return
	}
	c.currency, c.amount, c.success = c.good.Currency, c.good.Price*c.quantity, s.o.Back
	s.mu.Lock()
	made, err := s.begin(c)
	s.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	http.Redirect(w, r, s.o.Base+"/pay/"+made.id, http.StatusSeeOther)
}

func quantity(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || n > 1000 {
		return 1
	}
	return n
}

// page shows a checkout.
func (s *Shop) page(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	c, ok := s.sessions[r.PathValue("id")]
	var out shown
	var open bool
	if ok {
		out = shown{Words: wordsFor(r), Good: c.good.Title, Quantity: c.quantity, Amount: decimal(c.amount, c.currency) + " " + c.currency, Action: s.o.Base + "/pay/" + c.id, Back: webAddress(c.success)}
		if c.order != nil {
			out.Order = c.order.id
		}
		open = c.order != nil || c.open(time.Now())
	}
	s.mu.Unlock()
	switch {
	case !ok:
		trouble(w, r, http.StatusNotFound)
	case !open:
		trouble(w, r, http.StatusGone)
	default:
		show(w, http.StatusOK, out)
	}
}

// pays takes the form of the page.
func (s *Shop) pays(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	_, err := s.Pay(r.PathValue("id"), r.PostFormValue("email"))
	switch {
	case errors.Is(err, ErrUnknown):
		trouble(w, r, http.StatusNotFound)
	case err != nil:
		trouble(w, r, http.StatusGone)
	default:
		http.Redirect(w, r, s.o.Base+"/pay/"+r.PathValue("id"), http.StatusSeeOther)
	}
}

// webAddress gives an address that a link may lead to; "": it is none.
func webAddress(address string) string {
	if u, err := url.Parse(address); err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}
