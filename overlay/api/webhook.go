package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// InWebhook is the path of a webhook.
type InWebhook struct {
	Webhook string `path:"webhook" doc:"The webhook's id"`
}

type webhookAnswer struct{ Body overlay.Webhook }

type webhookMade struct {
	Location string `header:"Location"`
	Body     store.MadeWebhook
}

type webhookList struct {
	Body struct {
		Items []overlay.Webhook `json:"items"`
		Next  string            `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) webhooks(h huma.API) {
	tags := []string{"webhooks"}
	const path = "/api/v1/webhooks"
	operation(a, h, huma.Operation{OperationID: "list-webhooks", Method: http.MethodGet, Path: path,
		Summary: "List the webhooks: addresses of other servers that are told what happens", Tags: tags, Errors: []int{404, 422}}, a.listWebhooks)
	operation(a, h, huma.Operation{OperationID: "create-webhook", Method: http.MethodPost, Path: path,
		Summary: "Add a webhook", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Description: "It is told what happens in its organisation, and in those below it, signed as Standard Webhooks says. `secret` of the answer is shown this once."}, a.createWebhook)
	operation(a, h, huma.Operation{OperationID: "get-webhook", Method: http.MethodGet, Path: path + "/{webhook}",
		Summary: "Read a webhook", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InWebhook) (*webhookAnswer, error) {
		w, err := a.as(ctx).Webhook(ctx, in.Webhook)
		return &webhookAnswer{w}, err
	})
	operation(a, h, huma.Operation{OperationID: "change-webhook", Method: http.MethodPatch, Path: path + "/{webhook}",
		Summary: "Change a webhook, or switch it on or off", Tags: tags, Errors: []int{400, 404, 409, 422, 503},
		Description: "What happens while it is off is not kept for it. What waited before goes on when it is switched on within seven days."}, a.changeWebhook)
	operation(a, h, huma.Operation{OperationID: "delete-webhook", Method: http.MethodDelete, Path: path + "/{webhook}",
		Summary: "Delete a webhook, and all that waits for it", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503}}, func(ctx context.Context, in *InWebhook) (*struct{}, error) {
		return nil, a.as(ctx).DeleteWebhook(ctx, in.Webhook)
	})
	operation(a, h, huma.Operation{OperationID: "renew-webhook-secret", Method: http.MethodPost, Path: path + "/{webhook}/secret",
		Summary: "Give a webhook another secret", Tags: tags, Errors: []int{404, 422, 503},
		Description: "`secret` of the answer is shown this once. The former one signs beside it for 24 hours, so that there is time to change it on the other side."}, func(ctx context.Context, in *struct {
		InWebhook
		Once
	}) (*struct{ Body store.MadeWebhook }, error) {
		w, err := a.as(ctx).RenewWebhookSecret(ctx, in.Webhook, in.with(nil))
		return &struct{ Body store.MadeWebhook }{w}, err
	})
	a.deliveries(h)
}

func (a *API) listWebhooks(ctx context.Context, in *struct {
	Org string `query:"org" doc:"Of this organisation alone; left out: of all that you may see"`
	Paging
}) (*webhookList, error) {
	scope, err := a.scopeOf(ctx, overlay.Own, in.Org)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).Webhooks(ctx, scope, in.Cursor, in.Limit+1)
	out := &webhookList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(w overlay.Webhook) string { return w.ID })
	return out, err
}

func (a *API) createWebhook(ctx context.Context, in *struct {
	Once
	Body struct {
		Org   string   `json:"org,omitempty" doc:"Your own organisation if left out"`
		URL   string   `json:"url" doc:"Where it is sent to, by https" example:"https://erp.example/hooks/mediad"`
		Name  string   `json:"name,omitempty" doc:"What you call it"`
		Types []string `json:"types" doc:"What it is told of" example:"[\"order.paid\",\"order.refunded\"]"`
	}
	RawBody []byte
}) (*webhookMade, error) {
	org, err := a.placeFor(ctx, overlay.Own, in.Body.Org)
	if err != nil {
		return nil, err
	}
	b := in.Body
	w, err := a.as(ctx).CreateWebhook(ctx, overlay.Webhook{Org: org, URL: b.URL, Name: b.Name, Types: b.Types}, a.o.PlainWebhooks, in.with(in.RawBody))
	return &webhookMade{Location: a.o.Base + "/api/v1/webhooks/" + w.ID, Body: w}, err
}

func (a *API) changeWebhook(ctx context.Context, in *struct {
	InWebhook
	Body struct {
		Rev   int64     `json:"rev,omitempty" doc:"The revision that the change was made on; with any other the answer is 409"`
		URL   *string   `json:"url,omitempty"`
		Name  *string   `json:"name,omitempty" nullable:"true" doc:"null takes it away"`
		Types *[]string `json:"types,omitempty" doc:"Replaces all"`
		On    *bool     `json:"on,omitempty"`
	}
	RawBody []byte
}) (*webhookAnswer, error) {
	b := &in.Body
	if err := cleared(in.RawBody, map[string]func(){"name": func() { b.Name = new(string) }}); err != nil {
		return nil, err
	}
	w, err := a.as(ctx).ChangeWebhook(ctx, in.Webhook, overlay.WebhookChange{Rev: b.Rev, URL: b.URL, Name: b.Name, Types: b.Types, On: b.On}, a.o.PlainWebhooks)
	return &webhookAnswer{w}, err
}

// InDelivery is the path of a delivery.
type InDelivery struct {
	InWebhook
	Delivery string `path:"delivery" doc:"The delivery's id"`
}

type deliveryAnswer struct{ Body overlay.Delivery }

type deliveryList struct {
	Body struct {
		Items []overlay.Delivery `json:"items" doc:"The newest first"`
		Next  string             `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) deliveries(h huma.API) {
	tags := []string{"webhooks"}
	const path = "/api/v1/webhooks/{webhook}"
	operation(a, h, huma.Operation{OperationID: "test-webhook", Method: http.MethodPost, Path: path + "/test",
		Summary: "Send a webhook an event that says that it is a test", Tags: tags, DefaultStatus: http.StatusAccepted, Errors: []int{404, 409, 422, 503},
		Description: "It goes before all that waits. get-delivery tells how it went."}, func(ctx context.Context, in *struct {
		InWebhook
		Once
	}) (*deliveryAnswer, error) {
		d, err := a.as(ctx).TestWebhook(ctx, in.Webhook, in.with(nil))
		return &deliveryAnswer{d}, err
	})
	operation(a, h, huma.Operation{OperationID: "list-deliveries", Method: http.MethodGet, Path: path + "/deliveries",
		Summary: "List what a webhook is told, and how that goes", Tags: tags, Errors: []int{404, 422},
		Description: "What has ended is kept for seven days."}, a.listDeliveries)
	operation(a, h, huma.Operation{OperationID: "get-delivery", Method: http.MethodGet, Path: path + "/deliveries/{delivery}",
		Summary: "Read a delivery, with what is sent and how each try went", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InDelivery) (*struct{ Body overlay.DeliveryStory }, error) {
		d, err := a.as(ctx).Delivery(ctx, in.Webhook, in.Delivery)
		return &struct{ Body overlay.DeliveryStory }{d}, err
	})
	operation(a, h, huma.Operation{OperationID: "replay-delivery", Method: http.MethodPost, Path: path + "/deliveries/{delivery}/replay",
		Summary: "Send a delivery once more, at once", Tags: tags, DefaultStatus: http.StatusAccepted, Errors: []int{404, 409, 422, 503},
		Description: "With the same `webhook-id`. Where it is not taken it is tried for a day again."}, func(ctx context.Context, in *struct {
		InDelivery
		Once
	}) (*deliveryAnswer, error) {
		d, err := a.as(ctx).ReplayDelivery(ctx, in.Webhook, in.Delivery, in.with(nil))
		return &deliveryAnswer{d}, err
	})
	operation(a, h, huma.Operation{OperationID: "replay-webhook", Method: http.MethodPost, Path: path + "/replay",
		Summary: "Send once more what a webhook was told since a moment", Tags: tags, DefaultStatus: http.StatusAccepted, Errors: []int{404, 409, 422, 503},
		Description: "Of the last seven days, in the order in which it happened, with the same `webhook-id`. At most 10,000 at once."}, a.replayWebhook)
}

func (a *API) listDeliveries(ctx context.Context, in *struct {
	InWebhook
	State overlay.DeliveryState `query:"state" enum:"waiting,taken,failed" doc:"In this state alone"`
	Type  string                `query:"type" doc:"Of this type alone"`
	Paging
}) (*deliveryList, error) {
	all, err := a.as(ctx).FindDeliveries(ctx, store.Deliveries{Webhook: in.Webhook, State: in.State, Type: in.Type}, in.Cursor, in.Limit+1)
	out := &deliveryList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(d overlay.Delivery) string { return d.ID })
	return out, err
}

type replayed struct {
	Body struct {
		Queued int `json:"queued" doc:"How many deliveries are sent once more"`
	}
}

func (a *API) replayWebhook(ctx context.Context, in *struct {
	InWebhook
	Once
	Body struct {
		Since time.Time  `json:"since" doc:"What was told at this moment or later"`
		Until *time.Time `json:"until,omitempty" doc:"And before this one; up to now if left out"`
		State string     `json:"state,omitempty" enum:"failed,all" doc:"failed: what was given up alone, as if left out; all: what was taken, too"`
	}
	RawBody []byte
}) (*replayed, error) {
	r := store.Replay{Since: in.Body.Since, Failed: in.Body.State != "all"}
	if in.Body.Until != nil {
		r.Until = *in.Body.Until
	}
	out := &replayed{}
	var err error
	out.Body.Queued, err = a.as(ctx).ReplayWebhook(ctx, in.Webhook, r, in.with(in.RawBody))
	return out, err
}
