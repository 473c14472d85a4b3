package store

import (
	"context"

	"mediad/overlay"
)

func (a Acting) Room(ctx context.Context, room string) (overlay.Room, error) {
	return allowed(a.inRoom(ctx, overlay.Read, room), func() (overlay.Room, error) { return a.s.RoomBySlug(ctx, room) })
}

// ListRooms gives a page of the rooms in which the actor may do something, of an
// organisation and those below it, with these words in title or slug; org "": of all.
func (a Acting) ListRooms(ctx context.Context, do overlay.Action, org, text, after string, limit int) ([]overlay.Room, error) {
	in, err := a.scope(ctx, do, org)
	return allowed(err, func() ([]overlay.Room, error) { return a.s.FindRooms(ctx, in, text, after, limit) })
}

func (a Acting) CreateRoom(ctx context.Context, n NewRoom, once Once) (overlay.Room, error) {
	return allowed(a.ofOrg(ctx, overlay.Own, n.Org), func() (overlay.Room, error) { return a.s.CreateRoom(ctx, n, once) })
}

func (a Acting) ChangeRoom(ctx context.Context, room string, c RoomChange) (overlay.Room, error) {
	return allowed(a.inRoom(ctx, overlay.Run, room), func() (overlay.Room, error) { return a.s.ChangeRoom(ctx, room, c, a.who.Name) })
}

func (a Acting) DeleteRoom(ctx context.Context, room string) error {
	if err := a.inRoom(ctx, overlay.Own, room); err != nil {
		return err
	}
	return a.s.DeleteRoom(ctx, room, a.who.Name)
}

func (a Acting) RevealKey(ctx context.Context, room string) (string, error) {
	return allowed(a.inRoom(ctx, overlay.Key, room), func() (string, error) { return a.s.RevealKey(ctx, room, a.who.Name) })
}

func (a Acting) RotateKey(ctx context.Context, room string, once Once) (string, error) {
	return allowed(a.inRoom(ctx, overlay.Key, room), func() (string, error) { return a.s.RotateKey(ctx, room, a.who.Name, once) })
}

func (a Acting) EndShow(ctx context.Context, room string) (overlay.Event, error) {
	return allowed(a.inRoom(ctx, overlay.Run, room), func() (overlay.Event, error) { return a.s.EndShow(ctx, room) })
}

// FollowProducts tells of changes in the catalogue that a room sells from, until stop is
// called.
func (a Acting) FollowProducts(ctx context.Context, room string) (news *News, stop func(), err error) {
	found, err := a.Room(ctx, room)
	if err != nil {
		return nil, nil, err
	}
	news, stop = a.s.board.follow(found.Org)
	return news, stop, nil
}

// OpenShow gives the show of a room that is on air, or comes next; nil: there is none.
func (a Acting) OpenShow(ctx context.Context, room string) (*overlay.Show, error) {
	return allowed(a.inRoom(ctx, overlay.Read, room), func() (*overlay.Show, error) {
		open, _, err := a.s.RoomShows(ctx, room)
		return open, err
	})
}

// NextShow gives the show of a room that is planned next, however far away, but not the one named; nil: there is none.
func (a Acting) NextShow(ctx context.Context, room, but string) (*overlay.Show, error) {
	return allowed(a.inRoom(ctx, overlay.Read, room), func() (*overlay.Show, error) { return a.s.NextShow(ctx, room, but) })
}

func (a Acting) AddCue(ctx context.Context, room string, cue overlay.NewCue, at overlay.At, once Once) (overlay.CueInfo, error) {
	return allowed(a.inRoom(ctx, overlay.Sell, room), func() (overlay.CueInfo, error) { return a.s.AddCue(ctx, room, cue, at, once) })
}

func (a Acting) WaitingCues(ctx context.Context, room, after string, limit int) ([]overlay.Waiting, error) {
	return allowed(a.inRoom(ctx, overlay.Read, room), func() ([]overlay.Waiting, error) { return a.s.WaitingCues(ctx, room, after, limit) })
}

func (a Acting) GetCue(ctx context.Context, room, id string) (overlay.CueInfo, error) {
	return allowed(a.inRoom(ctx, overlay.Read, room), func() (overlay.CueInfo, error) { return a.s.GetCue(ctx, room, id) })
}

func (a Acting) CancelCue(ctx context.Context, room, id string) error {
	if err := a.inRoom(ctx, overlay.Sell, room); err != nil {
		return err
	}
	return a.s.CancelCue(ctx, room, id)
}

func (a Acting) Pin(ctx context.Context, room, product string, at overlay.At, once Once) (overlay.CueInfo, error) {
	return allowed(a.inRoom(ctx, overlay.Sell, room), func() (overlay.CueInfo, error) { return a.s.Pin(ctx, room, product, at, once) })
}

func (a Acting) Unpin(ctx context.Context, room, id string, at overlay.At) (overlay.CueInfo, error) {
	return allowed(a.inRoom(ctx, overlay.Sell, room), func() (overlay.CueInfo, error) { return a.s.Unpin(ctx, room, id, at) })
}

func (a Acting) Repin(ctx context.Context, room, product, line string, once Once) (overlay.CueInfo, error) {
	return allowed(a.inRoom(ctx, overlay.Sell, room), func() (overlay.CueInfo, error) { return a.s.Repin(ctx, room, product, line, once) })
}

func (a Acting) TakeBack(ctx context.Context, room, id, line string) (overlay.CueInfo, error) {
	return allowed(a.inRoom(ctx, overlay.Sell, room), func() (overlay.CueInfo, error) { return a.s.TakeBack(ctx, room, id, line) })
}

func (a Acting) Step(ctx context.Context, room string, step Step, once Once) (overlay.CueInfo, error) {
	return allowed(a.inRoom(ctx, overlay.Sell, room), func() (overlay.CueInfo, error) { return a.s.Step(ctx, room, step, a.who.Name, once) })
}
