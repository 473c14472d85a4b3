package bans

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// Each script is a line of time: "a" is a wrong guess from network a, "a!" one
// that begins a ban, "a?" asks and expects none, "a#" expects a ban, "+30s" lets
// time pass.
func TestBans(t *testing.T) {
	rule := Rule{Wrong: 3, Within: time.Minute, For: 5 * time.Minute}
	for _, tc := range []struct {
		name   string
		rule   Rule
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
		{"off", Rule{Wrong: -1}, "a a a a a a a a a a a a a?"},
		{"by default", Rule{}, "a a a a a a a a a a? a! +4m59s a# +1s a?"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b, now := New(tc.rule), time.Unix(1e9, 0)
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
					if got, want := b.Left(from, now) > 0, word[1] == '#'; got != want {
						t.Errorf("word %d, %s: banned is %v", i, word, got)
					}
				default:
					if got, want := b.Wrong(from, now), strings.HasSuffix(word, "!"); got != want {
						t.Errorf("word %d, %s: a ban begins: %v", i, word, got)
					}
				}
			}
		})
	}
}

// A client with many addresses can neither fill the memory nor end the bans that last
// longest.
func TestBansAreBounded(t *testing.T) {
	b, now := New(Rule{Wrong: 2}), time.Unix(1e9, 0)
	early := netip.MustParsePrefix("2001:db8::/64")
	b.Wrong(early, now)
	b.Wrong(early, now)
	for i := range 3 * maxOffenders {
		from := netip.MustParsePrefix(fmt.Sprintf("2001:db8:%x:%x::/64", 1+i>>16, i&0xffff))
		b.Wrong(from, now.Add(time.Duration(i)*time.Millisecond))
	}
	if len(b.offenders) > maxOffenders {
		t.Errorf("%d networks are kept", len(b.offenders))
	}
	if b.Left(early, now.Add(4*time.Minute)) == 0 || b.Count(now) != 1 {
		t.Errorf("the ban is forgotten; %d hold", b.Count(now))
	}
}

// A program that repeats an old token is not guessing; one that tries two in turn is.
func TestTheSameGuessCountsOnce(t *testing.T) {
	b, now := New(Rule{Wrong: 3}), time.Unix(1e9, 0)
	from := netip.MustParsePrefix("10.0.0.1/32")
	for range 100 {
		if b.WrongSecret(from, "yesterday", now) || b.Left(from, now) > 0 {
			t.Fatal("is banned")
		}
	}
	b.WrongSecret(from, "a", now)
	if !b.WrongSecret(from, "yesterday", now) || b.Left(from, now) != 5*time.Minute {
		t.Error("is not banned")
	}
	if b.WrongSecret(from, "b", now) {
		t.Error("is banned once more")
	}
	b.SetRule(Rule{Wrong: -1})
	if b.Left(from, now) > 0 || b.Count(now) != 0 {
		t.Error("is banned, though nobody is to be")
	}
}

func TestNetworks(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.1:5": "192.0.2.1/32", "[::ffff:192.0.2.1]:5": "192.0.2.1/32", "[2001:db8::1]:5": "2001:db8::/64", "[fe80::1%eth0]:5": "fe80::/64",
		"127.0.0.1:5": "", "127.9.9.9:5": "", "[::1]:5": "", "[::ffff:127.0.0.1]:5": "", "@": "", "": "",
	} {
		got, ok := NetworkOf(remote)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q: %v %v, want %q", remote, got, ok, want)
		}
		if a, err := net.ResolveTCPAddr("tcp", remote); err == nil && remote != "" {
			if again, ok2 := Network(a); ok2 != ok || again != got {
				t.Errorf("%q as an address: %v %v", remote, again, ok2)
			}
		}
	}
}
