package overlay

import "time"

// Pulse has the figures of a show that everybody may know.
type Pulse struct {
	Viewers int64 `json:"viewers" doc:"How many watch"`
	Likes   int64 `json:"likes" doc:"How often viewers liked the show"`
	Orders  int64 `json:"orders" doc:"Paid orders that came from the show, those that were refunded or cancelled later included. A few seconds late"`
}

// Watched are sums over the audience of a show. Those of a sample are made up to all.
type Watched struct {
	Show        string
	Likes       int64
	Shares      int64
	Came        int64 // viewers who came by a shared link
	Time        time.Duration
	Peak        int64            // the most viewers at a time
	Views       int64            // players that began to play
	Depth       int              // of the deepest sample: 1 of 2^Depth viewers; the greatest one holds
	Numbers     []uint64         // of viewers who came
	Impressions map[string]int64 // by product
	Minutes     map[Minute]Watch // by the picture's time line
}

// JSON gives the in-band JSON of a pulse. It is no event: it has no seq, and no place in
// the log.
func (p Pulse) JSON(show string, at time.Time) ([]byte, error) {
	return encode(struct {
		V    int    `json:"v"`
		Kind Kind   `json:"kind"`
		Show string `json:"show"`
		At   int64  `json:"at"`
		Pulse
	}{1, KindPulse, show, at.UnixMilli(), p})
}
