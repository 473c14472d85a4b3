package overlay

import "strings"

// checkedGTIN gives a Global Trade Item Number (the number of EAN, UPC and ISBN-13
// bar codes) without the spaces and hyphens that people write, or an Error. "" is
// none.
func checkedGTIN(field, s string) (string, error) {
	digits := strings.NewReplacer(" ", "", "-", "").Replace(s)
	if digits == "" {
		return "", nil
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return "", Errorf(Invalid, "%s: must have digits alone", field)
		}
	}
	switch len(digits) {
	case 8, 12, 13, 14:
	default:
		return "", Errorf(Invalid, "%s: has %d digits; a GTIN has 8, 12, 13 or 14", field, len(digits))
	}
	if want := gtinCheck(digits[:len(digits)-1]); digits[len(digits)-1] != want {
		return "", Errorf(Invalid, "%s: its last digit, the check digit, should be %c; look for a typing error", field, want)
	}
	return digits, nil
}

// gtinCheck computes the check digit: the digits count 3 and 1 in turns, from the
// last one (GS1 General Specifications, 7.9).
func gtinCheck(digits string) byte {
	sum := 0
	for i := range digits {
		weight := 1
		if (len(digits)-i)%2 == 1 {
			weight = 3
		}
		sum += weight * int(digits[i]-'0')
	}
	return byte('0' + (10-sum%10)%10)
}
