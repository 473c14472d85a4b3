package overlay

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// Beacon is what a player says of one viewer since its last beacon. It names nobody:
// Viewer is a random number that a page makes when it opens and forgets when it closes.
type Beacon struct {
	Viewer      uint64
	At          float64       // the place of the picture, in seconds: of the recording, or a Unix time while live; NaN: not known, while live
	Watched     time.Duration // of the picture, since the last beacon
	Likes       int
	Shares      int      // how often the viewer shared the show
	Ref         string   // the code of the shared link that brought the viewer here, once; "": none did
	Impressions []string // ids of products whose cards were seen
	Left        bool     // the page closes
}

// Limits of a beacon. A page that is asleep for long may say more than it watched: what
// is believed of it is bounded here, and by the counter.
const (
	MaxBeacon      = 4 << 10 // bytes
	maxWatched     = time.Minute
	maxLikes       = 100 // ten a second, as the counter allows
	maxShares      = 5
	maxImpressions = 50
)

// ParseBeacon reads the JSON of a beacon. Fields that are not known are ignored: players
// live longer on pages than servers do.
func ParseBeacon(text []byte) (Beacon, error) {
	var in struct {
		Viewer      string   `json:"viewer"`
		At          *float64 `json:"at"`
		Watched     float64  `json:"watched"`
		Likes       float64  `json:"likes"`
		Shares      float64  `json:"shares"`
		Ref         string   `json:"ref"`
		Impressions []string `json:"impressions"`
		Left        bool     `json:"left"`
	}
	if len(text) > MaxBeacon {
		return Beacon{}, Errorf(TooLarge, "the beacon has %d bytes, at most %d are allowed", len(text), MaxBeacon)
	}
	if json.Unmarshal(text, &in) != nil {
		return Beacon{}, Errorf(Invalid, `the body must be JSON like {"viewer":"8f3a61c07be4d215","watched":10}`)
	}
	viewer, err := strconv.ParseUint(in.Viewer, 16, 64)
	if err != nil || len(in.Viewer) != 16 {
		return Beacon{}, Errorf(Invalid, "viewer: must be 16 hexadecimal digits, drawn by chance for each page that opens")
	}
	if !(in.Watched >= 0) || !(in.Likes >= 0) || in.Likes != float64(int64(in.Likes)) {
		return Beacon{}, Errorf(Invalid, "watched and likes: must not be negative, and likes are whole")
	}
	if len(in.Impressions) > maxImpressions {
		return Beacon{}, Errorf(Invalid, "impressions: has %d, at most %d are allowed", len(in.Impressions), maxImpressions)
	}
	at := math.NaN() // a player that does not know its date says null
	if in.At != nil {
		at = *in.At
	}
	for _, id := range in.Impressions {
		if !ValidID(id) {
			return Beacon{}, Errorf(Invalid, "impressions: must be ids of products")
		}
	}
	return Beacon{
		Viewer: viewer, At: at, Watched: time.Duration(min(in.Watched, maxWatched.Seconds()) * float64(time.Second)),
		Likes: int(min(in.Likes, maxLikes)), Shares: int(min(max(in.Shares, 0), maxShares)), Ref: ParseRef(in.Ref), Impressions: in.Impressions, Left: in.Left,
	}, nil
}
