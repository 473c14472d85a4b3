package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"text/tabwriter"
	"time"

	"mediad/cmd/mediad/testshop"
	"mediad/overlay"
)

// Result is what was done, and what the server says of it.
type Result struct {
	Profile  Profile           `json:"-"`
	Room     string            `json:"room"`
	Show     string            `json:"show"`
	Speed    float64           `json:"speed"`
	Seconds  float64           `json:"seconds"`
	Served   float64           `json:"served_seconds"` // until the last viewer had come, and paid
	Liked    int64             `json:"likes_sent"`
	Came     int64             `json:"viewers_sent"`
	Clicked  int64             `json:"clickers_sent"`
	Bought   int64             `json:"orders_sent"`
	Failed   int64             `json:"failures"`
	First    string            `json:"first_failure,omitempty"`
	BehindMS float64           `json:"behind_ms"` // how late the simulator itself was, at most
	Screen   Screen            `json:"players"`
	Report   overlay.Report    `json:"report"`
	Books    []testshop.Booked `json:"-"`
	Gross    int64             `json:"books_gross"`
	Refunded int64             `json:"books_refunded"`
	Mistakes []string          `json:"mistakes"` // what the server says otherwise than the shop's books
	Units    *Units            `json:"units,omitempty"`
	paid     int64             // of rare products
	began    time.Time
	done     doings
}

// settles is how long a report may take to know all: viewers are counted in memory, and
// written every few seconds.
const settles = 20 * time.Second

// allCounted is how many viewers a show may have for each to be counted. Of more a sample
// is, and so their likes are right within 5 % or so.
const allCounted = 8192

// ask reads the server's report, until it is what was done, or has had time enough.
func (r *Result) ask(ctx context.Context, c *client, w *world) error {
	r.sum()
	for end := time.Now().Add(settles); ; {
		r.Report = overlay.Report{}
		if err := c.ask(ctx, http.MethodGet, "/api/v1/shows/"+r.Show+"/report", nil, &r.Report); err != nil {
			return err
		}
		if w.rare != nil {
			u, err := w.rare.count(ctx, c, r.paid)
			if err != nil {
				return err
			}
			r.Units = &u
		}
		if r.compare(); len(r.Mistakes) == 0 || time.Now().After(end) {
			return nil
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// sum adds up what was done.
func (r *Result) sum() {
	d := &r.done
	r.Came, r.Clicked, r.Bought, r.Failed = d.came.Load(), d.clicked.Load(), d.bought.Load(), d.failed.Load()
	r.Liked = d.liked.Load()
	r.BehindMS, r.Seconds = float64(d.behind.Load())/1e6, time.Since(r.began).Seconds()
	if first := d.first.Load(); first != nil {
		r.First = *first
	}
	for _, b := range r.Books {
		r.Gross, r.Refunded = r.Gross+b.Amount, r.Refunded+b.Refunded
	}
}

func (r *Result) compare() {
	r.Mistakes = deeds{r.Came, r.Liked, r.Clicked, int64(len(r.Books)), r.Gross, r.Refunded}.compare(r.Report.Total)
	if r.Units != nil {
		r.Mistakes = append(r.Mistakes, r.Units.mistakes()...)
	}
}

// deeds are what was done in a show.
type deeds struct{ came, liked, clicked, orders, gross, refunded int64 }

func done(came, liked, clicked int64, books []testshop.Booked) deeds {
	d := deeds{came: came, liked: liked, clicked: clicked, orders: int64(len(books))}
	for _, b := range books {
		d.gross, d.refunded = d.gross+b.Amount, d.refunded+b.Refunded
	}
	return d
}

// compare finds what the server says otherwise.
func (d deeds) compare(t overlay.ReportPart) []string {
	wrong := []string{}
	same := func(what string, got, want int64) {
		if got != want {
			wrong = append(wrong, fmt.Sprintf("%s: the server says %d, and %d were made", what, got, want))
		}
	}
	same("orders", t.Orders, d.orders)
	if t.Viewers != nil && d.came < overlay.LowNumbers { // beyond it they are estimated
		same("viewers", *t.Viewers, d.came)
	}
	likes, near := known(t.Likes), int64(0)
	if d.came > allCounted {
		near = d.liked / 20
	}
	if likes-d.liked > near || d.liked-likes > near {
		same("likes", likes, d.liked)
	}
	if t.Clicks != nil {
		same("clicks", *t.Clicks, d.clicked)
	}
	if t.Clickers != nil && d.clicked < overlay.LowNumbers {
		same("viewers who clicked", *t.Clickers, d.clicked)
	}
	var gross, refunded int64
	for _, m := range t.Money {
		gross, refunded = gross+m.Gross, refunded+m.Refunded
		if m.Currency != currency {
			wrong = append(wrong, "money in "+m.Currency+", which nobody paid in")
		}
	}
	same("money paid, in fen", gross, d.gross)
	same("money that went back, in fen", refunded, d.refunded)
	return wrong
}

// Write writes the report for people.
func (r *Result) Write(out io.Writer) error {
	p := r.Profile
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s, as %s tells of it, at %g times its speed: room %s, show %s\n\n", p.Title, p.Source, r.Speed, r.Room, r.Show)
	fmt.Fprintf(w, "\tthe article\tthis run, as the server reports it\n")
	fmt.Fprintf(w, "length\t%v\t%.0f s\n", p.Length, r.Seconds)
	fmt.Fprintf(w, "viewers\t%d\t%s\n", p.Viewers, told(r.Report.Total.Viewers))
	fmt.Fprintf(w, "orders\t%d\t%d\n", p.Orders, r.Report.Total.Orders)
	if p.Load {
		r.writeRates(w)
	} else {
		fmt.Fprintf(w, "orders per viewer\tprinted as %s; its figures give %.2f %%\t%s\n", p.Printed, 100*float64(p.Orders)/float64(p.Viewers), r.rate("orders_per_viewer"))
	}
	if p.Clickers > 0 && !p.Load {
		fmt.Fprintf(w, "buyers per viewer who clicked\tof %d clickers, as the printed rate would have it: %.2f %%\t%s\n", p.Clickers, 100*float64(p.Orders)/float64(p.Clickers), r.rate("conv_click"))
	}
	for _, m := range r.Report.Total.Money {
		fmt.Fprintf(w, "paid, went back, net\t\t%s, %s, %s %s\n", overlay.InUnits(m.Gross, m.Currency), overlay.InUnits(m.Refunded, m.Currency), overlay.InUnits(m.Net, m.Currency), m.Currency)
	}
	fmt.Fprintf(w, "webhooks\t\t%s\n", faulty())
	fmt.Fprintf(w, "units held for buyers\t\t%s\n", r.Units.told())
	fmt.Fprintf(w, "players\t\t%d parts, %d over %v late, the latest %.0f ms; %d failures\n", r.Screen.Parts, r.Screen.Late, stutter, r.Screen.WorstMS, r.Screen.Failed)
	fmt.Fprintf(w, "the simulator\t\t%d failures, at most %.0f ms behind its plan\n", r.Failed, r.BehindMS)
	if r.First != "" {
		fmt.Fprintf(w, "\t\tthe first failure: %s\n", r.First)
	}
	if len(r.Mistakes) == 0 {
		fmt.Fprintf(w, "\nThe server's ledger is the same as the shop's books, order by order.\n")
	}
	for _, m := range r.Mistakes {
		fmt.Fprintf(w, "\nWRONG  %s\n", m)
	}
	return w.Flush()
}

// faulty says how webhooks come.
func faulty() string {
	return fmt.Sprintf("up to %v late, %.0f %% twice, %.0f %% lost at first, %.0f %% forged", faults.Late, 100*faults.Twice, 100*faults.Lost, 100*faults.Forged)
}

// rate gives a rate of the report with both of its figures.
func (r *Result) rate(name string) string {
	for _, rate := range r.Report.Total.Rates {
		if rate.Name == name {
			return rate.Text
		}
	}
	return "not known"
}

func told(n *int64) string {
	if n == nil {
		return "not known"
	}
	return fmt.Sprint(*n)
}

func known(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// JSON writes the report for programs.
func (r *Result) JSON(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// writeRates says how much of a load was reached, and whether the picture stood still beside
// it. Where the rate was not reached, the simulator's own machine may be what was too slow.
func (r *Result) writeRates(w io.Writer) {
	p, length := r.Profile, r.Profile.Length.Seconds()
	rate := func(what string, asked int, done int64) {
		fmt.Fprintf(w, "%s a second\t%.0f\t%.0f\n", what, float64(asked)/length, float64(done)/max(r.Served, 1))
	}
	rate("likes", p.Likes, r.Liked)
	fmt.Fprintf(w, "likes\t%d\t%s of %d that were given; %s\n", p.Likes, told(r.Report.Total.Likes), r.Liked, r.rate("likes_per_viewer"))
	rate("orders", p.Orders, r.Bought)
	picture := "did not stutter"
	if r.Screen.Late > 0 {
		picture = "stuttered"
	}
	fmt.Fprintf(w, "the picture\t\t%s\n", picture)
}
