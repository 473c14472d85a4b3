package catalogue

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// maxDescription is that of overlay.Product, in characters.
const maxDescription = 5000

// plainText gives the words of a description that may have markup, cut where it is
// longer than a product's may be.
func plainText(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = withoutMarkup(s)
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029') {
			return -1
		}
		return r
	}, s))
	if utf8.RuneCountInString(s) > maxDescription {
		s = strings.TrimSpace(string([]rune(s)[:maxDescription-1])) + "…"
	}
	return s
}

func withoutMarkup(s string) string {
	var b strings.Builder
	skip := ""
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if skip == "" {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			raw, _ := z.TagName()
			name := string(raw)
			switch name {
			case "script", "style":
				if skip = name; kind != html.StartTagToken {
					skip = ""
				}
			case "br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table":
				if text := b.String(); text != "" && !strings.HasSuffix(text, "\n") {
					b.WriteByte('\n')
				}
			}
		}
	}
}

// oneLine makes a title of one line: spaces of any kind become one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
