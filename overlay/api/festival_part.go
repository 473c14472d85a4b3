package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// InParticipant is the path of a merchant of a festival.
type InParticipant struct {
	InFestival
	Participant string `path:"participant" doc:"The merchant's id in the festival"`
}

type participantAnswer struct{ Body overlay.Participant }

// invitedParticipant is an invitation with its link, which is shown this once.
type invitedParticipant struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		overlay.Participant
		Link string `json:"link" doc:"Path on this server of the address to send to the merchant; it works once, and is never shown again"`
	}
}

type participantList struct {
	Body struct {
		Items []overlay.Participant `json:"items" doc:"The first that was invited first"`
		Next  string                `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

// participants are the routes of who holds a festival.
func (a *API) participants(h huma.API, path string) {
	tags := []string{"festivals"}
	operation(a, h, huma.Operation{OperationID: "list-participants", Method: http.MethodGet, Path: path, Tags: tags, Errors: []int{404},
		Summary: "List the merchants of a festival with their rooms: invited, accepted, left"}, a.listParticipants)
	operation(a, h, huma.Operation{OperationID: "invite-participant", Method: http.MethodPost, Path: path, Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Summary: "Invite a merchant by a link", Description: "The link holds for 30 days, and no longer than the festival. An owner of the merchant's organisation accepts with the rooms that take part."}, a.inviteParticipant)
	operation(a, h, huma.Operation{OperationID: "get-participant", Method: http.MethodGet, Path: path + "/{participant}", Tags: tags, Errors: []int{404},
		Summary: "Read a merchant of a festival"}, func(ctx context.Context, in *InParticipant) (*participantAnswer, error) {
		p, err := a.as(ctx).Participant(ctx, in.Festival, in.Participant)
		return &participantAnswer{p}, err
	})
	operation(a, h, huma.Operation{OperationID: "change-participant", Method: http.MethodPatch, Path: path + "/{participant}", Tags: tags, Errors: []int{400, 404, 422, 503},
		Summary: "Change what a merchant is called in the festival, or its region there", Description: "The merchant's own organisation stays as it is."}, a.changeParticipant)
	operation(a, h, huma.Operation{OperationID: "remove-participant", Method: http.MethodDelete, Path: path + "/{participant}", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503},
		Summary: "Take a merchant out of a festival, or its invitation back", Description: "What its shows brought until then stays in the report."}, func(ctx context.Context, in *InParticipant) (*struct{}, error) {
		return nil, a.as(ctx).RemoveParticipant(ctx, in.Festival, in.Participant)
	})
}

func (a *API) listParticipants(ctx context.Context, in *struct {
	InFestival
	Paging
}) (*participantList, error) {
	all, err := a.as(ctx).Participants(ctx, in.Festival, in.Cursor, in.Limit+1)
	out := &participantList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(p overlay.Participant) string { return p.ID })
	return out, err
}

func (a *API) inviteParticipant(ctx context.Context, in *struct {
	InFestival
	Once
	Body struct {
		Name   string `json:"name" doc:"What you call the merchant; at most 150 characters"`
		Region string `json:"region,omitempty" doc:"From the whole to the part; as the merchant's organisation says if left out" example:"Guangdong/Guangzhou"`
	}
	RawBody []byte
}) (*invitedParticipant, error) {
	p, link, err := a.as(ctx).InviteToFestival(ctx, in.Festival, in.Body.Name, in.Body.Region, in.with(in.RawBody))
	out := &invitedParticipant{CacheControl: "no-store"}
	out.Body.Participant, out.Body.Link = p, a.o.Base+"/studio#/festivals/join/"+link // behind the #, so that it is in no log
	return out, err
}

func (a *API) changeParticipant(ctx context.Context, in *struct {
	InParticipant
	Body struct {
		Name   *string `json:"name,omitempty"`
		Region *string `json:"region,omitempty" nullable:"true" doc:"null: as the merchant's organisation says"`
	}
	RawBody []byte
}) (*participantAnswer, error) {
	b := &in.Body
	if err := cleared(in.RawBody, map[string]func(){"region": func() { b.Region = new(string) }}); err != nil {
		return nil, err
	}
	p, err := a.as(ctx).ChangeParticipant(ctx, in.Festival, in.Participant, b.Name, b.Region)
	return &participantAnswer{p}, err
}

// InParticipation is the path of a merchant's part in a festival.
type InParticipation struct {
	Participation string `path:"participation" doc:"The id of the merchant's part in a festival"`
}

type participationAnswer struct{ Body overlay.Participation }

type participationList struct {
	Body struct {
		Items []overlay.Participation `json:"items" doc:"The first that was invited first; also those that are over"`
		Next  string                  `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

// participations are the routes of merchants.
func (a *API) participations(h huma.API) {
	tags := []string{"festivals"}
	const path = "/api/v1/participations"
	open(a, h, huma.Operation{OperationID: "read-festival-invitation", Method: http.MethodPost, Path: "/api/v1/festival-invitations/read", Tags: tags, Errors: []int{404, 422, 429, 503},
		Summary: "What stands behind the link of an invitation to a festival", Description: "Only whoever has the link can ask. It still works once afterwards."}, func(ctx context.Context, in *struct {
		Body struct {
			Token string `json:"token" doc:"What stands behind the last / of the link"`
		}
	}) (*participationAnswer, error) {
		p, err := a.festivalLink(ctx, in.Body.Token)
		return &participationAnswer{p}, err
	})
	open(a, h, huma.Operation{OperationID: "register-merchant", Method: http.MethodPost, Path: "/api/v1/festival-invitations/register", Tags: tags, Errors: []int{403, 404, 409, 422, 429, 503},
		Summary: "Take part in a festival as a merchant who is new here", Description: "Makes an account, an organisation of its own and its first room, takes part with that, and signs the person in. The link is used up. Who has an account signs in and accepts. It is for festivals of the server's first organisation and of those below it; others bring nobody new to the server."}, a.registerMerchant)
	operation(a, h, huma.Operation{OperationID: "accept-festival", Method: http.MethodPost, Path: "/api/v1/festival-invitations/accept", Tags: tags, Errors: []int{404, 409, 422, 503},
		Summary:     "Take part in a festival with rooms of your organisation",
		Description: "Who holds the festival reads the figures of the shows that these rooms hold in it, from now on, and changes nothing. Everything stays yours, and you can leave at any time."}, a.acceptFestival)
	operation(a, h, huma.Operation{OperationID: "list-participations", Method: http.MethodGet, Path: path, Tags: tags, Errors: []int{404},
		Summary: "List the festivals in which your organisations take part"}, a.listParticipations)
	operation(a, h, huma.Operation{OperationID: "get-participation", Method: http.MethodGet, Path: path + "/{participation}", Tags: tags, Errors: []int{404},
		Summary: "Read your part in a festival"}, func(ctx context.Context, in *InParticipation) (*participantAnswer, error) {
		p, err := a.as(ctx).Participation(ctx, in.Participation)
		return &participantAnswer{p}, err
	})
	operation(a, h, huma.Operation{OperationID: "change-participation", Method: http.MethodPatch, Path: path + "/{participation}", Tags: tags, Errors: []int{400, 404, 409, 422, 503},
		Summary: "Say with which rooms you take part from now on"}, a.changeParticipation)
	operation(a, h, huma.Operation{OperationID: "leave-festival", Method: http.MethodDelete, Path: path + "/{participation}", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503},
		Summary: "Leave a festival", Description: "Shows that begin from now on are not of it. What earlier ones brought stays in its report."}, func(ctx context.Context, in *InParticipation) (*struct{}, error) {
		return nil, a.as(ctx).LeaveFestival(ctx, in.Participation)
	})
}

func (a *API) acceptFestival(ctx context.Context, in *struct {
	Body struct {
		Token string   `json:"token" doc:"What stands behind the last / of the link"`
		Org   string   `json:"org,omitempty" doc:"The organisation that takes part; your own if left out"`
		Rooms []string `json:"rooms" maxItems:"1000" doc:"Slugs of the rooms that take part, of this organisation or of those below it"`
	}
}) (*participationAnswer, error) {
	org, err := a.placeFor(ctx, overlay.Own, in.Body.Org)
	if err != nil {
		return nil, err
	}
	p, err := a.as(ctx).AcceptFestival(ctx, in.Body.Token, org, in.Body.Rooms)
	return &participationAnswer{p}, err
}

// festivalLink gives what the link of an invitation stands for. A wrong one counts as a guess.
func (a *API) festivalLink(ctx context.Context, link string) (overlay.Participation, error) {
	from := comingFrom(ctx)
	if err := a.banned(from.remote); err != nil {
		return overlay.Participation{}, err
	}
	p, err := a.door.FestivalInvitation(ctx, link)
	if overlay.CodeOf(err) == overlay.NotFound {
		a.wrong(from.remote, link)
	}
	return p, err
}

func (a *API) registerMerchant(ctx context.Context, in *struct {
	Body struct {
		Token    string `json:"token" doc:"What stands behind the last / of the link"`
		Shop     string `json:"shop" doc:"Name of the organisation and of its first room"`
		Currency string `json:"currency,omitempty" doc:"Of its prices"`
		Name     string `json:"name" doc:"Of the person"`
		Email    string `json:"email"`
		Password string `json:"password" doc:"At least 10 characters"`
	}
}) (*signedIn, error) {
	if _, err := a.festivalLink(ctx, in.Body.Token); err != nil {
		return nil, err
	}
	email, err := overlay.CheckEmail(in.Body.Email)
	if err != nil {
		return nil, err
	}
	name, err := overlay.CheckPersonName(in.Body.Name)
	if err != nil {
		return nil, err
	}
	shop, err := overlay.CheckShopName(in.Body.Shop)
	if err == nil && shop == "" {
		err = overlay.Errorf(overlay.Invalid, "shop: is missing")
	}
	if err != nil {
		return nil, err
	}
	hash, err := a.hash(ctx, in.Body.Password)
	if err != nil {
		return nil, err
	}
	_, cookie, err := a.door.RegisterMerchant(ctx, in.Body.Token, store.NewMerchant{Person: overlay.Person{Email: email, Name: name}, Password: hash, Shop: shop, Currency: in.Body.Currency})
	if err != nil {
		return nil, err
	}
	return a.welcome(ctx, cookie)
}

func (a *API) listParticipations(ctx context.Context, in *struct {
	Org string `query:"org" doc:"Those of this organisation; left out: of all of yours"`
	Paging
}) (*participationList, error) {
	scope, err := a.scopeOf(ctx, overlay.Read, in.Org)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).Participations(ctx, scope, in.Cursor, in.Limit+1)
	out := &participationList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(p overlay.Participation) string { return p.Part.ID })
	return out, err
}

func (a *API) changeParticipation(ctx context.Context, in *struct {
	InParticipation
	Body struct {
		Rooms *[]string `json:"rooms,omitempty" maxItems:"1000" doc:"Replaces all"`
	}
	RawBody []byte
}) (*participantAnswer, error) {
	if err := cleared(in.RawBody, nil); err != nil {
		return nil, err
	}
	if in.Body.Rooms == nil {
		p, err := a.as(ctx).Participation(ctx, in.Participation)
		return &participantAnswer{p}, err
	}
	p, err := a.as(ctx).SetFestivalRooms(ctx, in.Participation, *in.Body.Rooms)
	return &participantAnswer{p}, err
}
