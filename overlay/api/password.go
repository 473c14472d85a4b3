package api

import (
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// hashesAtOnce is how many passwords are hashed at once: each takes 19 MiB and some
// milliseconds of a core, and media has to go on.
const hashesAtOnce = 2

// hashWithin is how long a request waits for its turn.
const hashWithin = 5 * time.Second

// hashing is the cost of a password: the first choice of OWASP for argon2id.
func hashing() *argon2id.Params {
	return &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// nobodysHash is compared with where an address has no account: the answer takes as long
// then, and tells nobody which addresses have one.
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// turn waits until one more password may be hashed, and gives the function that ends
// the turn.
func (a *API) turn(ctx context.Context) (func(), error) {
	wait, cancel := context.WithTimeout(ctx, hashWithin)
	defer cancel()
	select {
	case a.hashing <- struct{}{}:
		return func() { <-a.hashing }, nil
	case <-wait.Done():
		return nil, overlay.Errorf(overlay.Unavailable, "too many people sign in at this moment; try again")
	}
}

// hash checks and hashes a new password.
func (a *API) hash(ctx context.Context, password string) (string, error) {
	if err := overlay.CheckPassword(password); err != nil {
		return "", err
	}
	done, err := a.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(password, hashing())
}

// checkPassword gives the person with an address and a password.
func (a *API) checkPassword(ctx context.Context, email, password string) (overlay.Person, error) {
	from := comingFrom(ctx)
	if err := a.banned(from.remote); err != nil {
		return overlay.Person{}, err
	}
	if left := a.signIns.left(email, time.Now()); left > 0 {
		return overlay.Person{}, &bannedError{left, "passwords were tried for this account"}
	}
	account, err := a.door.AccountByEmail(ctx, email)
	missing := overlay.CodeOf(err) == overlay.NotFound
	if err != nil && !missing {
		return overlay.Person{}, err
	}
	if missing {
		account = store.Account{Password: nobodysHash}
	}
	done, err := a.turn(ctx)
	if err != nil {
		return overlay.Person{}, err
	}
	// Those who wait for their turn may have guessed meanwhile.
	if left := a.signIns.left(email, time.Now()); left > 0 {
		done()
		return overlay.Person{}, &bannedError{left, "passwords were tried for this account"}
	}
	right, err := argon2id.ComparePasswordAndHash(password, account.Password)
	done()
	if err != nil {
		return overlay.Person{}, err
	}
	if !right || missing {
		a.signIns.wrong(email, time.Now())
		a.wrong(from.remote, email+"\x00"+password)
		return overlay.Person{}, overlay.Errorf(overlay.Unauthorized, "the address or the password is wrong")
	}
	a.signIns.right(email)
	return account.Person, nil
}

type acceptBody struct {
	Token    string `json:"token" doc:"What stands behind the = of the link"`
	Name     string `json:"name,omitempty" doc:"Of somebody who is new here"`
	Password string `json:"password" doc:"A new one of at least 10 characters; of somebody who has an account and is invited once more, the present one"`
}

func (a *API) passwords(h huma.API) {
	tags := []string{"sign-in"}
	open(a, h, huma.Operation{OperationID: "read-invitation", Method: http.MethodPost, Path: "/api/v1/invitations/read",
		Summary: "Read what a link is for, before it is used", Tags: tags, Errors: []int{404, 422, 429, 503},
		Description: "Only whoever has the link can ask. It still works once afterwards."}, a.readInvitation)
	open(a, h, huma.Operation{OperationID: "accept-invitation", Method: http.MethodPost, Path: "/api/v1/invitations/accept",
		Summary: "Accept an invitation, or set a new password, by the link that one was given", Tags: tags, Errors: []int{401, 404, 409, 422, 429, 503},
		Description: "A link works once. It signs the person in; a new password signs out everywhere else."}, a.accept)
	operation(a, h, huma.Operation{OperationID: "change-password", Method: http.MethodPost, Path: "/api/v1/password",
		Summary: "Change one's own password; signs out everywhere else", Tags: tags, Errors: []int{403, 422, 503}}, a.changePassword)
}

// linkOf gives what a link stands for. A wrong one counts as a guess.
func (a *API) linkOf(ctx context.Context, link string) (store.Invitation, error) {
	from := comingFrom(ctx)
	if err := a.banned(from.remote); err != nil {
		return store.Invitation{}, err
	}
	found, err := a.door.Invitation(ctx, link)
	if overlay.CodeOf(err) == overlay.NotFound {
		a.wrong(from.remote, link)
	}
	return found, err
}

func (a *API) accept(ctx context.Context, in *struct{ Body acceptBody }) (*signedIn, error) {
	invitation, err := a.linkOf(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	name, err := overlay.CheckPersonName(in.Body.Name)
	if err != nil {
		return nil, err
	}
	known := false
	if invitation.Org != "" {
		if known, err = a.hasAccount(ctx, invitation.Email); err != nil {
			return nil, err
		}
	}
	hash := ""
	if known {
		_, err = a.checkPassword(ctx, invitation.Email, in.Body.Password)
	} else {
		hash, err = a.hash(ctx, in.Body.Password)
	}
	if err != nil {
		return nil, err
	}
	_, cookie, err := a.door.Accept(ctx, in.Body.Token, name, hash, known)
	if err != nil {
		return nil, err
	}
	return a.welcome(ctx, cookie)
}

func (a *API) changePassword(ctx context.Context, in *struct {
	Body struct {
		Old      string `json:"old" doc:"The present password"`
		Password string `json:"password" doc:"The new one, of at least 10 characters"`
	}
}) (*signedIn, error) {
	p := passOf(ctx)
	if p.actor.Person == "" {
		return nil, overlay.Errorf(overlay.Forbidden, "a token has no password")
	}
	if _, err := a.checkPassword(ctx, p.actor.Name, in.Body.Old); err != nil {
		if overlay.CodeOf(err) == overlay.Unauthorized {
			return nil, overlay.Errorf(overlay.Forbidden, "old: is not your present password")
		}
		return nil, err
	}
	hash, err := a.hash(ctx, in.Body.Password)
	if err != nil {
		return nil, err
	}
	cookie, err := a.door.ChangePassword(ctx, p.actor, hash)
	if err != nil {
		return nil, err
	}
	return a.welcome(ctx, cookie)
}
