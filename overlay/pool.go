package overlay

import (
	"strings"
	"time"
)

// Limits of pools.
const (
	maxPoolName = 150
	// MaxPools is how many an organisation may have, and MaxPoolProducts how many
	// products one of them.
	MaxPools        = 200
	MaxPoolProducts = 200_000
	// MaxPoolChange is how many products one request names, and MaxPoolFound how many
	// one adds by a search.
	MaxPoolChange = 20_000
	MaxPoolFound  = 50_000
	// MaxPoolGrants is to how many organisations one pool may be granted.
	MaxPoolGrants = 1000
)

// Pool is a choice of products that an organisation lets others show: their hosts find
// and pin them. The seller stays the same, and only the seller's people change them.
type Pool struct {
	ID       string    `json:"id"`
	Org      string    `json:"org" doc:"The organisation whose pool it is"`
	Owner    string    `json:"owner,omitempty" doc:"The name of that organisation"`
	Name     string    `json:"name"`
	Products int64     `json:"products" doc:"How many products are in it"`
	Granted  bool      `json:"granted,omitempty" doc:"It is another organisation's, and granted to yours"`
	Until    time.Time `json:"until,omitzero" doc:"In a list: when the grant to the organisations that are asked about ends; left out: it is not granted, or until it is taken back"`
	Created  time.Time `json:"created"`
}

// PoolGrant lets an organisation show the products of a pool.
type PoolGrant struct {
	Org     string    `json:"org" doc:"The organisation to which the pool is granted"`
	Name    string    `json:"name" doc:"The name of that organisation"`
	Until   time.Time `json:"until,omitzero" doc:"When it ends; left out: when it is taken back"`
	Created time.Time `json:"created"`
}

// CheckedPoolName gives the name of a pool, or an Error.
func CheckedPoolName(name string) (string, error) {
	if name = strings.TrimSpace(name); name == "" {
		return "", Errorf(Invalid, "name: must not be empty")
	}
	return name, checkText("name", name, maxPoolName, false)
}

// CheckGrant refuses a grant that could never hold.
func CheckGrant(p Pool, org string, until, now time.Time) error {
	switch {
	case org == p.Org:
		return Errorf(Invalid, "org: the pool is its own; a grant is for others")
	case !until.IsZero() && !until.After(now):
		return Errorf(Invalid, "until: is over already")
	}
	return nil
}
