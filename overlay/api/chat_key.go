package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

type chatKeyAnswer struct{ Body overlay.ChatKey }

type madeChatKeyAnswer struct{ Body overlay.MadeChatKey }

func (a *API) chatKeys(h huma.API) {
	tags := []string{"chat"}
	const path = "/api/v1/orgs/{org}/chat-key"
	operation(a, h, huma.Operation{OperationID: "chat-key", Method: http.MethodGet, Path: path, Tags: tags, Errors: []int{404},
		Summary: "Whether an organisation has a chat key, with which its sites sign for the names of their users"}, func(ctx context.Context, in *InOrg) (*chatKeyAnswer, error) {
		k, err := a.as(ctx).ChatKey(ctx, in.Org)
		return &chatKeyAnswer{k}, err
	})
	operation(a, h, huma.Operation{OperationID: "renew-chat-key", Method: http.MethodPost, Path: path, Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 422, 503},
		Summary: "Make a chat key, or another one", Description: "The answer has the key, once. The one before holds for a day beside it."}, func(ctx context.Context, in *struct {
		InOrg
		Once
	}) (*madeChatKeyAnswer, error) {
		made, err := a.as(ctx).RenewChatKey(ctx, in.Org, in.with(nil))
		return &madeChatKeyAnswer{made}, err
	})
	operation(a, h, huma.Operation{OperationID: "delete-chat-key", Method: http.MethodDelete, Path: path, Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503},
		Summary: "End the chat keys of an organisation: nothing that they signed holds any more"}, func(ctx context.Context, in *InOrg) (*struct{}, error) {
		return nil, a.as(ctx).DeleteChatKey(ctx, in.Org)
	})
}

// identify puts the user of the embedding site, who is signed for, in the place of who wrote.
func (a *API) identify(ctx context.Context, show string, b *overlay.CommentBody) error {
	if b.Identity == "" {
		return nil
	}
	found, err := a.o.Chat.Show(ctx, show)
	if err != nil {
		return err
	}
	keys, err := a.viewers.ChatSecrets(ctx, found.Org)
	if err != nil {
		return err
	}
	user, err := overlay.ReadIdentity(b.Identity, found.Org, found.Room, keys, time.Now())
	if err != nil {
		return err
	}
	b.Viewer, b.Name, b.Verified = user.Viewer, user.Name, true
	return nil
}
