package archive

import "time"

// maxFill is how many missing segments in a row are listed one by one, over an
// hour of them. A larger hole is not worth its lines.
const maxFill = 2000

// maxLost is the same behind a DISCONTINUITY. A publisher that comes back after
// a restart gets numbers that were surely not used before: the numbers in between were
// reserved, and had no segments.
const maxLost = 32

// missing makes up for segments between two that are listed, which nobody will
// ever add: a crash took them out of the queue. They become EXT-X-GAP, so that
// the numbers of a playlist go on without a hole. It is a function of its
// arguments alone: after every restart the same.
func missing(prev, next Record, target int) []Record {
	n := next.MSN - prev.MSN - 1
	if next.MSN <= prev.MSN || n == 0 || n > maxFill || next.Discontinuity && n > maxLost {
		return nil
	}
	end := prev.Date.Add(prev.Duration)
	longest := time.Duration(target) * time.Second
	each := (next.Date.Sub(end) / time.Duration(n)).Round(time.Millisecond)
	if each <= 0 || each > longest {
		each = longest
	}
	gaps := make([]Record, n)
	for i := range gaps {
		gaps[i] = Record{
			MSN: prev.MSN + 1 + uint64(i), Duration: each, Gap: true,
			Date: end.Add(time.Duration(i) * each),
		}
	}
	return gaps
}

// filled puts in what is missing between records.
func filled(records []Record, target int) []Record {
	out := make([]Record, 0, len(records))
	for i, r := range records {
		if i > 0 {
			out = append(out, missing(records[i-1], r, target)...)
		}
		out = append(out, r)
	}
	return out
}
