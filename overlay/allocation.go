package overlay

import "slices"

// maxAllocation is the most units that can be given to a show.
const maxAllocation = 1_000_000

// Allocation is a number of units of a product, or of a variant of it, that is given to a
// show. A unit is free, held for an open checkout, or sold.
type Allocation struct {
	ID      string `json:"id"`
	Show    string `json:"show"`
	Product string `json:"product"`
	Variant string `json:"variant,omitempty" doc:"Missing: the product, and those of its variants that have no allocation of their own"`
	Total   int64  `json:"total"`
	Held    int64  `json:"held" doc:"Units in checkouts that can still be paid"`
	Sold    int64  `json:"sold" doc:"Units that were paid"`
	// Stock is the strongest promise that a shop of the seller makes.
	Stock StockMode `json:"stock" doc:"Who counts: allocated-hold: no unit is sold twice; allocated-link: the shop stops at the number that is set there; external: the shop decides, and may sell more"`
	Rev   int64     `json:"rev" doc:"Counts the changes of the total, not the holds and sales"`
}

// Left is how many units are free.
func (a Allocation) Left() int64 { return a.Total - a.Held - a.Sold }

// Checked refuses an allocation that nobody can mean.
func (a Allocation) Checked() (Allocation, error) {
	if a.Total < 1 || a.Total > maxAllocation {
		return a, Errorf(Invalid, "total: must be an integer from 1 to %d", maxAllocation)
	}
	return a, nil
}

// Changed gives the allocation with another total; nil: the same. rev is the revision that
// the change was made on; 0: any.
func (a Allocation) Changed(to *int64, rev int64) (Allocation, error) {
	if rev != 0 && rev != a.Rev {
		return a, Errorf(Conflict, "rev: the allocation is at revision %d; somebody has changed it since revision %d", a.Rev, rev)
	}
	total := a.Total
	set(&total, to)
	if total < 0 || total > maxAllocation {
		return a, Errorf(Invalid, "total: must be an integer from 0 to %d", maxAllocation)
	}
	if total < a.Held+a.Sold {
		return a, Errorf(Conflict, "total: %d units are sold and %d are held in open checkouts, so it cannot be below %d", a.Sold, a.Held, a.Held+a.Sold)
	}
	a.Total = total
	a.Rev++
	return a, nil
}

// Unused refuses to take an allocation away that buyers have units of.
func (a Allocation) Unused() error {
	if a.Held+a.Sold == 0 {
		return nil
	}
	return Errorf(Conflict, "%d units are sold and %d are held in open checkouts: the allocation stays; set its total to %d to sell no more", a.Sold, a.Held, a.Held+a.Sold)
}

// AllocationFor gives the allocation that a variant of a product takes its units from:
// its own, else the product's.
func AllocationFor(all []Allocation, product, variant string) (Allocation, bool) {
	for _, v := range []string{variant, ""} {
		if i := slices.IndexFunc(all, func(a Allocation) bool { return a.Product == product && a.Variant == v }); i >= 0 {
			return all[i], true
		}
	}
	return Allocation{}, false
}

// Allotted gives the product with the stock that the allocations of a show leave: what is
// used up is out. What the catalogue calls out stays out.
func (p Product) Allotted(all []Allocation) Product {
	up := func(variant string) bool {
		a, ok := AllocationFor(all, p.ID, variant)
		return ok && a.Left() <= 0
	}
	if len(p.Variants) == 0 {
		if up("") {
			p.Stock = StockOut
		}
		return p
	}
	p.Variants = slices.Clone(p.Variants)
	any := false
	for i, v := range p.Variants {
		if up(v.ID) {
			p.Variants[i].Stock = StockOut
		}
		any = any || p.For(v.ID).Stock != StockOut
	}
	if !any {
		p.Stock = StockOut
	}
	return p
}
