package overlay

import (
	"time"
)

// SummaryBy says what a summary has a row for.
type SummaryBy string

// The rows of summaries.
const (
	ByShow    SummaryBy = "show"
	ByHost    SummaryBy = "host"    // the organisation whose show it was
	ByOrg     SummaryBy = "org"     // the organisation whose shop sold
	ByProduct SummaryBy = "product" // what was in the lines of orders
	ByRoom    SummaryBy = "room"    // of festivals, as is the next one
	ByRegion  SummaryBy = "region"  // where the room's merchant is, and all that lies around it
)

// MaxSummaryShows is how many shows a summary is of at most.
const MaxSummaryShows = 20_000

// maxSummaryRows is how many rows a summary has; what is beyond them is one row more.
const maxSummaryRows = 500

// Summary is what the shows of some days brought together. A show counts as a whole, on
// the day on which it began: so orders and the viewers that they are divided by are of the
// same shows, whatever midnight it went past and however late an order was paid.
type Summary struct {
	By       SummaryBy    `json:"by" enum:"show,host,org,product,room,region"`
	From     string       `json:"from" doc:"The first day, as 2026-11-01"`
	To       string       `json:"to" doc:"The last day"`
	Timezone string       `json:"timezone" doc:"Whose midnights these days begin and end at"`
	At       time.Time    `json:"at" doc:"When it was made: orders and refunds still come in after a show"`
	Total    SummaryRow   `json:"total" doc:"All shows of these days. The rows divide its orders and its money"`
	Rows     []SummaryRow `json:"rows" doc:"The most orders first, 500 at most; those beyond are one row together (rest)"`
	Days     []SummaryDay `json:"days" doc:"Each day, with what the shows brought that began on it"`
	// NoShow are orders that no show can count.
	NoShow SummaryPart `json:"no_show" doc:"Orders that were paid in these days and came from no show that is known, or from one that is deleted. They are in no row and not in total"`
}

// SummaryRow is what came of a show, a host, a seller or a product.
type SummaryRow struct {
	ID      string     `json:"id,omitempty" doc:"Of the show, the organisation or the product; the slug of a room; the path of a region"`
	Name    string     `json:"name,omitempty"`
	SKU     string     `json:"sku,omitempty" doc:"Of a product"`
	Org     string     `json:"org,omitempty" doc:"Of a show: the organisation of its room; of a product: whose it is; of an organisation: the one above it; of a region: the path of the one around it"`
	Room    string     `json:"room,omitempty" doc:"Of a show"`
	Started *time.Time `json:"started,omitempty" doc:"Of a show"`
	Rest    string     `json:"rest,omitempty" enum:"others,no_product,no_seller" doc:"others: the rows beyond the first 500. no_seller: shows in which no product was shown and nothing was sold, of an answer by seller. no_product: what is of no product: postage, taxes, discounts, lines that match no product, and refunds of a part of an order"`
	SummaryFigures
	Below *SummaryFigures `json:"below,omitempty" doc:"Of an organisation, or a region, with others below it in the answer: what it and all of them did together. A show of several counts once"`
}

// SummaryFigures are the figures of a row.
type SummaryFigures struct {
	Shows  int64       `json:"shows" doc:"Of a seller: in which a product of it was shown or its shops sold; of a product: in which it was shown or sold"`
	OnAir  int64       `json:"on_air" doc:"Seconds on air, all broadcasts of these shows together; of a product: over the picture"`
	Total  SummaryPart `json:"total"`
	Live   SummaryPart `json:"live" doc:"What came of viewers while a show was on"`
	Replay SummaryPart `json:"replay" doc:"What came of viewers of recordings"`
}

// SummaryPart is what came of all viewers, or of some.
type SummaryPart struct {
	Views       *int64  `json:"views,omitempty" doc:"Players that began to play, of all shows of the row; missing: not known, or one of the shows is of a room whose figures you may not see"`
	Viewers     *int64  `json:"viewers,omitempty" doc:"Different viewers of each show, added up: who watched two shows counts twice. Missing: as with views"`
	Impressions *int64  `json:"impressions,omitempty" doc:"Cards that were in sight for a second; of live and replay together"`
	Clicks      *int64  `json:"clicks,omitempty" doc:"Viewers' ways to a shop; of a seller: on its products. Missing: as with views"`
	Orders      int64   `json:"orders" doc:"Orders that were paid, those that were refunded or cancelled later included. Of a product: with it in a line"`
	Units       int64   `json:"units" doc:"Pieces, as the lines of the orders tell"`
	Money       []Money `json:"money" doc:"One entry for each currency. Currencies are never added up"`
	Rates       []Rate  `json:"rates,omitempty" doc:"Of total alone. A rate is left out where one of its figures is not known, or its denominator is 0"`
}

// SummaryDay is what the shows brought that began on a day.
type SummaryDay struct {
	Day    string  `json:"day" doc:"As 2026-11-30"`
	Shows  int64   `json:"shows"`
	Orders int64   `json:"orders"`
	Money  []Money `json:"money"`
}

// SummaryShow is a show that a summary is of.
type SummaryShow struct {
	ID, Title, Room, Org string
	Region               string // of its room in a festival
	Started              time.Time
	OnAir                time.Duration
	// Whole: the actor sees all of it, with its audience; otherwise what its own shops sold.
	Whole                                      bool
	Views, ReplayViews, Viewers, ReplayViewers int64
}

// SummarySale sums up orders of a show, or lines of them, that are of one row.
type SummarySale struct {
	Show, Row, Currency                       string
	Replay                                    bool
	Orders, Units, Gross, Refunded, Cancelled int64
}

// SummarySeen is what viewers did in a show with what is of one row.
type SummarySeen struct {
	Show, Row                         string
	OnAir                             time.Duration // of a product
	Impressions, Clicks, ReplayClicks int64
}

// SummaryName is what a row is called.
type SummaryName struct{ Name, SKU, Org string }

// SummaryParts are the sums of which a summary is made.
type SummaryParts struct {
	Shows  []SummaryShow
	Sales  []SummarySale // by show and row
	Lines  []SummarySale // by show and product, of a summary by product; Sales are by show then
	Seen   []SummarySeen // by show and row
	NoShow []SummarySale
	Names  map[string]SummaryName // of the rows; of organisations also those above
}

// SummaryDays are the days of a summary, in a time zone.
type SummaryDays struct {
	From, To string
	Begin    time.Time // of the first day
	End      time.Time // of the day behind the last one
	Zone     *time.Location
}

const (
	usualSummaryDays = 30
	mostSummaryDays  = 366
)

// SummaryDaysOf gives the days that somebody asks for; without any the last 30.
func SummaryDaysOf(from, to, zone string, now time.Time) (SummaryDays, error) {
	if err := CheckZone("timezone", zone); err != nil {
		return SummaryDays{}, err
	}
	d := SummaryDays{Zone: time.UTC}
	if zone != "" {
		d.Zone, _ = time.LoadLocation(zone) // CheckZone knows it
	}
	last, err := summaryDay("to", to, now.In(d.Zone))
	if err != nil {
		return d, err
	}
	first, err := summaryDay("from", from, last.AddDate(0, 0, 1-usualSummaryDays))
	if err != nil {
		return d, err
	}
	behind := last.AddDate(0, 0, 1)
	switch {
	case first.After(last):
		return d, Errorf(Invalid, "to: must not be before from")
	case first.AddDate(0, 0, mostSummaryDays).Before(behind):
		return d, Errorf(Invalid, "from: at most %d days can be summed up at once", mostSummaryDays)
	}
	d.From, d.To = first.Format(time.DateOnly), last.Format(time.DateOnly)
	d.Begin, d.End = midnight(first, d.Zone), midnight(behind, d.Zone)
	return d, nil
}

// summaryDay gives a day as a date in UTC, where each day has a midnight.
func summaryDay(field, text string, usual time.Time) (time.Time, error) {
	if text == "" {
		return midnight(usual, time.UTC), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 2000 || day.Year() > 9000 {
		return day, Errorf(Invalid, "%s: must be a day such as 2026-11-30", field)
	}
	return day, nil
}

// midnight gives the beginning of a date in a time zone.
func midnight(date time.Time, zone *time.Location) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, zone)
}
