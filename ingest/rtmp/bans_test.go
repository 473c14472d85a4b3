package rtmp

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// Each script is a line of time: "a" is a wrong key from network a, "a!" one
// that begins a ban, "a?" asks and expects none, "a#" expects a ban, "+30s" lets
// time pass.
func TestBans(t *testing.T) {
	rule := BanRule{WrongKeys: 3, Within: time.Minute, For: 5 * time.Minute}
	for _, tc := range []struct {
		name   string
		rule   BanRule
		script string
	}{
		{"nobody", rule, "a?"},
		{"below", rule, "a a a?"},
		{"at the limit", rule, "a a a! a#"},
		{"each its own", rule, "a a b b a? b? a! b? a# b! b#"},
		{"forgotten", rule, "a a +60s a a a?"},
		{"counted from the first", rule, "a +59s a +1s a a?"},
		{"lasts", rule, "a a a! +4m59s a# +1s a?"},
		{"not made longer", rule, "a a a! +4m a a +1m a?"},
		{"again", rule, "a a a! +5m a? a a a! a#"},
		{"off", BanRule{WrongKeys: -1}, "a a a a a a a a a a a a a?"},
		{"by default", BanRule{}, "a a a a a a a a a a? a! +4m59s a# +1s a?"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b, now := newBans(tc.rule), time.Unix(1e9, 0)
			for i, word := range strings.Fields(tc.script) {
				from := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, word[0]}), 32)
				switch {
				case word[0] == '+':
					d, err := time.ParseDuration(word[1:])
					if err != nil {
						t.Fatal(err)
					}
					now = now.Add(d)
				case strings.HasSuffix(word, "?"), strings.HasSuffix(word, "#"):
					if got, want := b.banned(from, now), word[1] == '#'; got != want {
						t.Errorf("word %d, %s: banned is %v", i, word, got)
					}
				default:
					if got, want := b.wrong(from, now), strings.HasSuffix(word, "!"); got != want {
						t.Errorf("word %d, %s: a ban begins: %v", i, word, got)
					}
				}
			}
		})
	}
}

// Whoever has many addresses can neither fill the memory nor end the bans that
// last longest.
func TestBansAreBounded(t *testing.T) {
	b, now := newBans(BanRule{WrongKeys: 2}), time.Unix(1e9, 0)
	early := netip.MustParsePrefix("2001:db8::/64")
	b.wrong(early, now)
	b.wrong(early, now)
	for i := range 3 * maxOffenders {
		from := netip.MustParsePrefix(fmt.Sprintf("2001:db8:%x:%x::/64", 1+i>>16, i&0xffff))
		b.wrong(from, now.Add(time.Duration(i)*time.Millisecond))
	}
	if len(b.offenders) > maxOffenders {
		t.Errorf("%d networks are kept", len(b.offenders))
	}
	if !b.banned(early, now.Add(4*time.Minute)) || b.count(now) != 1 {
		t.Errorf("the ban is forgotten; %d hold", b.count(now))
	}
}
