package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"mediad/cmd/mediad/testshop"
	"mediad/overlay"
)

// VillageResult is how far a village came.
type VillageResult struct {
	Village     Village  `json:"-"`
	Name        string   `json:"name"` // of the organisation; its rooms begin with it
	Org         string   `json:"org"`
	Asked       int      `json:"rooms_asked"`
	Held        int      `json:"rooms_held"`
	GaveIn      []string `json:"gave_in,omitempty"` // what was too much first, with more rooms
	Cores       int      `json:"cores"`             // of the simulator's machine
	Players     int      `json:"players"`
	Speed       float64  `json:"speed"`
	Seconds     float64  `json:"seconds"`
	Looks       []Look   `json:"looks"`            // the last one is the longest
	Stayed      *Look    `json:"stayed,omitempty"` // with the rooms that were held
	Came        int64    `json:"viewers_sent"`
	Clicked     int64    `json:"clicks_sent"`
	Bought      int64    `json:"orders_sent"`
	Failed      int64    `json:"failures"`
	First       string   `json:"first_failure,omitempty"`
	Gross       int64    `json:"books_gross"`
	Refunded    int64    `json:"books_refunded"`
	Units       *Units   `json:"units,omitempty"`
	Mistakes    []string `json:"mistakes"`
	Interrupted string   `json:"interrupted,omitempty"`
	began       time.Time
}

// compare asks for the report of each room, until it is what was done there, or there was
// time enough.
func (v *village) compare(ctx context.Context, r *VillageResult) error {
	r.Mistakes = []string{}
	books, paid := map[string][]testshop.Booked{}, map[string]int64{} // by room
	all := v.stall.shop.Books()
	if v.till != nil {
		r.Units = &Units{}
		for _, b := range v.till.shop.Books() {
			paid[strings.TrimSuffix(b.SKU, rareGood("").SKU)]++
			all = append(all, b)
		}
	}
	for _, b := range all {
		room := b.SKU[:strings.LastIndex(b.SKU, "-")]
		books[room] = append(books[room], b)
		r.Gross, r.Refunded = r.Gross+b.Amount, r.Refunded+b.Refunded
	}
	wrong, units := make([][]string, len(v.all)), make([]Units, len(v.all))
	end := time.Now().Add(settles)
	err := each(v.all, func(f *farm) error {
		if f.show == "" {
			return nil
		}
		for {
			var report overlay.Report
			if err := v.c.ask(ctx, http.MethodGet, "/api/v1/shows/"+f.show+"/report", nil, &report); err != nil {
				return err
			}
			wrong[f.number] = done(f.done.came.Load(), f.done.liked.Load(), f.done.clicked.Load(), books[f.room]).compare(report.Total)
			if rare := f.shop.rare; rare != nil {
				u, err := rare.count(ctx, v.c, paid[f.room])
				if err != nil {
					return err
				}
				units[f.number], wrong[f.number] = u, append(wrong[f.number], u.mistakes()...)
			}
			if len(wrong[f.number]) == 0 || time.Now().After(end) {
				return nil
			}
			if err := wait(ctx, time.Second); err != nil {
				return err
			}
		}
	})
	for n, f := range v.all {
		d := &f.done
		r.Came, r.Clicked, r.Bought, r.Failed = r.Came+d.came.Load(), r.Clicked+d.clicked.Load(), r.Bought+d.bought.Load(), r.Failed+d.failed.Load()
		if first := d.first.Load(); first != nil && r.First == "" {
			r.First = *first
		}
		if r.Units != nil {
			*r.Units = r.Units.plus(units[n])
		}
		for _, words := range wrong[n] {
			r.Mistakes = append(r.Mistakes, f.room+": "+words)
		}
	}
	return err
}

// JSON writes the result for programs.
func (r *VillageResult) JSON(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// far says in words how far the run came.
func (r *VillageResult) far() string {
	switch {
	case r.Interrupted != "":
		return fmt.Sprintf("%d rooms were on air in time when the run was ended (%s)", r.Held, r.Interrupted)
	case len(r.GaveIn) == 0:
		return fmt.Sprintf("all %d rooms that were asked for", r.Held)
	}
	return fmt.Sprintf("%d of %d rooms; with more of them %s", r.Held, r.Asked, strings.Join(r.GaveIn, ", and "))
}

// Write writes the result for people.
func (r *VillageResult) Write(out io.Writer) error {
	p := r.Village
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s, as %s tells of it: organisation %s\n\n", p.Title, p.Source, r.Name)
	fmt.Fprintf(w, "How far it came, simulator and server on %d cores if they share a machine: %s.\n\n", r.Cores, r.far())
	fmt.Fprintf(w, "\tthe article\tthis run\n")
	fmt.Fprintf(w, "rooms on air\t%d at the evening's peak (50,000 in three months, 549 a day)\t%d\n", p.Rooms, r.Held)
	if l := r.Stayed; l != nil {
		r.stayed(w, *l)
	}
	fmt.Fprintf(w, "viewers in all\t4,000 for each broadcast\t%d in %.0f s\n", r.Came, r.Seconds)
	fmt.Fprintf(w, "orders in all\t20 a day of each farmer\t%d, %s paid, %s of it went back\n", r.Bought, overlay.InUnits(r.Gross, currency), overlay.InUnits(r.Refunded, currency))
	fmt.Fprintf(w, "webhooks\t\t%s\n", faulty())
	fmt.Fprintf(w, "units held for buyers\t\t%s\n", r.Units.told())
	fmt.Fprintf(w, "failures\t\t%d\n", r.Failed)
	if r.First != "" {
		fmt.Fprintf(w, "\t\tthe first: %s\n", r.First)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nStep by step:\n")
	for _, l := range r.Looks {
		fmt.Fprintf(out, "  %v\n", l)
	}
	for _, m := range r.Mistakes {
		fmt.Fprintf(out, "\nWRONG  %s\n", m)
	}
	if len(r.Mistakes) == 0 {
		fmt.Fprintf(out, "\nThe server's ledger is the same as the shop's books, room by room.\n")
	}
	return nil
}

// stayed writes what was seen while the rooms that were held were stayed with.
func (r *VillageResult) stayed(w io.Writer, l Look) {
	p := r.Village
	share := float64(p.Rooms)
	row := func(what string, source, here float64) {
		fmt.Fprintf(w, "%s a second\t%.1f, of all rooms\t%.1f\n", what, source, here)
	}
	fmt.Fprintf(w, "looked at\t\tfor %.0f s, a player in %d rooms\n", l.Seconds, l.Followed)
	fmt.Fprintf(w, "viewers of a room\t%d at a time\t%d, who tell of themselves as players do\n", p.Present, p.Present)
	row("beacons", p.beacons(p.Rooms), l.Beacons)
	row("likes", share*float64(p.Present)*p.Likes/p.Stays.Seconds(), l.Likes)
	row("clicks", p.Orders*float64(p.Clicks), l.Clicks)
	row("orders", p.Orders, l.Orders)
	fmt.Fprintf(w, "picture of a room\tcheap uplinks\t%.0f kbit/s with sound\n", l.Kbps)
	fmt.Fprintf(w, "parts, behind the quickest of their room\t\t%.0f ms p50, %.0f ms p99, the latest %.0f ms; %d of %d over %v\n", l.P50, l.P99, l.Worst, l.Late, l.Parts, stutter)
	fmt.Fprintf(w, "encoders, behind their clock\t\t%.0f ms p99\n", l.Push)
	cpu := fmt.Sprintf("simulator %.2f, server not known (--metrics)", l.SimCPU)
	if l.ServerCPU != nil {
		cpu = fmt.Sprintf("simulator %.2f, server %.2f", l.SimCPU, *l.ServerCPU)
	}
	fmt.Fprintf(w, "cores in use\t\t%s\n", cpu)
}
