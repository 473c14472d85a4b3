package overlay

import (
	"strings"
	"time"
)

// Presenter is somebody who hosts shows of an organisation, and gets a share of what they
// sell.
type Presenter struct {
	ID         string    `json:"id"`
	Org        string    `json:"org"`
	Name       string    `json:"name"`
	Commission int64     `json:"commission_bp" doc:"The share of sales, in hundredths of a percent: 1250 is 12.5 %. A change holds for orders that come after it"`
	Created    time.Time `json:"created"`
}

const (
	maxPresenterName = 150
	wholeShare       = 10_000 // basis points
)

// Checked gives the host with its name trimmed, or says what is wrong with it.
func (p Presenter) Checked() (Presenter, error) {
	p.Name = strings.TrimSpace(p.Name)
	if p.Name == "" {
		return p, Errorf(Invalid, "name: must not be empty")
	}
	if p.Commission < 0 || p.Commission > wholeShare {
		return p, Errorf(Invalid, "commission_bp: must be an integer from 0 to %d", wholeShare)
	}
	return p, checkText("name", p.Name, maxPresenterName, false)
}

// PresenterChange is what to change of a host; nil leaves a field as it is.
type PresenterChange struct {
	Name       *string
	Commission *int64
}

// CommissionOf is the share of an amount, rounded half away from zero.
func CommissionOf(net, share int64) int64 {
	most, rest := net/wholeShare*share, net%wholeShare*share // apart, so that no product is beyond 64 bits
	half := int64(wholeShare / 2)
	if rest < 0 {
		half = -half
	}
	return most + (rest+half)/wholeShare
}

// Booking is a line of a host's account. Lines are added and never changed: what changes
// later is a line of its own.
type Booking struct {
	Order    string    `json:"order" doc:"Id"`
	Name     string    `json:"name" doc:"The shop's own name of the order"`
	Show     string    `json:"show"`
	Title    string    `json:"title" doc:"Of the show"`
	At       time.Time `json:"at" doc:"When it was booked: when the shop told of it, or when somebody said whose show it was"`
	Currency string    `json:"currency"`
	Net      int64     `json:"net" doc:"What the order brought, in minor units; below 0: what went back"`
	Share    int64     `json:"commission_bp" doc:"As it was at the sale"`
	Amount   int64     `json:"commission" doc:"In minor units"`
}

// StatementSum sums up a statement in one currency.
type StatementSum struct {
	Currency string `json:"currency"`
	Orders   int64  `json:"orders" doc:"Different orders"`
	Net      int64  `json:"net"`
	Amount   int64  `json:"commission"`
}

// Statement is a host's account of a month.
type Statement struct {
	Host     Presenter      `json:"host"`
	Month    string         `json:"month" doc:"As 2026-11"`
	Timezone string         `json:"timezone" doc:"Whose midnights the month begins and ends at"`
	At       time.Time      `json:"at" doc:"When it was made. A month that is over does not change any more"`
	Sums     []StatementSum `json:"sums" doc:"One for each currency. Currencies are never added up"`
	Count    int64          `json:"count" doc:"How many lines it has"`
	Lines    []Booking      `json:"lines" doc:"The oldest first; the first 1,000 here, and all in the table for spreadsheets"`
}

// StatementLines is how many lines of a statement an answer has, and a table.
const (
	StatementLines = 1000
	StatementTable = 200_000
)

// MonthOf gives the begin and the end of a month in a time zone; "": the one of now.
func MonthOf(month, zone string, now time.Time) (name string, from, until time.Time, loc *time.Location, err error) {
	if err := CheckZone("timezone", zone); err != nil {
		return "", from, until, nil, err
	}
	loc = time.UTC
	if zone != "" {
		loc, _ = time.LoadLocation(zone) // CheckZone knows it
	}
	if month == "" {
		month = now.In(loc).Format("2006-01")
	}
	first, err := time.Parse("2006-01", month)
	if err != nil || first.Year() < 2000 || first.Year() > 9000 {
		return "", from, until, nil, Errorf(Invalid, "month: must be a month such as 2026-11")
	}
	return month, midnight(first, loc), midnight(first.AddDate(0, 1, 0), loc), loc, nil
}
