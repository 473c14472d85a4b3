// Package catalogue reads files of products as merchants have them: Google
// Merchant feeds (TSV, or XML as RSS and Atom), Shopify's CSV in its old and its
// new header, and plain spreadsheets with the columns sku, title and price.
//
// In goes a file in any usual encoding. Out come items one after the other: each
// is what a row says of a product, or why the row is rejected, in words for the
// person who made the file. The file itself is refused where no row of it can be
// trusted. Nothing in a cell is ever more than text: no formula, no entity and no
// address is followed. Sizes are bounded, and memory does not grow with the file
// except for one short entry for each SKU.
package catalogue

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"mediad/overlay"
)

// Limits of a file. A record is a row of a table, or an item of XML.
const (
	MaxBytes   = 256 << 20
	MaxRows    = 500_000
	maxColumns = 200
	maxCell    = 64 << 10
	maxRecord  = 1 << 20
	maxDepth   = 32
	// maxRejected ends the reading of a file that is evidently something else.
	maxRejected = 10_000
	// maxReason is how many characters of a reason are kept, and maxQuoted how many of
	// what the file says are quoted in it.
	maxReason = 500
	maxQuoted = 80
)

// Options of Read.
type Options struct {
	// Currency is that of prices that name none; "": such prices are rejected.
	Currency string
	// Now is the moment for which sale prices are read that hold for a time; zero: they
	// hold.
	Now time.Time
	// Progress is told how many bytes of the file are read; nil: nobody is.
	Progress func(done, total int64)
}

// Item is what a file says of one product, or a row that is rejected.
type Item struct {
	// Row is where it stands: rows of a table as a spreadsheet numbers them, where
	// the header is row 1; items of XML from 1.
	Row int
	// Reason is why it is rejected; "": it is not.
	Reason string
	// SKU and Title are as the row has them; of a rejected one they are for people, and
	// may be empty.
	SKU, Title string
	// Again: a good row had the SKU before.
	Again bool
	// Change has what the file says; a field for which it has no column is nil.
	Change overlay.ProductChange
}

// Read reads a file and hands each item to each, in the order of the file; a product of
// several rows where its last row stands. An overlay.Error says in words why the file is
// refused. An error of each ends the reading and is returned.
func Read(ctx context.Context, f io.ReadSeeker, o Options, each func(Item) error) error {
	text, err := decoded(f, nil)
	if err != nil {
		return err
	}
	has, err := grouped(text)
	if err != nil {
		return err
	}
	out := &sink{ctx: ctx, each: each, seen: map[string]int{}}
	if has {
		out.groups = newGroups()
		first := &sink{ctx: ctx, groups: out.groups}
		out.groups.counting = true
		if err := read(f, Options{}, first); err != nil {
			return err
		}
		out.groups.counting = false
	}
	return read(f, o, out)
}

func read(f io.ReadSeeker, o Options, out *sink) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	text, err := decoded(f, o.Progress)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(text, 64<<10)
	head, err := in.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch start := bytes.TrimSpace(head); {
	case len(start) == 0:
		return refused("the file is empty")
	case start[0] == '<':
		err = readXML(in, o, out)
	default:
		err = readTable(in, o, out)
	}
	if err == nil && out.items == 0 {
		return refused("the file has no rows below its header")
	}
	return err
}

// clipped gives a piece of the file as a reason quotes it.
func clipped(s string) string {
	if cut := []rune(s); len(cut) > maxQuoted {
		return string(cut[:maxQuoted]) + "…"
	}
	return s
}

// refused is an error about the whole file.
func refused(format string, args ...any) error {
	return overlay.Errorf(overlay.Invalid, format, args...)
}

// sink hands items on, within the bounds of a file.
type sink struct {
	ctx             context.Context
	each            func(Item) error
	seen            map[string]int // the row of each SKU
	groups          *groups        // nil: no rows belong together
	items, rejected int
}

// counted counts a row.
func (s *sink) counted() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if s.items++; s.items > MaxRows {
		return refused("the file has more than %d rows; divide it", MaxRows)
	}
	return nil
}

// put counts a row and hands on what it makes, unless rows are only counted now.
func (s *sink) put(made func() Item) error {
	if s.counting() {
		return s.counted()
	}
	return s.give(made())
}

func (s *sink) counting() bool { return s.groups != nil && s.groups.counting }

// give counts a row and hands on its item.
func (s *sink) give(i Item) error {
	if err := s.counted(); err != nil || s.counting() {
		return err
	}
	if i.Reason == "" {
		if row, twice := s.seen[i.SKU]; twice {
			i = i.rejected(i.Row, "sku: %q was in row %d already", i.SKU, row)
			i.Again = true
		} else {
			s.seen[i.SKU] = i.Row
		}
	}
	if i.Reason != "" {
		i.Reason = overlay.Plain(i.Reason, maxReason)
		if s.rejected++; s.rejected > maxRejected {
			return refused("more than %d rows are wrong; the last one is row %d: %s", maxRejected, i.Row, i.Reason)
		}
	}
	return s.each(i)
}
