package overlay

import "strings"

// Currencies of ISO 4217 by the number of digits of their minor unit. Money is
// an integer in that unit, so that 4990 is CNY 49.90, JPY 4990 and KWD 4.990.
const (
	digits0 = " BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "
	digits2 = " AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN" +
		" BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB" +
		" EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS" +
		" KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN" +
		" MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD" +
		" SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS" +
		" UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG "
	digits3 = " BHD IQD JOD KWD LYD OMR TND "
	digits4 = " CLF UYW "
)

// MinorDigits gives the number of digits of a currency's minor unit; ok is
// false for what is no ISO 4217 currency in capitals.
func MinorDigits(currency string) (digits int, ok bool) {
	if len(currency) != 3 || strings.Contains(currency, " ") {
		return 0, false
	}
	code := " " + currency + " "
	switch {
	case strings.Contains(digits2, code):
		return 2, true
	case strings.Contains(digits0, code):
		return 0, true
	case strings.Contains(digits3, code):
		return 3, true
	case strings.Contains(digits4, code):
		return 4, true
	}
	return 0, false
}
