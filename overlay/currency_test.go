package overlay

import (
	"os"
	"regexp"
	"strconv"
	"testing"
)

// Recordings of older versions do not say how many digits a price has, so the
// player carries a table: it must say what this package says, of every currency.
func TestPlayersCountMinorUnitsAlike(t *testing.T) {
	text, err := os.ReadFile("web/src/shared/currency.ts")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]int{}
	for _, m := range regexp.MustCompile(`\b([A-Z]{3}): (\d)`).FindAllStringSubmatch(string(text), -1) {
		table[m[1]], _ = strconv.Atoi(m[2])
	}
	known := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			for c := 'A'; c <= 'Z'; c++ {
				currency := string([]rune{a, b, c})
				digits, ok := MinorDigits(currency)
				player, other := table[currency]
				if !other {
					player = 2
				}
				if ok && digits != player {
					t.Errorf("%s has %d digits, and the player's table says %d", currency, digits, player)
				}
				if !ok && other {
					t.Errorf("%s stands in the player's table and is no currency", currency)
				}
				if ok {
					known++
				}
			}
		}
	}
	if known < 150 || len(table) < 20 {
		t.Errorf("%d currencies, %d of them in the player's table: the test reads too little", known, len(table))
	}
}
