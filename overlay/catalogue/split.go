package catalogue

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// splitter cuts a table into records. encoding/csv does not fit: it reads a quote
// that is never closed to the end of the file into memory, and it refuses a plain
// quote inside a cell (12" pan), which feeds are full of.
type splitter struct {
	in    *bufio.Reader
	delim byte
	row   int // the record that was read last, as spreadsheets number them
	cell  []byte
	cells []string
	size  int // bytes of the record
}

// rowError is why one record is rejected; the next ones can be read.
type rowError string

func (e rowError) Error() string { return string(e) }

// next gives the next record that is not empty. io.EOF: there is none.
func (s *splitter) next() ([]string, error) {
	for {
		s.row++
		cells, err := s.record()
		if err != nil {
			return nil, err
		}
		for _, c := range cells {
			if c != "" {
				return cells, nil
			}
		}
	}
}

// endOf says what a cell ended with.
type endOf int

const (
	endCell endOf = iota
	endRecord
	endFile
)

func (s *splitter) record() ([]string, error) {
	s.cells, s.size = s.cells[:0], 0
	var wrong error
	for {
		end, err := s.one()
		var row rowError
		switch {
		case errors.As(err, &row):
			wrong = row
		case err != nil:
			return nil, err
		}
		if wrong == nil {
			if s.cells = append(s.cells, string(s.cell)); len(s.cells) > maxColumns {
				wrong = rowError(fmt.Sprintf("has more than %d columns", maxColumns))
			}
		}
		switch {
		case end == endCell:
			continue
		case wrong != nil:
			return nil, wrong
		case end == endFile && len(s.cells) == 1 && s.cells[0] == "":
			return nil, io.EOF
		}
		return s.cells, nil
	}
}

// one reads a cell into s.cell.
func (s *splitter) one() (endOf, error) {
	s.cell = s.cell[:0]
	b, err := s.byte()
	if err == nil && b == '"' {
		return s.quoted()
	}
	return s.plain(b, err, nil)
}

// plain reads a cell without quotes, which begins with b.
func (s *splitter) plain(b byte, err, wrong error) (endOf, error) {
	for ; err == nil; b, err = s.byte() {
		switch b {
		case s.delim:
			return endCell, wrong
		case '\r', '\n':
			return endRecord, errors.Join(wrong, s.lineEnd(b))
		}
		wrong = s.keep(b, wrong)
	}
	if errors.Is(err, io.EOF) {
		return endFile, wrong
	}
	return endFile, err
}

// quoted reads a cell behind its first quote.
func (s *splitter) quoted() (endOf, error) {
	var wrong error
	lines := 0
	for {
		b, err := s.byte()
		if errors.Is(err, io.EOF) {
			return endFile, refused("row %d opens a quote that is never closed", s.row)
		}
		if err != nil {
			return endFile, err
		}
		if b != '"' {
			if b == '\n' {
				lines++
			}
			wrong = s.keep(b, wrong)
			continue
		}
		b, err = s.byte()
		if err == nil && b == '"' {
			wrong = s.keep(b, wrong)
			continue
		}
		if err != nil || b == s.delim || b == '\r' || b == '\n' {
			return s.plain(b, err, wrong)
		}
		if s.delim == '\t' && lines == 0 {
			// Tables with tabs seldom quote: it is part of the text.
			s.cell = append(append([]byte{'"'}, s.cell...), '"')
			return s.plain(b, nil, wrong)
		}
		reason := "has a quote inside of quotes; write it twice"
		if lines > 0 {
			reason += fmt.Sprintf(" (the %d lines below it were read as part of the row)", lines)
		}
		return s.plain(b, nil, rowError(reason))
	}
}

func (s *splitter) keep(b byte, wrong error) error {
	if len(s.cell) >= maxCell {
		return rowError(fmt.Sprintf("has a cell with more than %d KiB", maxCell>>10))
	}
	s.cell = append(s.cell, b)
	return wrong
}

func (s *splitter) byte() (byte, error) {
	if s.size++; s.size > maxRecord {
		return 0, refused("row %d is longer than %d MiB; is there a quote that is not closed?", s.row, maxRecord>>20)
	}
	return s.in.ReadByte()
}

// lineEnd takes the second byte of a line's end.
func (s *splitter) lineEnd(b byte) error {
	if b != '\r' {
		return nil
	}
	next, err := s.in.Peek(1)
	if len(next) == 1 && next[0] == '\n' {
		_, err = s.in.Discard(1)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
