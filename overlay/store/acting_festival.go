package store

import (
	"context"
	"slices"

	"mediad/overlay"
)

// The organiser's side: owners of the organisation that holds a festival change it, and whoever
// sees its figures reads it. Nothing here changes anything of a merchant's.

func (a Acting) festival(ctx context.Context, do overlay.Action, slug string) (overlay.Festival, error) {
	f, err := a.s.Festival(ctx, slug)
	if err != nil {
		return f, err
	}
	return allowed(a.who.Check(do, f.Org, ""), func() (overlay.Festival, error) { return f, nil })
}

// Festival gives a festival to who sees its figures.
func (a Acting) Festival(ctx context.Context, slug string) (overlay.Festival, error) {
	return a.festival(ctx, overlay.Figures, slug)
}

// Festivals gives a page of the festivals of organisations of a scope.
func (a Acting) Festivals(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Festival, error) {
	return allowed(a.within(overlay.Figures, in), func() ([]overlay.Festival, error) { return a.s.Festivals(ctx, in, after, limit) })
}

func (a Acting) CreateFestival(ctx context.Context, f overlay.Festival, once Once) (overlay.Festival, error) {
	return allowed(a.ofOrg(ctx, overlay.Own, f.Org), func() (overlay.Festival, error) { return a.s.CreateFestival(ctx, f, a.who.Name, once) })
}

func (a Acting) ChangeFestival(ctx context.Context, slug string, c overlay.FestivalChange) (overlay.Festival, error) {
	_, err := a.festival(ctx, overlay.Own, slug)
	return allowed(err, func() (overlay.Festival, error) { return a.s.ChangeFestival(ctx, slug, c, a.who.Name) })
}

func (a Acting) DeleteFestival(ctx context.Context, slug string) error {
	if _, err := a.festival(ctx, overlay.Own, slug); err != nil {
		return err
	}
	return a.s.DeleteFestival(ctx, slug, a.who.Name)
}

// Participants gives a page of the merchants of a festival.
func (a Acting) Participants(ctx context.Context, slug, after string, limit int) ([]overlay.Participant, error) {
	_, err := a.Festival(ctx, slug)
	return allowed(err, func() ([]overlay.Participant, error) { return a.s.Participants(ctx, slug, after, limit) })
}

func (a Acting) InviteToFestival(ctx context.Context, slug, name, region string, once Once) (made overlay.Participant, link string, err error) {
	if _, err := a.festival(ctx, overlay.Own, slug); err != nil {
		return made, "", err
	}
	return a.s.InviteToFestival(ctx, slug, name, region, a.who.Name, once)
}

// Participant gives a merchant of a festival.
func (a Acting) Participant(ctx context.Context, slug, id string) (overlay.Participant, error) {
	return a.participant(ctx, overlay.Figures, slug, id)
}

func (a Acting) participant(ctx context.Context, do overlay.Action, slug, id string) (none overlay.Participant, err error) {
	if _, err := a.festival(ctx, do, slug); err != nil {
		return none, err
	}
	p, err := a.s.Participant(ctx, id)
	if err == nil && p.Festival != slug {
		return none, overlay.Errorf(overlay.NotFound, "the festival has no such merchant")
	}
	return p, err
}

func (a Acting) ChangeParticipant(ctx context.Context, slug, id string, name, region *string) (overlay.Participant, error) {
	_, err := a.participant(ctx, overlay.Own, slug, id)
	return allowed(err, func() (overlay.Participant, error) {
		return a.s.ChangeParticipant(ctx, id, name, region, a.who.Name)
	})
}

// RemoveParticipant takes a merchant out of a festival, or its invitation back.
func (a Acting) RemoveParticipant(ctx context.Context, slug, id string) error {
	if _, err := a.participant(ctx, overlay.Own, slug, id); err != nil {
		return err
	}
	return a.s.LeaveFestival(ctx, id, false, a.who.Name)
}

// FestivalReport sums up what the shows of a festival brought.
func (a Acting) FestivalReport(ctx context.Context, slug string, by overlay.SummaryBy) (overlay.Summary, error) {
	f, err := a.Festival(ctx, slug)
	return allowed(err, func() (overlay.Summary, error) { return a.s.FestivalReport(ctx, f, by) })
}

// FestivalNow gives what is on in a festival: its rooms, the shows that are open, and those
// that are planned.
func (a Acting) FestivalNow(ctx context.Context, slug string, planned int) (now FestivalNow, err error) {
	f, err := a.Festival(ctx, slug)
	return allowed(err, func() (FestivalNow, error) { return a.s.FestivalNow(ctx, f, planned) })
}

// The merchant's side.

// participation gives a part of a festival that an organisation has for which the actor may do this.
func (a Acting) participation(ctx context.Context, do overlay.Action, id string) (overlay.Participant, error) {
	p, err := a.s.Participant(ctx, id)
	if err == nil && p.Org == "" {
		err = overlay.Errorf(overlay.NotFound, "the festival has no such merchant")
	}
	if err != nil {
		return overlay.Participant{}, err
	}
	return allowed(a.who.Check(do, p.Org, ""), func() (overlay.Participant, error) { return p, nil })
}

// Participations gives a page of the festivals in which organisations of a scope take part.
func (a Acting) Participations(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Participation, error) {
	return allowed(a.within(overlay.Read, in), func() ([]overlay.Participation, error) { return a.s.Participations(ctx, in, after, limit) })
}

// Participation gives a festival as a merchant of it sees it.
func (a Acting) Participation(ctx context.Context, id string) (overlay.Participant, error) {
	return a.participation(ctx, overlay.Read, id)
}

// AcceptFestival takes part with rooms of an organisation that the actor owns.
func (a Acting) AcceptFestival(ctx context.Context, link, org string, rooms []string) (overlay.Participation, error) {
	return allowed(a.ownRooms(ctx, org, rooms), func() (overlay.Participation, error) { return a.s.AcceptFestival(ctx, link, org, rooms, a.who.Name) })
}

// ownRooms refuses an organisation, or rooms, that are not the actor's own.
func (a Acting) ownRooms(ctx context.Context, org string, rooms []string) error {
	if err := a.ofOrg(ctx, overlay.Own, org); err != nil {
		return err
	}
	for _, room := range slices.Compact(slices.Sorted(slices.Values(rooms))) {
		if err := a.inRoom(ctx, overlay.Own, room); err != nil {
			return err
		}
	}
	return nil
}

func (a Acting) SetFestivalRooms(ctx context.Context, id string, rooms []string) (overlay.Participant, error) {
	p, err := a.participation(ctx, overlay.Own, id)
	if err == nil {
		err = a.ownRooms(ctx, p.Org, rooms)
	}
	return allowed(err, func() (overlay.Participant, error) { return a.s.SetFestivalRooms(ctx, id, rooms, a.who.Name) })
}

// LeaveFestival ends a merchant's part in a festival.
func (a Acting) LeaveFestival(ctx context.Context, id string) error {
	if _, err := a.participation(ctx, overlay.Own, id); err != nil {
		return err
	}
	return a.s.LeaveFestival(ctx, id, true, a.who.Name)
}
