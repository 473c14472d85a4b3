package connlimit

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
)

func at(ip string) netip.Prefix {
	return networkOf(net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(ip), 1)))
}

// A word is the address of a newcomer to four slots. "!" means that it is
// busy, and ">N" that it replaces the connection that came as number N. "-2"
// means that the third one leaves, "2!" and "2?" that it becomes busy and idle.
func TestVictims(t *testing.T) {
	for name, script := range map[string]string{
		"the oldest":                   "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5>0 10.0.0.6>1",
		"of the address with the most": "10.0.0.1 10.0.0.2 10.0.0.2 10.0.0.3 10.0.0.4>1 10.0.0.2>0 10.0.0.2>2 10.0.0.2>5 10.0.0.9>6",
		"of a customer's IPv6":         "2001:db8:1::1 2001:db8:2:1::1 2001:db8:2:2::1 2001:db8:2:3::1 10.0.0.1>1 10.0.0.2>2",
		"IPv4 within IPv6":             "::ffff:10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.3 10.0.0.4>0",
		"idle ones first":              "10.0.0.2! 10.0.0.2 10.0.0.2! 10.0.0.1 10.0.0.3>1 10.0.0.4>2",
		"over addresses with as many":  "10.0.0.1! 10.0.0.2! 10.0.0.3 10.0.0.4! 10.0.0.5>2 10.0.0.6>4 10.0.0.7>5",
		"but not of smaller ones":      "10.0.0.2! 10.0.0.2! 10.0.0.1 10.0.0.3 10.0.0.4>0",
		"where all are busy, some":     "10.0.0.2! 10.0.0.2! 10.0.0.2! 10.0.0.2! 10.0.0.3!>0 10.0.0.3!>1",
		"who was busy is":              "10.0.0.2! 10.0.0.2! 10.0.0.2! 10.0.0.2! 1? 10.0.0.3>1 0? 2? 10.0.0.4>2",
		"and there is room again":      "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 -1 10.0.0.5 10.0.0.6>0",
	} {
		t.Run(name, func(t *testing.T) {
			s := newNetworks()
			var all []*Conn
			number := func(word string) *Conn {
				n, err := strconv.Atoi(word)
				if err != nil {
					t.Fatal(err)
				}
				return all[n]
			}
			for _, word := range strings.Fields(script) {
				switch who, way, takes := strings.Cut(word, ">"); {
				case word[0] == '-':
					s.remove(number(word[1:]))
				case len(word) == 2:
					number(word[:1]).Busy(word[1] == '!')
				default:
					ip, busy := strings.CutSuffix(who, "!")
					if full := s.total == 4; full != takes {
						t.Fatalf("%s: full is %v", word, full)
					} else if full {
						victim := s.victim()
						if want := number(way); victim != want {
							t.Fatalf("%s: it gets another slot", word)
						}
						s.remove(victim)
						s.remove(victim) // its server closes it as well
					}
					c := &Conn{}
					c.Busy(busy)
					s.add(c, at(ip))
					all = append(all, c)
				}
			}
			for _, c := range all {
				s.remove(c)
			}
			if s.total != 0 || len(s.by) != 0 || s.largest != 0 || s.victim() != nil {
				t.Errorf("%d are left, of %d networks, %d at most", s.total, len(s.by), s.largest)
			}
		})
	}
}

// An idle connection among many busy ones of a network is found by one of the
// next newcomers, though each searches only a few.
func TestIdleOnesAreFound(t *testing.T) {
	s := newNetworks()
	var idle *Conn
	for i := range 10 * searchLimit {
		c := &Conn{}
		c.Busy(true)
		s.add(c, at("10.0.0.1"))
		if i == 5*searchLimit {
			idle = c
		}
	}
	idle.Busy(false)
	for range 10 {
		c := s.victim()
		if c == idle {
			return
		}
		s.remove(c)
	}
	t.Error("ten newcomers took slots of busy ones")
}

// The cost of a newcomer at the limit: ns/op should be of the same order
// for any number of connections.
func BenchmarkNewcomer(b *testing.B) {
	for _, busy := range []bool{false, true} {
		for _, n := range []int{1000, 1_000_000} {
			b.Run(fmt.Sprintf("busy=%v/%d", busy, n), func(b *testing.B) {
				s := newNetworks()
				from := func(i int) netip.Prefix {
					return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)
				}
				come := func(i int) {
					c := &Conn{}
					c.Busy(busy)
					s.add(c, from(i))
				}
				for i := range n {
					come(i)
				}
				i := n
				for b.Loop() {
					s.remove(s.victim())
					come(i)
					i++
				}
			})
		}
	}
}
