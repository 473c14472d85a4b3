package overlay

import "slices"

// Place says where in a line-up a product goes: behind the line of another one (id or
// SKU), "": to the beginning, nil: behind the present line, so that it comes next. Rev, if
// not nil, is the revision that it was chosen on: any other is a conflict.
type Place struct {
	Rev   *int64
	After *string
}

// Placed gives the lines with one of them at a place. A line that is not there yet is
// added.
func (l Lineup) Placed(line Line, to *string) ([]Line, error) {
	lines, after := slices.Clone(l.Lines), l.Line
	if to != nil {
		after = *to
	} else if at := l.At(line.Product); at >= 0 && at == l.At(after) {
		return nil, Errorf(Conflict, "the product is the present line already")
	}
	if at := l.At(line.Product); at >= 0 {
		if after != "" && l.At(after) == at {
			return nil, Errorf(Invalid, "after: a product cannot stand behind itself")
		}
		line = lines[at]
		lines = slices.Delete(lines, at, at+1)
	} else if len(lines) == MaxLines {
		return nil, Errorf(Invalid, "the line-up has %d lines, and no more are allowed", MaxLines)
	}
	at := 0
	if after != "" {
		if at = (Lineup{Lines: lines}).At(after) + 1; at == 0 {
			return nil, Errorf(Invalid, "after: there is no product %q in the line-up", after)
		}
	}
	return slices.Insert(lines, at, line), nil
}

// Without gives the lines without that of a product, id or SKU.
func (l Lineup) Without(product string) ([]Line, error) {
	at := l.At(product)
	if at < 0 {
		return nil, Errorf(NotFound, "the product is not in the line-up")
	}
	return slices.Delete(slices.Clone(l.Lines), at, at+1), nil
}
