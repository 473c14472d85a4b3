package catalogue

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readXML reads a Google Merchant feed as RSS or Atom. It knows the
// entities of XML and HTML alone, each of which is one character.
func readXML(in *bufio.Reader, o Options, out *sink) error {
	bound := &bounded{in: in}
	d := xml.NewDecoder(bound)
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 by now
	d.Entity = xml.HTMLEntity
	f := feed{d: d, o: o, out: out}
	for {
		bound.left = maxRecord
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && f.depth == 0 && f.item > 0 {
			return nil
		}
		if err != nil {
			return f.broken(err, "the file ends too early, or is no feed of products: RSS or Atom of Google Merchant is needed")
		}
		switch token := token.(type) {
		case xml.Directive:
			if strings.Contains(string(token), "ENTITY") {
				return refused("the file defines entities (<!ENTITY …>); those are not read")
			}
		case xml.StartElement:
			if f.depth++; f.depth > maxDepth {
				return refused("the elements of the file are nested more than %d deep", maxDepth)
			}
			if token.Name.Local == "item" || token.Name.Local == "entry" {
				if err := f.read(bound, token.Name.Local); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if f.depth--; f.depth < 0 {
				return refused("an element of the file ends twice, near byte %d", d.InputOffset())
			}
		}
	}
}

// feed is where the reading of XML is.
type feed struct {
	d     *xml.Decoder
	o     Options
	out   *sink
	depth int
	item  int
}

// broken turns an error of the decoder into words.
func (f *feed) broken(err error, early string) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return refused("%s", early)
	case errors.As(err, &syntax):
		return refused("the XML is broken in line %d, behind %d items: %s", syntax.Line, f.item, syntax.Msg)
	}
	return err
}

// read reads one item to its end. Only elements directly in it count: a price of
// shipping is deeper.
func (f *feed) read(bound *bounded, name string) error {
	f.item++
	values := map[field]string{}
	var images []string
	at, inside := field(fieldNone), 0
	var text strings.Builder
	bound.left = maxRecord
	for {
		token, err := f.d.RawToken()
		if err != nil {
			return f.broken(err, fmt.Sprintf("the file ends in the middle of item %d", f.item))
		}
		switch token := token.(type) {
		case xml.StartElement:
			if f.depth++; f.depth > maxDepth {
				return refused("the elements of item %d are nested more than %d deep", f.item, maxDepth)
			}
			if inside++; inside != 1 {
				continue
			}
			text.Reset()
			at = plainColumns[columnName(token.Name.Local)]
			if at == fieldLink {
				for _, a := range token.Attr { // Atom
					if a.Name.Local == "href" {
						text.WriteString(a.Value)
					}
				}
			}
		case xml.CharData:
			if inside == 1 && at != fieldNone {
				text.Write(token)
			}
		case xml.EndElement:
			f.depth--
			if inside == 0 {
				if token.Name.Local != name {
					return refused("item %d ends with </%s>", f.item, token.Name.Local)
				}
				return f.made(values, images)
			}
			if inside--; inside == 0 && at != fieldNone {
				value := strings.TrimSpace(text.String())
				if at == fieldImages {
					images = append(images, value)
				} else if values[at] == "" {
					values[at] = value
				}
				at = fieldNone
			}
		}
	}
}

// made hands on the values of an item as a row with just these columns.
func (f *feed) made(values map[field]string, images []string) error {
	h := header{}
	for i := range h.columns {
		h.columns[i] = -1
	}
	var cells []string
	for at, value := range values {
		h.columns[at] = len(cells)
		cells = append(cells, value)
	}
	// What a feed leaves out of an item is not there, unlike a column that a table lacks.
	for _, at := range []field{fieldSalePrice, fieldLink, fieldImage, fieldDescription, fieldStock} {
		if h.columns[at] < 0 {
			h.columns[at] = len(cells)
			cells = append(cells, "")
		}
	}
	for _, image := range images {
		h.more = append(h.more, len(cells))
		cells = append(cells, image)
	}
	return f.out.row(record{&h, cells, f.item}, f.o)
}

// bounded refuses an item, or the text between two, that is too large for memory.
type bounded struct {
	in   *bufio.Reader
	left int
}

// ReadByte makes the decoder read through this alone.
func (b *bounded) ReadByte() (byte, error) {
	if b.left--; b.left < 0 {
		return 0, refused("an item, or the text between two, is longer than %d MiB", maxRecord>>20)
	}
	return b.in.ReadByte()
}

func (b *bounded) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := b.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}
