package doctor

import (
	"context"
	"fmt"
	"net/url"
	"path"

	"mediad/packager/m3u8"
)

// ladder compares the playlists of the other variants with the one that is followed.
func (d *Doctor) ladder(ctx context.Context) {
	for _, p := range d.peer {
		if !p.variant || d.ended || ctx.Err() != nil {
			continue
		}
		// A report was true when its playlist was made: not before the one, not after the other.
		before, _ := d.other(ctx, p.url)
		mine, where := d.other(ctx, d.list)
		after, _ := d.other(ctx, p.url)
		if before == nil || mine == nil || after == nil {
			continue
		}
		for _, r := range mine.m.Reports {
			u, err := d.list.Parse(r.URI)
			if err != nil || path.Clean(u.Path) != path.Clean(p.url.Path) {
				continue
			}
			d.ledger.judge("A1.24b", r.MSN+2 >= upcoming(before.m) && holds(after.m, r.MSN, r.Part), where, lineWith(mine.text, "#EXT-X-RENDITION-REPORT:URI=\""+r.URI),
				fmt.Sprintf("LAST-MSN is %d and LAST-PART %d; open there was segment %d with %d parts, then %d with %d", r.MSN, r.Part,
					upcoming(before.m), len(before.m.Open.Parts), upcoming(after.m), len(after.m.Open.Parts)))
		}
		wrong := unlike(mine.m, after.m)
		d.ledger.judge("A5.16", wrong == "", p.url.String(), lastLines(mine.text)+"\n"+lastLines(after.text), wrong)
	}
}

// version is a playlist, as text and as a value.
type version struct {
	text string
	m    *m3u8.Media
}

func (d *Doctor) other(ctx context.Context, u *url.URL) (v *version, where string) {
	a := d.limited(ctx, u)
	text := string(a.text())
	m, err := m3u8.Parse([]byte(tame(text)))
	if !a.ok() || err != nil {
		return nil, a.place()
	}
	return &version{text, m}, a.place()
}

// unlike says where two playlists of one broadcast differ in what they both list.
func unlike(a, b *m3u8.Media) string {
	if a.PartTarget != b.PartTarget {
		return fmt.Sprintf("PART-TARGET is %v and %v", a.PartTarget, b.PartTarget)
	}
	both := 0
	for msn := max(a.Sequence, b.Sequence); msn < min(upcoming(a), upcoming(b)); msn++ {
		x, y := a.Segments[msn-a.Sequence], b.Segments[msn-b.Sequence]
		both++
		if x.Duration != y.Duration || !x.Date.Equal(y.Date) || x.Discontinuity != y.Discontinuity {
			return fmt.Sprintf("segment %d lasts %v from %v on, and %v from %v on; DISCONTINUITY %t and %t",
				msn, x.Duration, x.Date, y.Duration, y.Date, x.Discontinuity, y.Discontinuity)
		}
		for i := range min(len(x.Parts), len(y.Parts)) {
			if x.Parts[i].Duration != y.Parts[i].Duration {
				return fmt.Sprintf("part %d of segment %d lasts %v, and %v", i, msn, x.Parts[i].Duration, y.Parts[i].Duration)
			}
		}
	}
	if both == 0 {
		return fmt.Sprintf("no number is in both: segments %d to %d, and %d to %d", a.Sequence, upcoming(a), b.Sequence, upcoming(b))
	}
	return ""
}
