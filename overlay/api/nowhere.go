package api

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"

	"golang.org/x/text/language"

	"mediad/overlay"
)

// pagePolicy lets a page have its own styles and nothing else.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"

// nowhere is the page of a buyer who comes to no shop. It works without JavaScript, as the
// link that led here does.
type nowhere struct {
	Lang, Title, Product, Why, Back, Show string
	Trouble                               bool // it may work in a moment
	Again                                 string
}

// why says what a buyer can do about a refusal. The API's own words are for whoever runs the shop.
type why struct{ title, more string }

// buyersWords are those of the page in one language.
type buyersWords struct {
	lang                                       string
	soldOut, limit, rehearsal, closed, unknown why
	offer, trouble                             why
	back, again                                string
}

// The first is for those who read neither.
var (
	inLanguages = language.NewMatcher([]language.Tag{language.English, language.Chinese})
	wordsOf     = []buyersWords{{
		lang:      "en",
		soldOut:   why{"Sold out", "The last one is gone, or somebody is paying for it just now. Look in again: what is not paid for comes back."},
		limit:     why{"No more for one buyer", "You have as many of it as one buyer gets in this show."},
		rehearsal: why{"This is a rehearsal", "Nothing is sold here. In the show a buyer gets a checkout, with a unit that is held."},
		closed:    why{"Not on sale here yet", "It cannot be bought here yet. Ask the host in the show."},
		unknown:   why{"There is no such product here", "The link may be old. The show has what is on sale."},
		offer:     why{"The offer is not open now", "It has not begun, it is over, or all that you may have of it is taken. In the show you see which, and what it costs now."},
		trouble:   why{"The shop does not answer", "Nothing was ordered. Please try again in a moment."},
		back:      "Go back to the show", again: "Try again",
	}, {
		lang:      "zh",
		soldOut:   why{"已售罄", "最后一件已被买走，或正有人付款。未付款的会重新放出，请稍后再看。"},
		limit:     why{"已达到限购数量", "每位买家在本场可购买的数量已用完。"},
		rehearsal: why{"这是彩排", "这里不会真正成交。正式直播时，买家会进入结账，并为其预留一件。"},
		closed:    why{"暂时无法购买", "这件商品暂时不能在这里购买，请在直播间向主播确认。"},
		unknown:   why{"没有找到这件商品", "链接可能已失效，在售商品请见直播间。"},
		offer:     why{"限时优惠现在不可用", "优惠尚未开始、已经结束，或您可购买的数量已用完。请回到直播间查看当前状态和价格。"},
		trouble:   why{"商店暂时没有响应", "没有产生订单，请稍后重试。"},
		back:      "返回直播间", again: "重试",
	}}
)

// of gives the words for a refusal. known: there is such a product; offer: the buyer came
// for a price for some minutes; rehearsed: the show is a rehearsal.
func (w buyersWords) of(code overlay.Code, known, offer, rehearsed bool) (y why, trouble bool) {
	switch {
	case code == overlay.NotFound && !known:
		return w.unknown, false
	case code == overlay.Conflict && rehearsed:
		return w.rehearsal, false
	case offer && (code == overlay.Conflict || code == overlay.Limit || code == overlay.NotFound):
		return w.offer, false
	}
	switch code {
	case overlay.SoldOut:
		return w.soldOut, false
	case overlay.Limit:
		return w.limit, false
	case overlay.NotFound, overlay.Gone, overlay.Invalid, overlay.Forbidden:
		return w.closed, false
	}
	return w.trouble, true
}

// goNowhere answers a buyer for whom there is no way to a shop, in their language, and leads
// back to the show.
func (a *API) goNowhere(w http.ResponseWriter, r *http.Request, p overlay.Product, err error) {
	said := a.problem(r.Context(), err)
	_, n := language.MatchStrings(inLanguages, r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
	words := wordsOf[n]
	show, showErr := a.viewers.GetShow(r.Context(), r.PathValue("show"))
	y, trouble := words.of(overlay.CodeOf(err), p.ID != "", r.URL.Query().Has("offer"), showErr == nil && show.Rehearsal)
	page := nowhere{Lang: words.lang, Title: y.title, Product: cmp.Or(p.Titles[words.lang], p.Title), Why: y.more, Back: words.back, Again: words.again, Trouble: trouble}
	if showErr == nil {
		page.Show = a.o.Base + "/watch/" + url.PathEscape(show.Room)
		if show.State == overlay.ShowEnded {
			page.Show += "?show=" + show.ID
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.WriteHeader(said.Status)
	_ = nowherePage.Execute(w, page) // the client may have gone
}

var nowherePage = template.Must(template.New("nowhere").Parse(`<!doctype html>
<html lang="{{.Lang}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{{.Title}}{{with .Product}} · {{.}}{{end}}</title>
<style>:root{color-scheme:light dark}*{box-sizing:border-box}
body{min-height:100vh;min-height:100svh;display:grid;place-content:center;margin:0;padding:2rem 1.25rem;font:1rem/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;text-align:center;color:#17171c;background:#f6f6f8}
main{max-width:30rem}h1{margin:0 0 .25rem;font-size:1.6rem;line-height:1.25}p{margin:0 0 1rem;color:#62626c;text-wrap:balance}.what{font-weight:650;color:inherit;overflow-wrap:anywhere}
a{display:inline-grid;place-items:center;min-height:48px;margin:.25rem;padding:.5rem 1.4rem;border-radius:24px;background:#ddd;color:#17171c;font-weight:650;text-decoration:none}a.first{background:#c9202f;color:#fff}
@media(prefers-color-scheme:dark){body{color:#f4f4f6;background:#101014}p{color:#a5a5b0}a{background:#33333b;color:#f4f4f6}}</style>
<main><h1>{{.Title}}</h1>{{with .Product}}<p class="what" dir="auto">{{.}}</p>{{end}}<p>{{.Why}}</p>
{{if .Trouble}}<a class="first" href="">{{.Again}}</a>{{end}}{{with .Show}}<a{{if not $.Trouble}} class="first"{{end}} href="{{.}}">{{$.Back}}</a>{{end}}</main></html>
`))
