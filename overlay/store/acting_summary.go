package store

import (
	"context"

	"mediad/overlay"
)

// Summary makes a summary of the shows that began in some days, as an organisation and all
// below it see them; without one, as all do in which the actor may see figures. Without a
// time zone the days are those of the organisation.
func (a Acting) Summary(ctx context.Context, by overlay.SummaryBy, org, from, to, zone string) (none overlay.Summary, err error) {
	in, err := a.scope(ctx, overlay.Figures, org)
	if err != nil {
		return none, err
	}
	if zone == "" && org != "" {
		of, err := a.s.Org(ctx, org)
		if err != nil {
			return none, err
		}
		zone = of.Timezone
	}
	days, err := overlay.SummaryDaysOf(from, to, zone, a.s.now())
	if err != nil {
		return none, err
	}
	return a.s.Summary(ctx, by, days, in)
}
