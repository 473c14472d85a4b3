package catalogue

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// otherFiles are the beginnings of files that people take for a table.
var otherFiles = []struct{ head, words string }{
	{"PK\x03\x04", "the file is an Excel workbook or a ZIP archive: in the spreadsheet program, save it as CSV UTF-8"},
	{"\xd0\xcf\x11\xe0", "the file is an old Excel workbook: in the spreadsheet program, save it as CSV UTF-8"},
	{"\x1f\x8b", "the file is compressed: unpack it first"},
	{"%PDF", "the file is a PDF, not a table"},
	{"{", "the file is JSON: a table (CSV, TSV) or a Google Merchant feed in XML is needed"},
}

// decoded gives the text of a file as UTF-8 without a byte order mark. It reads the
// file once to know its encoding, since a table often begins with plain letters.
func decoded(f io.ReadSeeker, progress func(done, total int64)) (io.Reader, error) {
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	head = head[:n]
	for _, o := range otherFiles {
		if bytes.HasPrefix(head, []byte(o.head)) {
			return nil, refused("%s", o.words)
		}
	}
	from, err := encodingOf(f, head)
	if err != nil {
		return nil, err
	}
	total, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if total > MaxBytes {
		return nil, refused("the file has %d MiB, at most %d are allowed; divide it", total>>20, MaxBytes>>20)
	}
	var r io.Reader = &counter{r: f, total: total, told: progress}
	return transform.NewReader(r, from.NewDecoder()), nil
}

func encodingOf(f io.ReadSeeker, head []byte) (encoding.Encoding, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), nil
	case bytes.IndexByte(head, 0) >= 0:
		// In a table at least its delimiters have a zero byte, always on the same side.
		var zeros [2]int
		for i, b := range head {
			if b == 0 {
				zeros[i%2]++
			}
		}
		switch {
		case zeros[0] == 0:
			return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil
		case zeros[1] == 0:
			return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil
		}
		return nil, refused("the file is not text: a table (CSV, TSV) or a Google Merchant feed in XML is needed")
	}
	bad, mixed, chinese, err := survey(f)
	switch {
	case err != nil:
		return nil, err
	case bad == 0:
		return unicode.UTF8BOM, nil
	case declaresLatin(head):
		return charmap.Windows1252, nil
	case chinese && mixed:
		return nil, refused("line %d is in another encoding than lines above or below it; save the whole file as CSV UTF-8", bad)
	case chinese:
		return simplifiedchinese.GB18030, nil
	}
	return nil, refused("line %d has letters in an old encoding, such as Windows-1252; save the file as CSV UTF-8, or export it as UTF-8", bad)
}

// xmlEncoding finds what an XML declaration says of the encoding.
var xmlEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)

// declaresLatin tells whether the file is XML that names an encoding of western
// Europe. (Browsers read all of them as Windows-1252, too.)
func declaresLatin(head []byte) bool {
	m := xmlEncoding.FindSubmatch(head)
	if m == nil {
		return false
	}
	switch strings.ToLower(string(m[1])) {
	case "iso-8859-1", "windows-1252", "latin1", "cp1252":
		return true
	}
	return false
}

// survey reads a file to its end. bad is the first line that is not UTF-8; 0: there
// is none. mixed tells whether other lines are UTF-8 beyond doubt: GB18030 hardly ever
// looks like its letters of three bytes. chinese tells whether it reads like GB18030.
func survey(f io.ReadSeeker) (bad int, mixed, chinese bool, err error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 0, false, false, fmt.Errorf("read the file: %w", err)
	}
	var gb pairs
	line, rest := 1, []byte(nil)
	wide, wrong := 0, 0 // letters of three bytes and more, and bytes that are no UTF-8
	buf := make([]byte, 64<<10)
	for read := 0; ; {
		n, err := f.Read(buf[len(rest):])
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return 0, false, false, fmt.Errorf("read the file: %w", err)
		}
		if read += n; read > MaxBytes {
			return 0, false, false, refused("the file has more than %d MiB; divide it", MaxBytes>>20)
		}
		gb.write(buf[len(rest) : len(rest)+n])
		chunk := buf[:len(rest)+n]
		for len(chunk) > 0 && (ended || utf8.FullRune(chunk)) {
			r, size := utf8.DecodeRune(chunk)
			switch {
			case r == utf8.RuneError && size == 1:
				if wrong++; bad == 0 {
					bad = line
				}
			case r == '\n':
				line++
			case size > 2:
				wide++
			}
			chunk = chunk[size:]
		}
		if ended {
			return bad, wide > 1 && 4*wide > wrong, gb.chinese(), nil
		}
		rest = buf[:copy(buf, chunk)]
	}
}

// pairs judges whether bytes are GB18030, as Chinese spreadsheets are by default. Other
// encodings of two bytes are legal GB18030, too, but make characters that nobody writes.
type pairs struct {
	lead, four         byte // the state: a first byte; how many bytes of a group of four are there
	broken             bool
	all, usual         int // pairs; those whose second byte is that of a usual character
	beyondKorean, kana int
}

func (p *pairs) write(text []byte) {
	for _, b := range text {
		switch {
		case p.broken:
			return
		case p.four > 0:
			low := b >= '0' && b <= '9'
			p.broken = low != (p.four == 3) || !low && (b < 0x81 || b == 0xff)
			if p.four++; p.four == 4 {
				p.four, p.lead = 0, 0
			}
		case p.lead == 0:
			if b >= 0x81 && b != 0xff {
				p.lead = b
			} else if b >= 0x80 {
				p.broken = true
			}
		case b >= '0' && b <= '9':
			p.four = 2
		case b < 0x40 || b == 0x7f || b == 0xff:
			p.broken = true
		default:
			p.count(b)
			p.lead = 0
		}
	}
}

func (p *pairs) count(second byte) {
	p.all++
	if second >= 0xa1 {
		p.usual++
	}
	if p.lead >= 0xc9 && p.lead <= 0xd7 {
		p.beyondKorean++
	}
	if p.lead == 0xa4 || p.lead == 0xa5 {
		p.kana++
	}
}

func (p *pairs) chinese() bool {
	if p.broken || p.lead != 0 || p.all == 0 || p.usual*10 < p.all*8 {
		return false
	}
	return p.all < 20 || p.beyondKorean*10 >= p.all && p.kana*10 < p.all
}

// counter tells how far a file is read.
type counter struct {
	r           io.Reader
	done, total int64
	told        func(done, total int64)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.done += int64(n)
	if c.told != nil {
		c.told(c.done, c.total)
	}
	return n, err
}
