package h264

import "testing"

func TestRecovers(t *testing.T) {
	var (
		idr      = []byte{0x65, 0x88, 0x84, 0x00}
		i        = []byte{0x41, 0x88, 0x80} // first_mb 0, slice_type 7
		p        = []byte{0x41, 0x9a, 0x24} // first_mb 0, slice_type 5
		b        = []byte{0x01, 0x9e, 0x24} // first_mb 0, slice_type 6
		recovery = []byte{0x06, 0x06, 0x01, 0xc4, 0x80}
		second   = []byte{0x06, 0x05, 0x02, 0xaa, 0xbb, 0x06, 0x01, 0xc4, 0x80}
		timing   = []byte{0x06, 0x01, 0x01, 0x06, 0x80}
		broken   = []byte{0x06, 0x05, 0x20, 0x06}
	)
	for _, c := range []struct {
		name string
		nals [][]byte
		want bool
	}{
		{"IDR", [][]byte{idr}, true}, {"I", [][]byte{i}, true}, {"two slices of I", [][]byte{i, i}, true},
		{"P", [][]byte{p}, false}, {"B", [][]byte{b}, false}, {"I and P", [][]byte{i, p}, false},
		{"intra refresh", [][]byte{recovery, p}, true}, {"behind another message", [][]byte{second, p}, true},
		{"another message", [][]byte{timing, p}, false}, {"a message that ends early", [][]byte{broken, p}, false},
		{"nothing", nil, false}, {"a message alone", [][]byte{timing}, false}, {"an empty slice", [][]byte{{0x41}}, false},
	} {
		if got := Recovers(c.nals); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
