package store

import (
	"context"

	"mediad/overlay"
)

// Polls gives a page of the polls of a show.
func (a Acting) Polls(ctx context.Context, show, after string, limit int) ([]overlay.Poll, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() ([]overlay.Poll, error) { return a.s.Polls(ctx, show, after, limit) })
}

// Poll gives one of them.
func (a Acting) Poll(ctx context.Context, show, id string) (overlay.Poll, error) {
	return allowed(a.ofShow(ctx, overlay.Read, show), func() (overlay.Poll, error) { return a.s.Poll(ctx, show, id) })
}

// CreatePoll prepares a poll of a show.
func (a Acting) CreatePoll(ctx context.Context, p overlay.Poll, open bool, once Once) (overlay.Poll, error) {
	return allowed(a.ofShow(ctx, overlay.Sell, p.Show), func() (overlay.Poll, error) { return a.s.CreatePoll(ctx, p, open, a.who.Name, once) })
}

// ChangePoll changes a poll that was not opened yet.
func (a Acting) ChangePoll(ctx context.Context, show, id string, c PollChange) (overlay.Poll, error) {
	return allowed(a.ofShow(ctx, overlay.Sell, show), func() (overlay.Poll, error) { return a.s.ChangePoll(ctx, show, id, c, a.who.Name) })
}

// OpenPoll lets viewers vote.
func (a Acting) OpenPoll(ctx context.Context, show, id string) (overlay.Poll, error) {
	return allowed(a.ofShow(ctx, overlay.Sell, show), func() (overlay.Poll, error) { return a.s.OpenPoll(ctx, show, id, a.who.Name) })
}

// ClosePoll ends the voting. Moderators may, too.
func (a Acting) ClosePoll(ctx context.Context, show, id string) (overlay.Poll, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() (overlay.Poll, error) { return a.s.ClosePoll(ctx, show, id, a.who.Name) })
}

// DeletePoll deletes a poll that is not open.
func (a Acting) DeletePoll(ctx context.Context, show, id string) error {
	if err := a.ofShow(ctx, overlay.Sell, show); err != nil {
		return err
	}
	return a.s.DeletePoll(ctx, show, id, a.who.Name)
}
