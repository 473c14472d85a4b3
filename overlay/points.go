package overlay

import "time"

// Points are a viewer's thanks in one show, which become a coupon there. They are no money:
// nobody buys them, gives them to others, or takes them into another show.

// What of a viewer counts at most in a show.
const (
	MaxPointMinutes  = 240
	MaxPointComments = 20
	MaxPointFriends  = 10
)

const (
	maxPoints     = 1000    // of a rate
	maxRewardCost = 100_000 // of a reward
	// MaxRewards is how many rewards of a show may be open.
	MaxRewards = 3
)

// PointRates say how many points there are for what. They are settings of a room.
type PointRates struct {
	Minute  int64 `json:"minute" minimum:"0" maximum:"1000" doc:"For each whole minute on air since the viewer came"`
	Comment int64 `json:"comment" minimum:"0" maximum:"1000" doc:"For each comment that others see"`
	Friend  int64 `json:"friend" minimum:"0" maximum:"1000" doc:"For each viewer who came by the viewer's shared link"`
}

// DefaultPoints are the rates of a room until somebody sets them.
func DefaultPoints() PointRates { return PointRates{Minute: 1, Comment: 2, Friend: 5} }

// Checked refuses rates that nobody can mean.
func (r PointRates) Checked() error {
	for _, x := range []struct {
		name string
		n    int64
	}{{"minute", r.Minute}, {"comment", r.Comment}, {"friend", r.Friend}} {
		if x.n < 0 || x.n > maxPoints {
			return Errorf(Invalid, "%s: must be an integer from 0 to %d", x.name, maxPoints)
		}
	}
	return nil
}

// Earned is what a viewer did in a show.
type Earned struct {
	Minutes  int64 `json:"minutes" doc:"Whole minutes on air since the viewer's ticket"`
	Comments int64 `json:"comments"`
	Friends  int64 `json:"friends"`
}

// Points is the rule: what counts, up to its bounds, times the rates.
func (r PointRates) Points(e Earned) int64 {
	return r.Minute*min(e.Minutes, MaxPointMinutes) + r.Comment*min(e.Comments, MaxPointComments) + r.Friend*min(e.Friends, MaxPointFriends)
}

// MinutesOnAir counts the whole minutes of broadcasts between two times. A broadcast that has
// not ended goes on.
func MinutesOnAir(broadcasts []Broadcast, from, to time.Time) int64 {
	var sum time.Duration
	for _, b := range broadcasts {
		begun, ended := b.Begun, to
		if begun.Before(from) {
			begun = from
		}
		if !b.Ended.IsZero() && b.Ended.Before(to) {
			ended = b.Ended
		}
		sum += max(0, ended.Sub(begun))
	}
	return int64(sum / time.Minute)
}

// Reward turns points of a viewer into a coupon of the show, once for each viewer.
type Reward struct {
	ID     string `json:"id"`
	Show   string `json:"show"`
	Coupon string `json:"coupon" doc:"Id of the coupon that viewers get. It need not be shown"`
	Label  string `json:"label" doc:"What viewers read: that of the coupon"`
	Points int64  `json:"points" doc:"How many points it takes"`
	Total  int64  `json:"limit_total,omitempty" doc:"How many viewers get it; missing: as many as the coupon has"`
	Taken  int64  `json:"taken" doc:"How many viewers have got it"`
	Ended  bool   `json:"ended,omitempty" doc:"It was ended by hand, or with its coupon"`
}

// RewardCard is what viewers see of a reward.
type RewardCard struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Points int64  `json:"points"`
}

// Card gives it.
func (r Reward) Card() RewardCard { return RewardCard{r.ID, r.Label, r.Points} }

// Checked refuses a reward that nobody can mean.
func (r Reward) Checked() error {
	switch {
	case r.Points < 1 || r.Points > maxRewardCost:
		return Errorf(Invalid, "points: must be an integer from 1 to %d", maxRewardCost)
	case r.Total < 0 || r.Total > maxCoupons:
		return Errorf(Invalid, "limit_total: must be an integer from 1 to %d", maxCoupons)
	}
	return nil
}

// Gives refuses a viewer who has so many points left.
func (r Reward) Gives(left int64) error {
	switch {
	case r.Ended:
		return Errorf(Conflict, "The reward has ended.")
	case r.Total > 0 && r.Taken >= r.Total:
		return Errorf(Limit, "All of these coupons are taken.")
	case left < r.Points:
		return Errorf(Conflict, "You have %d points, and this takes %d.", left, r.Points)
	}
	return nil
}

// Points are those of a viewer in a show.
type Points struct {
	Earned
	Points int64        `json:"points" doc:"All that the viewer got, those that were spent included"`
	Spent  int64        `json:"spent" doc:"What coupons took of them"`
	Rates  PointRates   `json:"rates"`
	Taken  []string     `json:"taken" doc:"Ids of the rewards that the viewer has"`
	Open   []RewardCard `json:"rewards" doc:"Those that are to be had"`
}

// Left is what the viewer can still spend. A host may lower the rates, or delete comments.
func (p Points) Left() int64 { return max(0, p.Points-p.Spent) }
