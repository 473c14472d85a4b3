package store

import (
	"context"

	"mediad/overlay"
)

// AllComments gives a page of a show's comments, in every state.
func (a Acting) AllComments(ctx context.Context, show, before string, questions bool, limit int) ([]overlay.Comment, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() ([]overlay.Comment, error) { return a.s.AllComments(ctx, show, before, questions, limit) })
}

// CommentsFrom gives a page of them, oldest first.
func (a Acting) CommentsFrom(ctx context.Context, show, after string, limit int) ([]overlay.Comment, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() ([]overlay.Comment, error) { return a.s.CommentsFrom(ctx, show, after, limit) })
}

// Comment gives a comment of a show.
func (a Acting) Comment(ctx context.Context, show, id string) (overlay.Comment, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() (overlay.Comment, error) { return a.s.Comment(ctx, show, id) })
}

// MayChat refuses who may not write in the chat of a show as its host.
func (a Acting) MayChat(ctx context.Context, show string) error {
	return a.ofShow(ctx, overlay.Moderate, show)
}

// DeleteComment takes a comment from viewers, or gives it back.
func (a Acting) DeleteComment(ctx context.Context, show, id string, deleted bool) (overlay.Comment, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() (overlay.Comment, error) { return a.s.DeleteComment(ctx, show, id, deleted, a.who.Name) })
}

// PinComment keeps a comment in everybody's sight, or ends that.
func (a Acting) PinComment(ctx context.Context, show, id string, pinned bool) (overlay.Comment, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() (overlay.Comment, error) { return a.s.PinComment(ctx, show, id, pinned, a.who.Name) })
}

// AnswerComment marks a question as answered, or not.
func (a Acting) AnswerComment(ctx context.Context, show, id string, answered bool) (overlay.Comment, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() (overlay.Comment, error) { return a.s.AnswerComment(ctx, show, id, answered, a.who.Name) })
}

// Mute keeps a viewer from writing.
func (a Acting) Mute(ctx context.Context, show string, n NewMute) (overlay.Mute, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() (overlay.Mute, error) { return a.s.Mute(ctx, show, n, a.who.Name) })
}

// Unmute lets a viewer write again.
func (a Acting) Unmute(ctx context.Context, show, viewer string) error {
	if err := a.ofShow(ctx, overlay.Moderate, show); err != nil {
		return err
	}
	return a.s.Unmute(ctx, show, viewer, a.who.Name)
}

// Mutes gives a page of those who are muted.
func (a Acting) Mutes(ctx context.Context, show, after string, limit int) ([]overlay.Mute, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() ([]overlay.Mute, error) { return a.s.Mutes(ctx, show, after, limit) })
}

// ChatSettings gives the settings of a show's chat.
func (a Acting) ChatSettings(ctx context.Context, show string) (overlay.ChatSettings, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() (overlay.ChatSettings, error) { return a.s.ChatSettings(ctx, show) })
}

// SetChat sets them.
func (a Acting) SetChat(ctx context.Context, show string, set overlay.ChatSettings) (overlay.ChatSettings, error) {
	return allowed(a.ofShow(ctx, overlay.Moderate, show), func() (overlay.ChatSettings, error) { return a.s.SetChat(ctx, show, set, a.who.Name) })
}

// EraseViewer forgets what a viewer wrote.
func (a Acting) EraseViewer(ctx context.Context, show, viewer string) (n int64, ids []string, err error) {
	if err := a.ofShow(ctx, overlay.Moderate, show); err != nil {
		return 0, nil, err
	}
	return a.s.EraseViewer(ctx, show, viewer, a.who.Name)
}

// ChatKey tells of the key of an organisation.
func (a Acting) ChatKey(ctx context.Context, org string) (overlay.ChatKey, error) {
	return allowed(a.ofOrg(ctx, overlay.Own, org), func() (overlay.ChatKey, error) { return a.s.ChatKey(ctx, org) })
}

// RenewChatKey makes a key for an organisation.
func (a Acting) RenewChatKey(ctx context.Context, org string, once Once) (overlay.MadeChatKey, error) {
	return allowed(a.ofOrg(ctx, overlay.Own, org), func() (overlay.MadeChatKey, error) { return a.s.RenewChatKey(ctx, org, a.who.Name, once) })
}

// DeleteChatKey ends its keys.
func (a Acting) DeleteChatKey(ctx context.Context, org string) error {
	if err := a.ofOrg(ctx, overlay.Own, org); err != nil {
		return err
	}
	return a.s.DeleteChatKey(ctx, org, a.who.Name)
}
