package checkout

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"mediad/overlay"
)

// TestReadOrders: rows of one order are its lines; each row that is wrong is named.
func TestReadOrders(t *testing.T) {
	text := "Order;SKU;Title;Quantity;Amount;Currency;Paid at;State;Refunded;Total\n" +
		"1001;CORN;玉米;2;99,80;CNY;2026-11-30 20:15:00;;;109,80\n" +
		"1002;TEA;茶;;15;CNY;2026-11-30T20:16:00+08:00;refunded;;\n" +
		"1001;TEA;茶;1;10;;;;;\n"
	chinese, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"UTF-8": text, "GB18030": chinese, "with a mark": "\ufeff" + text} {
		var found overlay.OrderImport
		orders, err := ReadOrders(strings.NewReader(file), &found)
		if err != nil || found.RejectedN != 0 || len(orders) != 2 {
			t.Fatalf("%s: %+v, %+v, %v", name, orders, found, err)
		}
		a, b := orders[0], orders[1]
		if a.Amount != 10980 || a.State != overlay.OrderStatePaid || len(a.Lines) != 2 || a.Lines[0].Title != "玉米" || a.Lines[0].Amount != 9980 || a.Lines[0].Quantity != 2 || a.Lines[1].SKU != "TEA" {
			t.Errorf("%s: %+v", name, a)
		}
		if b.Amount != 1500 || b.Refunded != 1500 || b.PaidAt.Hour() != 12 {
			t.Errorf("%s: %+v", name, b)
		}
	}
	head := "order,quantity,amount,currency,paid_at,state,refunded\n"
	for row, want := range map[string]string{
		",1,5,CNY,2026-11-30,,":                 "order: is missing",
		"1,0,5,CNY,2026-11-30,,":                "quantity:",
		"1,1,five,CNY,2026-11-30,,":             "amount:",
		"1,1,-5,CNY,2026-11-30,,":               "amount:",
		"1,1,5.001,CNY,2026-11-30,,":            "amount:",
		"1,1,5 EUR,CNY,2026-11-30,,":            "amount: is in EUR",
		"1,1,5,XXZ,2026-11-30,,":                "currency:",
		"1,1,5,CNY,30.11.,,":                    "paid_at:",
		"1,1,5,CNY,,,":                          "paid_at: is missing",
		"1,1,5,CNY,2026-11-30,lost,":            "state:",
		"1,1,5,CNY,2026-11-30,partly_refunded,": "refunded: is missing",
		"1,1,5,CNY,2026-11-30,refunded,6":       "refunded: is more",
		"1,1,5,CNY,2026-11-30,,\n1,1,5,EUR,,,":  "currency:",
	} {
		var found overlay.OrderImport
		_, err := ReadOrders(strings.NewReader(head+row), &found)
		if err != nil || found.RejectedN != 1 || !strings.HasPrefix(found.Rejected[0].Reason, want) {
			t.Errorf("%q: %+v, %v", row, found, err)
		}
	}
	for name, file := range map[string]string{"empty": "", "a header alone": head, "no amounts": "order,currency\n1,CNY\n", "a workbook": "PK\x03\x04x", "a picture": "\x89PNG\r\n\x1a\n\x00\x00",
		"an open quote": head + "\"1,1,5,EUR,,,",
		"too long":      head + strings.Repeat("1,1,5,CNY,2026-11-30,,\n", maxFileRows+1)} {
		if _, err := ReadOrders(strings.NewReader(file), &overlay.OrderImport{}); overlay.CodeOf(err) != overlay.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	var many overlay.OrderImport
	if _, err := ReadOrders(strings.NewReader(head+strings.Repeat(",,,,,,x\n", 500)), &many); err != nil || many.RejectedN != 500 || len(many.Rejected) != overlay.MaxFileProblems {
		t.Errorf("%d rejected, %d told, %v", many.RejectedN, len(many.Rejected), fmt.Sprint(err))
	}
}
