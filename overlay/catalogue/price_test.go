package catalogue

import (
	"fmt"
	"strings"
	"testing"
)

func TestPrices(t *testing.T) {
	for text, want := range map[string]string{
		"15.00 USD": "1500 USD", "USD 15.00": "1500 USD", "15 usd": "1500 USD", "$15.00 USD": "1500 USD", "US$15": "1500 USD", "HK$ 8.5": "850 HKD",
		"¥49.9": "4990 CNY", "￥４９．９": "4990 CNY", "49.9元": "4990 CNY", "49.9": "4990 CNY", "RMB 49.90": "4990 CNY", "1500円": "1500 JPY",
		"1.234,56 EUR": "123456 EUR", "1,234.56 EUR": "123456 EUR", "1 234,56 €": "123456 EUR", "1\u202f234,56 €": "123456 EUR", "€12,5": "1250 EUR", "0,99 €": "99 EUR",
		"1'234.50 CHF": "123450 CHF", "1’234.50 CHF": "123450 CHF", "1,234 USD": "123400 USD", "1.234.567 EUR": "123456700 EUR", "1.234.567,89 EUR": "123456789 EUR", "₹1,00,000.00": "10000000 INR", "₹12,34,567": "123456700 INR",
		"1500 JPY": "1500 JPY", "1,500 JPY": "1500 JPY", "1500.00 JPY": "1500 JPY", "250.000 ₫": "250000 VND", "4.990 KWD": "4990 KWD", "1,234.500 KWD": "1234500 KWD", "12.5000 USD": "1250 USD",
		"٤٩٫٩ AED": "4990 AED", "0 USD": "0 USD", "9007199254740.99 USD": "900719925474099 USD",
		// Refused.
		"": "not a price", "free": "not a price", "USD": "not a price", "-5 USD": "below zero", "(5.00) USD": "below zero", "1.5.5 USD": "not written like a number", "1,23,4 USD": "not written like a number", "12 34 USD": "not written like a number",
		"15.000 USD": "may mean 15000 or 15.: write it with 2 decimals", "1.234 EUR": "may mean 1234 or 1.234", "1,234 KWD": "may mean", "15.999,999 EUR": "more than the 2 decimals", "49.90 JPY": "more than the 0 decimals", "0.005 USD": "may mean",
		"$15": "names no single currency", "5 DM": `"DM" is not an ISO 4217 code`, "5 QQQ": `"QQQ" is not an ISO 4217 code`, "5 USD 6": "not a price", "1e3 USD": "not a price", "5-6 USD": "not a price", "99999999999999999999 USD": "too large", "15. USD": "not written like a number",
		"NaN": "not a price", "Infinity": "not a price", "0x10 USD": "not a price", "5 USD OFF": "not an ISO 4217 code",
	} {
		minor, code, err := price(text, "CNY")
		got := fmt.Sprintf("%d %s", minor, code)
		if err != nil {
			got = err.Error()
		}
		if got != want && (err == nil || !strings.Contains(got, want)) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	for currency, want := range map[string]string{"": "names no single currency", "JPY": "50 JPY", "EUR": "names no single currency"} {
		minor, code, err := price("¥50", currency)
		if got := fmt.Sprintf("%d %s %v", minor, code, err); !strings.Contains(got, want) {
			t.Errorf("¥50 in an import of %q: %s", currency, got)
		}
	}
	if _, _, err := price("50", ""); err == nil || !strings.Contains(err.Error(), "has no currency") {
		t.Error(err)
	}
}
