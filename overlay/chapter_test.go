package overlay

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestChapters(t *testing.T) {
	zero := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		log  string // "10+A": at 10 s A is pinned; "-A" taken down, "!" the show ends, "." something else; "?+A": not landed
		want string // "A 10-20"
	}{
		{"nothing", "0.", ""},
		{"shown and hidden", "0. 10+A 40-A 90!", "A 10-40"},
		{"until the next", "10+A 50+B 70-A 80-B", "A 10-50, B 50-80"},
		{"open at the end of the show", "10+A 60!", "A 10-60"},
		{"open at the end of the picture", "10+A", "A 10-100"},
		{"what ends after the picture", "10+A 140-A", "A 10-100"},
		{"pinned before air", "?+A 3. 30-A", "A 3-30"},
		{"pinned when nothing came any more", "10+A 30-A ?+B", "A 10-30"},
		{"taken down unseen", "10+A ?-A", "A 10-100"},
		{"a slip", "10+A 14-A 20+B 30-B", "B 20-30"},
		{"back at once", "10+A 20-A 49+A 60-A", "A 10-60"},
		{"back later", "10+A 20-A 50+A 60-A", "A 10-20, A 50-60"},
		{"back after a slip", "10+A 20+B 23+A 60-A", "A 10-60"},
		{"pinned again while up", "10+A 30+A 60-A", "A 10-60"},
		{"two slips that are one chapter", "10+A 13-A 14+A 17-A", "A 10-17"},
		{"one product between", "10+A 20+B 30+A 40-A", "A 10-20, B 20-30, A 30-40"},
		{"another one is taken down", "10+A 20+B 30-A 40-B", "A 10-20, B 20-40"},
	} {
		var log []Event
		for _, word := range strings.Fields(c.log) {
			var e Event
			i := strings.IndexAny(word, "+-!.")
			if second := 0; word[0] != '?' {
				fmt.Sscan(word[:i], &second)
				e.Landed = &Landing{Date: zero.Add(time.Duration(second) * time.Second)}
			}
			e.Kind = map[byte]Kind{'+': KindProductPin, '-': KindProductUnpin, '!': KindShowEnd, '.': KindCustom}[word[i]]
			if e.Product = word[i+1:]; e.Product != "" {
				e.Payload = fmt.Appendf(nil, `{"product":{"id":%q,"title":"Title of %s"}}`, e.Product, e.Product)
			}
			log = append(log, e)
		}
		var got []string
		for _, ch := range Chapters(log, zero.Add(100*time.Second)) {
			got = append(got, fmt.Sprintf("%s %v-%v", ch.Product.ID, ch.From.Sub(zero).Seconds(), ch.To.Sub(zero).Seconds()))
			if ch.Product.Title != "Title of "+ch.Product.ID {
				t.Errorf("%s: the title is %q", c.name, ch.Product.Title)
			}
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}
