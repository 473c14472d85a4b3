package checkout

import (
	"math"
	"strconv"
	"strings"

	"mediad/overlay"
)

// minor reads "49.90" as minor units of a currency, without rounding. More digits than
// the currency has must be zeros.
func minor(field, amount, currency string) (int64, error) {
	digits, ok := overlay.MinorDigits(currency)
	if !ok {
		return 0, overlay.Errorf(overlay.Invalid, "currency: %q is not an ISO 4217 code such as CNY, EUR or JPY", currency)
	}
	whole, part, _ := strings.Cut(amount, ".")
	if len(part) > digits && strings.Trim(part[digits:], "0") == "" {
		part = part[:digits]
	}
	if len(part) <= digits {
		part += strings.Repeat("0", digits-len(part))
		if n, err := strconv.ParseUint(whole+part, 10, 53); err == nil && whole != "" {
			return int64(n), nil
		}
	}
	return 0, overlay.Errorf(overlay.Invalid, "%s: %q is not an amount of %s", field, amount, currency)
}

// times and plus add up amounts of 0 or more. What is too much stays too much, for Checked to
// refuse.
func times(each, quantity int64) int64 {
	if each > 0 && quantity > math.MaxInt64/each {
		return math.MaxInt64
	}
	return each * quantity
}

func plus(a, b int64) int64 {
	if b > math.MaxInt64-a {
		return math.MaxInt64
	}
	return a + b
}
