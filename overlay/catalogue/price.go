package catalogue

import (
	"fmt"
	"strings"
	"unicode"

	"mediad/overlay"
)

// signs are what people write instead of a currency's code. Longer ones come
// before those that they contain.
var signs = []struct{ sign, code string }{
	{"US$", "USD"}, {"HK$", "HKD"}, {"NT$", "TWD"}, {"CA$", "CAD"}, {"AU$", "AUD"}, {"NZ$", "NZD"}, {"MX$", "MXN"}, {"R$", "BRL"}, {"S$", "SGD"}, {"A$", "AUD"}, {"C$", "CAD"},
	{"CN¥", "CNY"}, {"JP¥", "JPY"}, {"人民币", "CNY"}, {"RMB", "CNY"}, {"元", "CNY"}, {"円", "JPY"},
	{"€", "EUR"}, {"£", "GBP"}, {"₹", "INR"}, {"₩", "KRW"}, {"₫", "VND"}, {"฿", "THB"}, {"₽", "RUB"}, {"₺", "TRY"}, {"₴", "UAH"}, {"₦", "NGN"}, {"₱", "PHP"}, {"₪", "ILS"},
	{"ZŁ", "PLN"}, {"KČ", "CZK"}, {"RM", "MYR"}, {"RP", "IDR"},
}

// shared are signs of several currencies. They mean that of the import, if it is
// one of these.
var shared = []struct{ sign, codes string }{
	{"¥", "CNY JPY"}, {"$", "USD AUD CAD NZD SGD HKD TWD MXN ARS CLP COP"}, {"KR", "SEK NOK DKK ISK"},
}

// price reads a price as people write it, such as 15.00 USD, ¥49.9 or 1.234,56 €, in
// minor units. It never guesses: money that can be read in two ways is refused.
func price(text, currency string) (minor int64, code string, err error) {
	number, sign := splitPrice(text)
	switch {
	case number == "":
		return 0, "", fmt.Errorf("%q is not a price", clipped(text))
	case strings.ContainsAny(sign, "-−(") || strings.HasPrefix(number, "-"):
		return 0, "", fmt.Errorf("%q is below zero, or is not a price", clipped(text))
	}
	if code, err = currencyOf(sign, currency); err != nil {
		return 0, "", fmt.Errorf("%q %w", clipped(text), err)
	}
	digits, ok := overlay.MinorDigits(code)
	if !ok {
		return 0, "", fmt.Errorf("%q: %q is not an ISO 4217 code such as CNY, EUR or JPY", clipped(text), clipped(code))
	}
	whole, fraction, err := divide(number, digits)
	if err != nil {
		return 0, "", fmt.Errorf("%q %w", clipped(text), err)
	}
	for len(fraction) > digits && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	if len(fraction) > digits {
		return 0, "", fmt.Errorf("%q has more than the %d decimals of %s", clipped(text), digits, code)
	}
	all := strings.TrimLeft(whole+fraction+strings.Repeat("0", digits-len(fraction)), "0")
	if len(all) > 15 { // as overlay.Product bounds it, nearly
		return 0, "", fmt.Errorf("%q is too large", clipped(text))
	}
	for _, d := range []byte(all) {
		minor = 10*minor + int64(d-'0')
	}
	return minor, code, nil
}

// splitPrice parts the number, with plain digits and marks, from what stands around it.
func splitPrice(text string) (number, sign string) {
	var n, s strings.Builder
	ended := false
	for _, r := range strings.TrimSpace(text) {
		r = plainMark(r)
		switch {
		case r >= '0' && r <= '9' || n.Len() > 0 && !ended && strings.ContainsRune(".,' ", r):
			if ended {
				return "", "" // two numbers
			}
			n.WriteRune(r)
		case r == ' ':
		default:
			ended = n.Len() > 0
			s.WriteRune(unicode.ToUpper(r))
		}
	}
	return strings.TrimRight(n.String(), " "), s.String()
}

// plainMark turns digits of other scripts, full-width forms and kinds of spaces into
// plain ones.
func plainMark(r rune) rune {
	switch {
	case r >= '０' && r <= '９':
		return '0' + r - '０'
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	case unicode.IsSpace(r), r == '\u202f':
		return ' '
	}
	switch r {
	case '．', '٫':
		return '.'
	case '，':
		return ','
	case '’', '٬':
		return '\''
	case '￥':
		return '¥'
	case '＄':
		return '$'
	}
	return r
}

// currencyOf finds the currency by what stands beside a number.
func currencyOf(sign, currency string) (string, error) {
	for _, s := range signs {
		if sign == s.sign {
			return s.code, nil
		}
	}
	for _, s := range shared {
		switch {
		case sign != s.sign && sign != s.sign+".":
		case currency != "" && strings.Contains(s.codes, currency):
			return currency, nil
		default:
			return "", fmt.Errorf("names no single currency: write one of %s behind the number", strings.ReplaceAll(s.codes, " ", ", "))
		}
	}
	if sign != "" {
		// Also a sign beside its code: $15.00 USD.
		for _, s := range append([]struct{ sign, codes string }{{"€", "EUR"}, {"£", "GBP"}}, shared...) {
			if rest, ok := strings.CutPrefix(sign, s.sign); ok && len(rest) == 3 && strings.Contains(s.codes, rest) {
				return rest, nil
			}
		}
		return sign, nil
	}
	if currency == "" {
		return "", fmt.Errorf("has no currency: write it behind the number (15.00 USD), or give the import a currency")
	}
	return currency, nil
}

// divide parts a number into what stands before and behind its decimal mark.
func divide(number string, digits int) (whole, fraction string, err error) {
	// Spaces and apostrophes only group.
	last := strings.LastIndexAny(number, ".,")
	if last < 0 {
		whole, err = ungroup(number, " '")
		return whole, "", err
	}
	mark := number[last : last+1]
	other := strings.Trim(".,", mark)
	whole, fraction = number[:last], number[last+1:]
	count := strings.Count(number, mark)
	if strings.ContainsAny(fraction, " '") || whole == "" || fraction == "" {
		return "", "", fmt.Errorf("is not written like a number")
	}
	switch {
	case strings.Contains(whole, other) && count == 1: // 1.234,56
		whole, err = ungroup(whole, other)
		return whole, fraction, err
	case strings.Contains(whole, other) || count > 1: // 1.234.567
		whole, err = ungroup(number, mark)
		return whole, "", err
	case len(fraction) == 3 && digits == 0:
		whole, err = ungroup(number, mark)
		return whole, "", err
	case len(fraction) == 3 && (digits < 3 || mark == ","):
		if mark == "," && digits == 2 {
			whole, err = ungroup(number, mark)
			return whole, "", err
		}
		return "", "", fmt.Errorf("may mean %s%s or %s.%s: write it with %d decimals", whole, fraction, whole, strings.TrimRight(fraction, "0"), digits)
	}
	whole, err = ungroup(whole, " '")
	return whole, fraction, err
}

// ungroup takes the marks that group digits away: by three, or, as in India, by two
// before the last three.
func ungroup(number, marks string) (string, error) {
	groups := strings.FieldsFunc(number, func(r rune) bool { return strings.ContainsRune(marks, r) })
	wrong := fmt.Errorf("is not written like a number")
	if strings.ContainsAny(strings.Trim(number, "0123456789"), "., '") && len(groups) < 2 {
		return "", wrong
	}
	for i, g := range groups {
		if strings.Trim(g, "0123456789") != "" {
			return "", wrong
		}
		switch first, last := i == 0, i == len(groups)-1; {
		case first && last:
		case first && len(g) <= 3, last && len(g) == 3, !first && !last && (len(g) == 3 || len(g) == 2):
		default:
			return "", wrong
		}
	}
	return strings.Join(groups, ""), nil
}
