package overlay

import "strings"

// summaryWords says what each figure of a summary is.
var summaryWords = [][2]string{
	{"shows", "shows that began in these days, in the time zone that is named; each counts as a whole, with all of its broadcasts and all orders that came from it, whenever they were paid. Rehearsals do not count"},
	{"on_air", "time on air, all broadcasts of the shows together; of a product: over the picture"},
	{"views", "players that began to play"},
	{"viewers", "different viewers of each show, added up: who watched two shows counts twice"},
	{"impressions", "cards of products that were in sight for a second"},
	{"clicks", "ways to a shop; the same viewer on the same product within ten seconds is one click"},
	{"orders", "orders that were paid and came from a show, those refunded or cancelled later included; of a product: with it in a line"},
	{"units", "pieces, as the lines of the orders tell"},
	{"gross", "all that was paid (GMV gross), of one currency; currencies are never added up"},
	{"refunded", "what went back of orders that were not cancelled"},
	{"cancelled", "what cancelled orders had brought"},
	{"net", "gross − refunded − cancelled (GMV net)"},
	{"live, replay", "an order, and a click, is of the replay if the show had ended when its viewer clicked; all others are live"},
	{"host", "the organisation whose show it was"},
	{"org", "the organisation whose shop sold; its shows are those in which a product of it was shown or its shops sold"},
	{"room, region", "of festivals: the room of the show, and where its merchant is, from the whole to the part: Guangdong/Guangzhou"},
	{"below", "an organisation, or a region, together with all below it; a show of several counts once"},
	{"no show", "orders paid in these days that came from no show that is known; they are in no row and not in the total"},
	{"orders_per_viewer", "orders ÷ viewers"},
	{"ctor", "orders ÷ clicks"},
	{"ctr", "clicks ÷ impressions"},
	{"gmv_per_viewer, gmv_per_minute", "gross ÷ viewers, 60 × gross ÷ on_air, in one currency"},
	{"returned", "(refunded + cancelled) ÷ gross, of one currency"},
}

// SummaryText gives the definitions as a list in Markdown.
func SummaryText() string {
	var b strings.Builder
	for _, w := range summaryWords {
		b.WriteString("- **" + w[0] + "**: " + w[1] + "\n")
	}
	return b.String()
}
