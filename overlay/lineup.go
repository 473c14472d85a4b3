package overlay

import (
	"slices"
	"strings"
	"time"
)

// Limits of a line-up. The label stands on a small button, the note is for the host
// alone.
const (
	MaxLines       = 500
	maxPerOrder    = 9999
	maxButtonLabel = 30   // characters
	maxLineNote    = 1000 // characters
)

// Line is a product in the line-up of a show.
type Line struct {
	Product     string // id; in a request also its SKU
	Price       *int64 // in this show, in minor units of the product's currency; nil: as in the catalogue
	MaxPerOrder int64  // 0: no limit
	ButtonLabel string
	Note        string    // for the host
	Reveal      time.Time // from when on viewers may know of it; zero: from its first pin on
	// Goods is the product as the show has it, Catalogue as the catalogue has it; Rev is
	// the revision that the show keeps, 0 before it has begun. They are the store's to
	// set.
	Goods, Catalogue Product
	Rev              int64
	// Seller is the name of the organisation that sells it, where that is not the show's.
	Seller string
}

// Lineup is the run of products that a show is planned with.
type Lineup struct {
	Show  string
	Rev   int64  // counts the changes
	Line  string // the product of the line that was pinned last; "": none
	Lines []Line
	// By made the last change, and Changed is when; empty before the first.
	By      By
	Changed time.Time
}

// NewLineup is a line-up to set. Rev, if not nil, is the revision that it was made on:
// any other is a conflict.
type NewLineup struct {
	Rev      *int64
	Lines    []Line
	CopyFrom string // the show whose line-up it becomes instead; "": none
}

// LineupChanged is what hosts are told of a change.
type LineupChanged struct {
	Rev  int64  `json:"rev"`
	By   string `json:"by"`             // who made it
	Line string `json:"line,omitempty"` // as in Lineup
	// Product is the one whose line was changed, put or taken out; "": several were, or
	// the place in the line-up alone. Was and Price are its price in the show before and
	// after, if that has changed.
	Product string `json:"product,omitempty"`
	Was     *int64 `json:"was,omitempty"`
	Price   *int64 `json:"price,omitempty"`
}

// Of says which line a change was about. before and after are the product as the show has
// it.
func (c LineupChanged) Of(before, after Product) LineupChanged {
	if c.Product = after.ID; before.ID == after.ID && before.Price != after.Price {
		c.Was, c.Price = &before.Price, &after.Price
	}
	return c
}

// Checked gives the line made regular, or an Error that names the field. n counts
// from 1.
func (l Line) Checked(n int) (Line, error) {
	l.Product, l.ButtonLabel = strings.TrimSpace(l.Product), strings.TrimSpace(l.ButtonLabel)
	fail := func(format string, args ...any) (Line, error) {
		return Line{}, Errorf(Invalid, "items: line %d: "+format, append([]any{n}, args...)...)
	}
	switch {
	case l.Product == "":
		return fail("product: is missing")
	case l.Price != nil && (*l.Price < 0 || *l.Price > maxPrice):
		return fail("price: must be an integer in minor units from 0 to %d", int64(maxPrice))
	case l.MaxPerOrder < 0 || l.MaxPerOrder > maxPerOrder:
		return fail("max_per_order: must be from 1 to %d, or 0 for no limit", maxPerOrder)
	}
	if err := checkText("button_label", l.ButtonLabel, maxButtonLabel, false); err != nil {
		return fail("%s", err.Error())
	}
	if err := checkInBand("button_label", l.ButtonLabel); err != nil {
		return fail("%s", err.Error())
	}
	if err := checkText("note", l.Note, maxLineNote, true); err != nil {
		return fail("%s", err.Error())
	}
	if l.Reveal = l.Reveal.UTC().Truncate(time.Millisecond); !l.Reveal.IsZero() && l.Reveal.Year() > 9999 {
		return fail("reveal_at: is too far ahead")
	}
	return l, nil
}

// Checked gives the line-up made regular, or an Error.
func (n NewLineup) Checked() (NewLineup, error) {
	if n.CopyFrom != "" && n.Lines != nil {
		return n, Errorf(Invalid, "send either items or copy_from")
	}
	if len(n.Lines) > MaxLines {
		return n, Errorf(Invalid, "items: has %d lines, at most %d are allowed", len(n.Lines), MaxLines)
	}
	lines := make([]Line, len(n.Lines))
	for i, l := range n.Lines {
		var err error
		if lines[i], err = l.Checked(i + 1); err != nil {
			return n, err
		}
	}
	n.Lines = lines
	return n, nil
}

// At gives the place of a product (id, else SKU) in the line-up, -1 if it is not
// there.
func (l Lineup) At(product string) int {
	at := slices.IndexFunc(l.Lines, func(line Line) bool { return line.Product == product })
	if at < 0 && product != "" {
		at = slices.IndexFunc(l.Lines, func(line Line) bool { return line.Catalogue.SKU == product })
	}
	return at
}

// Step gives the line after the present one, or the one before it.
func (l Lineup) Step(back bool) (Line, error) {
	at := l.At(l.Line)
	switch {
	case len(l.Lines) == 0:
		return Line{}, Errorf(Conflict, "the show has no line-up; set one with PUT /api/v1/shows/%s/lineup", l.Show)
	case back && at <= 0:
		return Line{}, Errorf(Conflict, "there is no line before this one")
	case back:
		return l.Lines[at-1], nil
	case at == len(l.Lines)-1:
		return Line{}, Errorf(Conflict, "this was the last line")
	}
	return l.Lines[at+1], nil
}

// Moved gives the present line for other lines: it stays, or if it is gone, the
// nearest one before it that stays, so that next goes on with what followed.
func (l Lineup) Moved(to []Line) string {
	for i := l.At(l.Line); i >= 0; i-- {
		if id := l.Lines[i].Product; (Lineup{Lines: to}).At(id) >= 0 {
			return id
		}
	}
	return ""
}

// LineChange is what to change of a line; nil leaves a field as it is.
type LineChange struct {
	Rev               *int64 // of the line-up that the change was made on: any other is a conflict
	Price             *int64
	NoPrice           bool // the price is the catalogue's again
	MaxPerOrder       *int64
	ButtonLabel, Note *string
	Reveal            *time.Time // zero: with its first pin
}

// Changed gives the line with a change laid over it, or an Error that names the field.
func (l Line) Changed(c LineChange, n int) (Line, error) {
	if c.Price != nil || c.NoPrice {
		l.Price = c.Price
	}
	set(&l.MaxPerOrder, c.MaxPerOrder)
	set(&l.ButtonLabel, c.ButtonLabel)
	set(&l.Note, c.Note)
	set(&l.Reveal, c.Reveal)
	return l.Checked(n)
}

// SamePrice tells whether two lines have the same price.
func (l Line) SamePrice(m Line) bool {
	return (l.Price == nil) == (m.Price == nil) && (l.Price == nil || *l.Price == *m.Price)
}
