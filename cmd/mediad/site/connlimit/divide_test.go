package connlimit

import "testing"

func TestDivide(t *testing.T) {
	for name, c := range map[string]struct {
		files int
		wish  Wanted
		want  Limits
	}{
		"a few":            {256, Wanted{0, 1024, 64}, Limits{HTTP: 96, RTMP: 32, Short: true}},
		"a user's shell":   {1024, Wanted{0, 1024, 64}, Limits{HTTP: 384, RTMP: 128, Short: true}},
		"a server":         {1 << 20, Wanted{0, 1024, 64}, Limits{HTTP: 1<<20 - 1<<17 - 1024, RTMP: 1024}},
		"fewer than there": {1 << 20, Wanted{1000, 64, 64}, Limits{HTTP: 1000, RTMP: 64}},
		"more than there":  {4096, Wanted{100_000, 64, 64}, Limits{HTTP: 3520, RTMP: 64, Short: true}},
		"hardly any":       {8, Wanted{0, 1024, 64}, Limits{HTTP: 3, RTMP: 1, Short: true}},
	} {
		got := Divide(c.files, c.wish)
		got.Files = 0
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// Whatever is configured, half of the files, or the files that other parts
// need, stay free. With as many files as Divide names, all that is wanted is
// given.
func TestDivideLeavesAReserve(t *testing.T) {
	for _, files := range []int{16, 100, 256, 1024, 4096, 20_000, 65_536, 1 << 20} {
		for _, rtmp := range []int{1, 64, 1024, 100_000} {
			for _, http := range []int{0, 10, 5000, 10_000_000} {
				w := Wanted{http, rtmp, 64}
				p := Divide(files, w)
				if rest := files - p.HTTP - p.RTMP; rest < min(files/2, reserveBase+2*64+3*p.RTMP) || rest < files/8 {
					t.Errorf("%d files, %+v: %+v leaves %d", files, w, p, rest)
				}
				if q := Divide(p.Files, w); q.Short {
					t.Errorf("%+v: %d files are said to do, and give %+v", w, p.Files, q)
				}
			}
		}
	}
}
