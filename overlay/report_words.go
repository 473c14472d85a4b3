package overlay

import "strings"

// reportWords says what each figure of a report is. They stand in the document of the API
// and in each file with a report.
var reportWords = [][2]string{
	{"views", "players that began to play; a player that was silent for 25 seconds begins anew"},
	{"viewers", "different viewers, by the number that a page draws when it opens and forgets when it closes (no cookie): who opens the page again, or on another device, is another viewer; exact up to 16,384 viewers, then an estimate within 2 % or so"},
	{"effective", "views that lasted for ten seconds or more"},
	{"peak", "the most viewers at a time, looked at each second; of a show from before minutes were kept its replay included"},
	{"watched", "seconds for which the picture moved, of all viewers together"},
	{"on_air", "seconds for which the show was on, without its pauses"},
	{"likes", "how often viewers liked the show: what their players said, ten a second and viewer at most; of a great audience an estimate"},
	{"impressions", "cards of products that were in sight for a second"},
	{"clicks", "ways to a shop; the same viewer on the same product within ten seconds is one click"},
	{"clickers", "different viewers who clicked, by the same number as viewers; a click that does not say whose it is counts as one clicker; exact up to 16,384, then an estimate within 2 % or so; not known of a show with clicks from before this was counted"},
	{"orders", "orders that were paid and came from the show: by their click, at most 24 hours before, or matched by hand; those refunded or cancelled later included"},
	{"buyers", "different buyers of these orders, by the hash of what their shops know them by; an order whose buyer is not known counts as one buyer"},
	{"gross", "all that was paid (GMV gross), of one currency; currencies are never added up"},
	{"refunded", "what went back of orders that were not cancelled"},
	{"cancelled", "what cancelled orders had brought"},
	{"net", "gross − refunded − cancelled (GMV net)"},
	{"time", "a stretch of the show, in UTC, and what was paid in it by the shop's clock; the report says how long a stretch is"},
	{"moment", "a minute of the picture: an order is of the one in which its buyer clicked, by the player's word, live or in the recording; where a player of a live show does not tell it, by the time of the click. The sentence that sold is heard in the recording from 30 seconds before; it is not written down"},
	{"live, replay", "an order, and a click, is of the replay if the show had ended when its viewer clicked; all others are live"},
	{"orders_per_viewer", "orders ÷ viewers"},
	{"conv_viewer", "buyers ÷ viewers"},
	{"conv_click", "buyers ÷ clickers"},
	{"ctor", "orders ÷ clicks"},
	{"ctr", "clicks ÷ impressions"},
	{"shares", "how often viewers shared the show with a button of the player or its page; of a great audience an estimate"},
	{"came", "viewers who came by a shared link: one with ?ref= and the code that the page of who shared it had drawn"},
	{"orders_by_shares", "orders of buyers who had come by a shared link; among orders"},
	{"shares_per_viewer, came_per_share", "shares ÷ viewers, came ÷ shares"},
	{"conv_share", "orders_by_shares ÷ came"},
	{"likes_per_viewer", "likes ÷ viewers"},
	{"offer", "a flash offer of the show; its orders are those whose checkout held a unit at its price, or, where the shop decides, whose buyer went there while it was open"},
	{"taken", "units of an offer in checkouts that were paid or can still be paid; where the shop decides, units of paid orders that were not cancelled. Of a coupon: different buyers who got it by a click (got)"},
	{"offered", "how many units an offer had, or how many buyers could get a coupon (limit_total); per_buyer is for one buyer. Empty: there was no limit"},
	{"sell_through", "taken ÷ offered, of an offer"},
	{"coupon", "a coupon of the show; its orders are those whose buyer went to the shop with its code; who types the code there by hand is not among them"},
	{"poll", "a question that viewers answered; numerator is how many chose the option, denominator how many voted. Each viewer counts once, with the last choice"},
	{"redeemed", "viewers who got a coupon for points; each of them is among its got, unless the same buyer had it already"},
	{"points", "points that viewers turned into a coupon. Points are no money"},
	{"orders_per_coupon", "orders ÷ got, of a coupon"},
	{"booked, confirmed, told, came", "contacts that wanted a reminder of the show; those that confirmed it; those whose mail server or push service took it; and those who opened the show by its link while it was on, each once"},
	{"show_up", "came ÷ told"},
	{"effective_views", "effective ÷ views"},
	{"average_viewers", "watched ÷ on_air, of live: how many watched at a time, on average (ACU)"},
	{"gpm", "1,000 × gross ÷ views, in one currency: what a thousand views brought"},
	{"gmv_per_view, gmv_per_viewer", "gross ÷ views, gross ÷ viewers, in one currency"},
}

// ReportWords gives the definitions of a report's figures, by their names.
func ReportWords() [][2]string { return reportWords }

// ReportText gives the definitions as a list in Markdown.
func ReportText() string {
	var b strings.Builder
	for _, w := range reportWords {
		b.WriteString("- **" + w[0] + "**: " + w[1] + "\n")
	}
	return b.String()
}
