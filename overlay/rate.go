package overlay

import (
	"strconv"
	"strings"
)

// Rate is a quotient that can be checked: both of its figures stand beside it, with their names.
type Rate struct {
	Name            string  `json:"name" doc:"As orders_per_viewer"`
	Value           float64 `json:"value" doc:"numerator ÷ denominator; 0.1028 is 10.28 %. Of gmv_per_minute 60 times that: its denominator is seconds; of gpm 1,000 times that. Of average_viewers and likes_per_viewer it is a number and no share"`
	Numerator       int64   `json:"numerator"`
	NumeratorName   string  `json:"numerator_name"`
	Denominator     int64   `json:"denominator" doc:"Never 0"`
	DenominatorName string  `json:"denominator_name"`
	Currency        string  `json:"currency,omitempty" doc:"The numerator is in minor units of it; missing: it is a count, and the rate a share"`
	Text            string  `json:"text" doc:"As orders_per_viewer 10.28 % (1,228 / 11,951)"`
}

// figure is a number with its name. nil: it is not known.
type figure struct {
	name string
	n    *int64
}

// rate gives the quotient of two figures; ok is false where one is not known, or nothing
// can be divided by the other. Such a rate is left out: 0 would be a statement.
func rate(name string, a, b figure, currency string) (r Rate, ok bool) {
	if a.n == nil || b.n == nil || *b.n <= 0 {
		return r, false
	}
	r = Rate{Name: name, Value: float64(*a.n) / float64(*b.n), Numerator: *a.n, NumeratorName: a.name, Denominator: *b.n, DenominatorName: b.name, Currency: currency}
	return r.times(1), true
}

// times gives the rate for so many of its denominator: money for each 60 seconds.
func (r Rate) times(n float64) Rate {
	r.Value *= n
	both := "(" + grouped(r.Numerator) + " / " + grouped(r.Denominator) + ")"
	if r.Currency != "" {
		r.Text = r.Name + " " + strconv.FormatFloat(r.Value, 'f', 2, 64) + " minor units of " + r.Currency + " " + both
		return r
	}
	r.Text = r.Name + " " + strconv.FormatFloat(r.Value*100, 'f', 2, 64) + " % " + both
	return r
}

// each gives the rate of what each does many times: 8.04 likes, and no percentage.
func (r Rate) each() Rate {
	r.Text = r.Name + " " + strconv.FormatFloat(r.Value, 'f', 2, 64) + " (" + grouped(r.Numerator) + " / " + grouped(r.Denominator) + ")"
	return r
}

// grouped writes a number with a comma between each three digits.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	var b strings.Builder
	for i, digit := range text {
		if i > 0 && (len(text)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return sign + b.String()
}
