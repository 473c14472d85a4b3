package api

import (
	"context"
	"net/http"

	"mediad/overlay"
)

// right is what an operation asks of whoever sends it: to be allowed an action, in the
// organisation and the room of what the request is about.
type right struct {
	do overlay.Action
	of place
}

// place finds the organisation, and the room if it is about one, of what a request
// names. A place without an organisation has judged the actor itself.
type place func(a *API, ctx context.Context, who overlay.Actor, do overlay.Action, r *http.Request) (org, room string, err error)

// allowed refuses what the actor may not do. What it may not even read it does not find.
func (a *API) allowed(ctx context.Context, who overlay.Actor, need right, r *http.Request) error {
	org, room, err := need.of(a, ctx, who, need.do, r)
	if overlay.CodeOf(err) == overlay.NotFound && who.Everywhere(need.do) {
		return nil // the handler tells, behind what else is wrong with the request
	}
	if err != nil || org == "" {
		return err
	}
	return who.Check(need.do, org, room)
}

// rights is the table of all operations that ask for a token or a session. One that it
// lacks is for owners of the whole server alone, and fails TestRights.
func rights() map[string]right {
	return map[string]right{
		"list-rooms":     {overlay.Read, anywhere}, // the store gives those of a scope
		"create-room":    {overlay.Own, anywhere},
		"get-room":       {overlay.Read, ofRoom},
		"get-obs-config": {overlay.Read, ofRoom},
		"change-room":    {overlay.Run, ofRoom},
		"delete-room":    {overlay.Own, ofRoom},
		"reveal-key":     {overlay.Key, ofRoom},
		"rotate-key":     {overlay.Key, ofRoom},
		"sign-playback":  {overlay.Read, ofRoom},
		"end-show":       {overlay.Run, ofRoom},
		"room-events":    {overlay.Read, ofRoom},
		"start-push":     {overlay.Run, ofRoom},
		"stop-push":      {overlay.Run, ofRoom},

		"create-cue": {overlay.Sell, ofRoom},
		"list-cues":  {overlay.Read, ofRoom},
		"get-cue":    {overlay.Read, ofRoom},
		"cancel-cue": {overlay.Sell, ofRoom},
		"pin":        {overlay.Sell, ofRoom},
		"list-pins":  {overlay.Read, ofRoom},
		"unpin":      {overlay.Sell, ofRoom},

		"plan-show":       {overlay.Run, anywhere}, // the handler asks for the room
		"find-shows":      {overlay.Read, anywhere},
		"preview-show":    {overlay.Read, ofShow},
		"show-events":     {overlay.Read, ofShow},
		"get-lineup":      {overlay.Read, ofShow},
		"set-lineup":      {overlay.Run, ofShow},
		"get-line":        {overlay.Read, ofShow},
		"change-line":     {overlay.Sell, ofShow}, // an assistant says "it is 39 now"
		"place-line":      {overlay.Sell, ofShow}, // and finds what comes next
		"remove-line":     {overlay.Sell, ofShow},
		"next":            {overlay.Sell, ofRoom},
		"previous":        {overlay.Sell, ofRoom},
		"list-shows":      {overlay.Read, ofRoom},
		"get-show":        {overlay.Read, ofShow},
		"change-show":     {overlay.Run, ofShow},
		"delete-show":     {overlay.Run, ofShow}, // a planned one; the store asks for more where there may be a recording
		"show-audience":   {overlay.Figures, ofShow},
		"list-clicks":     {overlay.Figures, ofShow},
		"count-clicks":    {overlay.Figures, ofShow},
		"start-download":  {overlay.Run, ofShow},
		"get-download":    {overlay.Run, ofShow},
		"cancel-download": {overlay.Run, ofShow},

		"list-products":  {overlay.Read, anywhere},
		"create-product": {overlay.Goods, anywhere},
		"get-product":    {overlay.Read, ofProduct},
		"change-product": {overlay.Goods, ofProduct},
		"delete-product": {overlay.Goods, ofProduct},

		"list-categories": {overlay.Read, anywhere},
		"create-category": {overlay.Goods, anywhere}, // the handler asks for the organisation
		"get-category":    {overlay.Read, ofCategory},
		"delete-category": {overlay.Goods, ofCategory},
		"move-category":   {overlay.Goods, ofCategory},

		"list-pools":           {overlay.Read, anywhere},
		"create-pool":          {overlay.Goods, anywhere}, // the handler asks for the organisation
		"get-pool":             {overlay.Read, ofPool},
		"change-pool":          {overlay.Goods, ofPool},
		"delete-pool":          {overlay.Own, ofPool},
		"set-pool-products":    {overlay.Goods, ofPool},
		"change-pool-products": {overlay.Goods, ofPool},
		"list-grants":          {overlay.Goods, ofPool},
		"grant-pool":           {overlay.Own, ofPool}, // the handler asks for the other organisation
		"revoke-pool":          {overlay.Own, ofPool},

		"create-image":  {overlay.Goods, anywhere}, // as with imports
		"create-import": {overlay.Goods, anywhere}, // the handler asks for the organisation
		"get-import":    {overlay.Goods, ofImport},
		"apply-import":  {overlay.Goods, ofImport},
		"list-imports":  {overlay.Goods, anywhere}, // the handler asks for the organisation
		"drop-import":   {overlay.Goods, ofImport},
		"list-feeds":    {overlay.Goods, anywhere},
		"create-feed":   {overlay.Goods, anywhere},
		"get-feed":      {overlay.Goods, ofFeed},
		"change-feed":   {overlay.Goods, ofFeed},
		"delete-feed":   {overlay.Goods, ofFeed},

		"list-shops":  {overlay.Goods, anywhere},
		"create-shop": {overlay.Own, anywhere}, // the handler asks for the organisation
		"get-shop":    {overlay.Goods, ofShop},
		"change-shop": {overlay.Own, ofShop},
		"delete-shop": {overlay.Own, ofShop},

		"list-listings":  {overlay.Goods, ofShop},
		"set-listing":    {overlay.Goods, ofShop}, // money goes to hosts of the shop alone
		"delete-listing": {overlay.Goods, ofShop},

		"list-allocations":  {overlay.Read, ofShow},
		"get-allocation":    {overlay.Read, ofShow},
		"create-allocation": {overlay.Run, ofShow},
		"change-allocation": {overlay.Run, ofShow},
		"delete-allocation": {overlay.Run, ofShow},

		"list-offers":  {overlay.Read, ofShow},
		"get-offer":    {overlay.Read, ofShow},
		"create-offer": {overlay.Run, ofShow},
		"end-offer":    {overlay.Run, ofShow},

		"get-reminders": {overlay.Read, ofShow},
		"set-reminders": {overlay.Run, ofShow},
		"list-coupons":  {overlay.Read, ofShow},
		"get-coupon":    {overlay.Read, ofShow},
		"create-coupon": {overlay.Run, ofShow},
		"show-coupon":   {overlay.Run, ofShow},
		"hide-coupon":   {overlay.Run, ofShow},
		"end-coupon":    {overlay.Run, ofShow},

		"list-polls":      {overlay.Read, ofShow},
		"get-poll":        {overlay.Read, ofShow},
		"create-poll":     {overlay.Sell, ofShow},
		"change-poll":     {overlay.Sell, ofShow},
		"open-poll":       {overlay.Sell, ofShow},
		"close-poll":      {overlay.Moderate, ofShow},
		"delete-poll":     {overlay.Sell, ofShow},
		"export-polls":    {overlay.Read, ofShow},
		"list-rewards":    {overlay.Read, ofShow},
		"get-reward":      {overlay.Read, ofShow},
		"create-reward":   {overlay.Run, ofShow},
		"end-reward":      {overlay.Run, ofShow},
		"get-point-rates": {overlay.Read, ofShow},
		"set-point-rates": {overlay.Run, ofShow},

		"list-comments":   {overlay.Moderate, ofShow},
		"host-comment":    {overlay.Moderate, ofShow},
		"delete-comment":  {overlay.Moderate, ofShow},
		"restore-comment": {overlay.Moderate, ofShow},
		"pin-comment":     {overlay.Moderate, ofShow},
		"unpin-comment":   {overlay.Moderate, ofShow},
		"answer-comment":  {overlay.Moderate, ofShow},
		"reopen-comment":  {overlay.Moderate, ofShow},
		"mute-viewer":     {overlay.Moderate, ofShow},
		"list-mutes":      {overlay.Moderate, ofShow},
		"unmute-viewer":   {overlay.Moderate, ofShow},
		"chat-settings":   {overlay.Moderate, ofShow},
		"set-chat":        {overlay.Moderate, ofShow},
		"export-comments": {overlay.Moderate, ofShow},
		"erase-viewer":    {overlay.Moderate, ofShow},
		"chat-key":        {overlay.Own, ofOrg},
		"renew-chat-key":  {overlay.Own, ofOrg},
		"delete-chat-key": {overlay.Own, ofOrg},
		"get-retention":   {overlay.Own, ofOrg},
		"set-retention":   {overlay.Own, ofOrg},
		"find-person":     {overlay.Own, ofOrg},
		"erase-person":    {overlay.Own, ofOrg},

		"list-orders":   {overlay.Figures, anywhere},
		"export-orders": {overlay.Figures, anywhere},
		"import-orders": {overlay.Own, anywhere}, // the store asks for the shop
		"get-order":     {overlay.Figures, ofOrder},
		"match-order":   {overlay.Own, ofOrder},
		"unmatch-order": {overlay.Own, ofOrder},
		"erase-buyer":   {overlay.Own, ofOrder},

		"show-sales":       {overlay.Figures, ofShow},
		"show-minutes":     {overlay.Figures, ofShow},
		"show-minutes-csv": {overlay.Figures, ofShow},
		"show-moments":     {overlay.Figures, ofShow},
		"show-moments-csv": {overlay.Figures, ofShow},
		"show-report":      {overlay.Figures, ofReport},
		"show-report-csv":  {overlay.Figures, ofReport},
		"reports":          {overlay.Figures, anywhere},
		"reports-csv":      {overlay.Figures, anywhere},

		"list-hosts":         {overlay.Own, anywhere},
		"create-host":        {overlay.Own, anywhere}, // the handler asks for the organisation
		"change-host":        {overlay.Own, ofHost},
		"delete-host":        {overlay.Own, ofHost},
		"show-host":          {overlay.Own, ofShow},
		"set-show-host":      {overlay.Own, ofShow},
		"list-show-hosts":    {overlay.Read, ofShow},
		"set-show-hosts":     {overlay.Own, ofShow},
		"present-host":       {overlay.Run, ofShow},
		"take-back-host":     {overlay.Run, ofShow},
		"host-statement":     {overlay.Own, ofHost},
		"host-statement-csv": {overlay.Own, ofHost},

		"list-festivals":      {overlay.Figures, anywhere},
		"create-festival":     {overlay.Own, anywhere}, // the handler asks for the organisation
		"get-festival":        {overlay.Figures, ofFestival},
		"change-festival":     {overlay.Own, ofFestival},
		"delete-festival":     {overlay.Own, ofFestival},
		"festival-report":     {overlay.Figures, ofFestival},
		"festival-report-csv": {overlay.Figures, ofFestival},
		"festival-incidents":  {overlay.Figures, ofFestival},
		"list-participants":   {overlay.Figures, ofFestival},
		"get-participant":     {overlay.Figures, ofFestival},
		"invite-participant":  {overlay.Own, ofFestival},
		"change-participant":  {overlay.Own, ofFestival},
		"remove-participant":  {overlay.Own, ofFestival},

		"accept-festival":      {overlay.Own, anywhere}, // the handler asks for the organisation and the rooms
		"list-participations":  {overlay.Read, anywhere},
		"get-participation":    {overlay.Read, ofParticipation},
		"change-participation": {overlay.Own, ofParticipation},
		"leave-festival":       {overlay.Own, ofParticipation},

		"list-webhooks":        {overlay.Own, anywhere},
		"create-webhook":       {overlay.Own, anywhere}, // the handler asks for the organisation
		"get-webhook":          {overlay.Own, ofWebhook},
		"change-webhook":       {overlay.Own, ofWebhook},
		"delete-webhook":       {overlay.Own, ofWebhook},
		"renew-webhook-secret": {overlay.Own, ofWebhook},
		"test-webhook":         {overlay.Own, ofWebhook},
		"replay-webhook":       {overlay.Own, ofWebhook},
		"list-deliveries":      {overlay.Own, ofWebhook},
		"get-delivery":         {overlay.Own, ofWebhook},
		"replay-delivery":      {overlay.Own, ofWebhook},

		"storage":   {overlay.Operate, ofServer},
		"get-mail":  {overlay.Operate, ofServer},
		"test-mail": {overlay.Operate, ofServer},
		"usage":     {overlay.Figures, anywhere},

		"me":              {overlay.Read, ofNothing},
		"sign-out":        {overlay.Read, ofNothing},
		"change-password": {overlay.Read, ofNothing},
		"list-orgs":       {overlay.Read, anywhere},
		"create-org":      {overlay.People, anywhere}, // the handler asks for the parent
		"get-org":         {overlay.Read, ofOrg},
		"change-org":      {overlay.People, ofOrg},
		"list-members":    {overlay.People, ofOrg},
		"invite-member":   {overlay.People, ofOrg},
		"remove-member":   {overlay.People, ofOrg},
		"set-role":        {overlay.People, ofOrg},
		"allow-reset":     {overlay.People, ofOrg},
		"list-tokens":     {overlay.People, anywhere},
		"create-token":    {overlay.People, anywhere},
		"revoke-token":    {overlay.People, ofToken},
		"list-audit":      {overlay.People, anywhere},
	}
}

func ofRoom(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Room(ctx, r.PathValue("room"))
	return found.Org, found.Slug, err
}

func ofShow(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).GetShow(ctx, r.PathValue("show"))
	return found.Org, found.Room, err
}

// ofProduct also puts the product's id in place of its SKU, which another organisation
// may have too. The store judges: what is granted may only be read.
func ofProduct(a *API, ctx context.Context, who overlay.Actor, do overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).ProductFor(ctx, do, r.PathValue("product"))
	if err == nil {
		r.SetPathValue("product", found.ID)
	}
	return "", "", err
}

func ofPool(a *API, ctx context.Context, who overlay.Actor, do overlay.Action, r *http.Request) (org, room string, err error) {
	_, err = a.o.Store.As(who).PoolFor(ctx, do, r.PathValue("pool"))
	return "", "", err
}

func ofCategory(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Category(ctx, r.PathValue("category"))
	return found.Org, "", err
}

func ofImport(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Import(ctx, r.PathValue("import"))
	return found.Org, "", err
}

func ofFeed(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Feed(ctx, r.PathValue("feed"))
	return found.Org, "", err
}

func ofShop(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Shop(ctx, r.PathValue("shop"))
	return found.Org, "", err
}

func ofOrder(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Order(ctx, r.PathValue("order"))
	return found.Org, "", err
}

func ofHost(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Presenter(ctx, r.PathValue("host"))
	return found.Org, "", err
}

func ofFestival(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Festival(ctx, r.PathValue("festival"))
	return found.Org, "", err
}

func ofParticipation(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Participation(ctx, r.PathValue("participation"))
	return found.Org, "", err
}

func ofWebhook(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Webhook(ctx, r.PathValue("webhook"))
	return found.Org, "", err
}

// ofReport leaves it to the store: a report of another organisation's show has what one's
// own shops sold in it.
func ofReport(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	return "", "", a.o.Store.As(who).MayReport(ctx, r.PathValue("show"))
}

func ofOrg(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Org(ctx, r.PathValue("org"))
	return found.ID, "", err
}

func ofToken(a *API, ctx context.Context, who overlay.Actor, _ overlay.Action, r *http.Request) (org, room string, err error) {
	found, err := a.o.Store.As(who).Token(ctx, r.PathValue("token"))
	return found.Org, "", err
}

// ofServer is for what belongs to no organisation: those may who run the first one.
func ofServer(_ *API, _ context.Context, who overlay.Actor, do overlay.Action, _ *http.Request) (org, room string, err error) {
	if !who.May(do, overlay.HomeOrg) {
		err = overlay.Errorf(overlay.Forbidden, "your role may not do this: it needs the right %q", do)
	}
	return "", "", err
}

// ofNothing is for what everybody may do who is known.
func ofNothing(*API, context.Context, overlay.Actor, overlay.Action, *http.Request) (org, room string, err error) {
	return "", "", nil
}

// anywhere is for lists and for what is made anew: the actor must be allowed it in some
// organisation. The handler asks for the one that it is about.
func anywhere(_ *API, _ context.Context, who overlay.Actor, do overlay.Action, _ *http.Request) (org, room string, err error) {
	if s := who.OrgScope(do); !s.All && len(s.Orgs) == 0 {
		err = overlay.Errorf(overlay.Forbidden, "your role may not do this: it needs the right %q", do)
	}
	return "", "", err
}

// everywhere is for whoever may do it in all organisations.
func everywhere(_ *API, _ context.Context, who overlay.Actor, do overlay.Action, _ *http.Request) (org, room string, err error) {
	if !who.Everywhere(do) {
		err = overlay.Errorf(overlay.Forbidden, "your role may not do this: it needs the right %q everywhere", do)
	}
	return "", "", err
}

// placeFor gives the organisation in which something is made: the one that is named, or
// the actor's own.
func (a *API) placeFor(ctx context.Context, do overlay.Action, named string) (string, error) {
	if named == "" {
		return who(ctx).Home(do)
	}
	found, err := a.as(ctx).Org(ctx, named)
	if err == nil {
		err = who(ctx).Check(do, found.ID, "")
	}
	if overlay.CodeOf(err) == overlay.NotFound {
		return "", overlay.Errorf(overlay.NotFound, "there is no organisation %q, or you have no role in it", overlay.Plain(named, 64))
	}
	return found.ID, err
}

// mayInRoom refuses what the actor may not do in a room that its request names.
func (a *API) mayInRoom(ctx context.Context, do overlay.Action, slug string) error {
	room, err := a.as(ctx).Room(ctx, slug)
	if overlay.CodeOf(err) == overlay.NotFound && who(ctx).Everywhere(do) {
		return nil // the handler tells, behind what else is wrong with the request
	}
	if err != nil {
		return err
	}
	return who(ctx).Check(do, room.Org, room.Slug)
}

// mineIn gives the id of a product, by id or SKU, that a show of an organisation may have.
func (a *API) mineIn(ctx context.Context, org, product string) (string, error) {
	found, err := a.as(ctx).ProductOfShow(ctx, org, product)
	return found.ID, err
}

// mine gives the id of a product, by id or SKU, that the actor may see.
func (a *API) mine(ctx context.Context, product string) (string, error) {
	found, err := a.as(ctx).GetProduct(ctx, product)
	return found.ID, err
}
