package search

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// found tells whether a query finds what has the terms, as a database does.
func found(terms []string, query string) bool {
	all := Query(query)
	for _, m := range all {
		if !slices.ContainsFunc(terms, func(t string) bool {
			return t == m.Term || m.Prefix && t >= m.Term && t < m.Above()
		}) {
			return false
		}
	}
	return len(all) > 0
}

func TestFound(t *testing.T) {
	for _, c := range []struct {
		name, code string
		by, not    []string
	}{
		{"玉米 5kg 东北甜玉米", "CORN-5KG", []string{"玉米", "玉", "甜玉米", "5kg", "5 KG", "５ｋｇ", "corn-5", "CORN5KG", "米"}, []string{"米玉", "50kg", "大米", "kg5x", "!!", ""}},
		{"東京ばな奈 チョコレート", "", []string{"ばな奈", "チョコ", "ﾁｮｺ", "東京"}, []string{"京東", "ショコラ"}},
		{"국내산 옥수수", "", []string{"옥수수", "옥수", "국내산 옥"}, []string{"수옥"}},
		{"เสื้อเชิ้ตผู้ชายสีขาว", "", []string{"เสื้อ", "เชิ้ต", "ผู้ชาย", "สีขาว", "เสื้อ สีขาว"}, []string{"กางเกง", "สีดำ"}},
		{"Käse aus Österreich, Größe XL", "", []string{"käse", "kase", "kaese", "KÄSE", "KÄS", "oesterreich", "österr", "grösse", "groesse", "GRÖSSE xl"}, []string{"kese", "größer als"}},
		{"القهوة العربية ١٢ قطعة", "", []string{"قهوة", "القهوة", "قَهْوَة", "قهوه", "عربية", "12 قطعة", "قهـــوة"}, []string{"شاي", "13"}},
		{"إسوارة ذهب", "", []string{"اسوارة", "ذهب إسوارة"}, []string{"فضة"}},
		{"Ёлка новогодняя", "", []string{"елка", "ёлк", "НОВОГОД"}, []string{"ялка"}},
		{"Łódź Çağlar İstanbul ışık", "", []string{"lodz", "caglar", "istanbul", "isik"}, nil},
		{"UPC", "036000291452", []string{"036000291452", "0036000291452", "36000291452", "0 36000 29145 2", "0360002"}, []string{"136000291452", "0360003"}},
		{"ISBN", "9783161484100", []string{"978-3-16-148410-0", "9783161", "978 31614"}, []string{"9783162"}},
		{"Shirts, red", "A-0007/X", []string{"shirt", "sh", "red shirt", "a-0007", "a0007x", "7 x"}, []string{"t-shirts", "s red", "blue shirt", "0070"}},
		{"Donaudampfschifffahrtsgesellschaftskapitän", "", []string{"donaudampfschiff", "Donaudampfschifffahrtsgesellschaftskapitän"}, []string{"donaudampfross"}},
		{"🌽 ½ l", "", []string{"l"}, []string{"🌽"}},
	} {
		terms := Terms{}
		terms.Name(c.name)
		terms.Code(c.code)
		list := terms.List()
		for _, q := range c.by {
			if !found(list, q) {
				t.Errorf("%q does not find %q (%v in %v)", q, c.name, Query(q), list)
			}
		}
		for _, q := range c.not {
			if found(list, q) {
				t.Errorf("%q finds %q (%v)", q, c.name, Query(q))
			}
		}
	}
}

func TestCategories(t *testing.T) {
	terms := Terms{}
	terms.Category("Food > Fruit > Äpfel")
	for path, want := range map[string]bool{"Food": true, "food > FRUIT": true, "Food > Fruit > Apfel": true, "Fruit": false, "Foo": false, "Food > Fr": false} {
		if m := InCategory(path); slices.Contains(terms.List(), m.Term) != want || m.Prefix {
			t.Errorf("in %s: want %t", path, want)
		}
	}
	if found(terms.List(), "food") {
		t.Error("a category is no word")
	}
}

func TestQueriesAreBounded(t *testing.T) {
	for _, text := range []string{strings.Repeat("玉米很甜好吃新鲜采摘", 20), strings.Repeat("a b c d ef ", 50)} {
		if n := len(Query(text)); n == 0 || n > maxMatches {
			t.Errorf("%d matches", n)
		}
	}
	if m := Query(strings.Repeat("x", 200)); len(m) != 2 || len(m[1].Term) != maxWord {
		t.Errorf("a long word: %v", m)
	}
}

func TestSet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{0, 1, 255, 256, 1000, BlockSize} {
		s, other := new(Set), new(Set)
		var want, both []int
		for _, n := range r.Perm(BlockSize)[:size] {
			s.Add(n)
			if want = append(want, n); n%3 == 0 {
				other.Add(n)
				both = append(both, n)
			}
		}
		slices.Sort(want)
		slices.Sort(both)
		bytes := s.Bytes()
		if got := SetOf(bytes); *got != *s || len(bytes) > wide || !slices.Equal(s.Numbers(), want) {
			t.Errorf("%d numbers in %d bytes became %v", size, len(bytes), got.Numbers())
		}
		s.And(other)
		if !slices.Equal(s.Numbers(), both) {
			t.Errorf("in both: %v", s.Numbers())
		}
		for _, n := range both {
			s.Remove(n)
		}
		if s.Or(other); *s != *other {
			t.Error("added again: not the same")
		}
	}
}

func FuzzTermsFindTheirText(f *testing.F) {
	for _, s := range []string{"玉米 5kg", "เสื้อ", "Größe", "القهوة", "a-0007", "\xff", "が", "ǅ", "½"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		terms := Terms{}
		terms.Name(s)
		terms.Code(s)
		list := terms.List()
		if matches := Query(s); len(matches) > 0 && !found(list, s) {
			t.Errorf("%q is not found by itself: %v in %v", s, matches, list)
		}
		for _, term := range list {
			if !utf8.ValidString(term) && utf8.ValidString(s) || term == "" {
				t.Errorf("term %q of %q", term, s)
			}
		}
	})
}
