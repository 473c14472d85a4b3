package sim

import "time"

// Profile is a show that was reported on, as far as its figures can be replayed.
type Profile struct {
	Name, Title string
	Source      string        // where its figures stand
	Length      time.Duration // of the show
	Viewers     int           // different ones
	Clickers    int           // of them, who went to the shop
	Orders      int           // by as many buyers, all of them clickers
	Products    int
	Refunds     float64 // the share of orders of which money goes back
	Printed     string  // what the source says of its rate
	// Rush is the share of the orders that come within RushFor, around the middle.
	Rush    float64
	RushFor time.Duration
	// Likes are those of the whole show, given by its viewers.
	Likes int
	// Wanting is how many of the buyers want a unit of what is rare, of which there are Units.
	Wanting int
	Units   int64
	// Speed is how many times as fast it is played, if nobody says otherwise.
	Speed float64
	// Workers is how many viewers are served at the same time. Where it is played as a load,
	// rates are reported.
	Workers int
	Load    bool
}

// Profiles are all that there are, by name.
var Profiles = map[string]Profile{
	// An article of 2019 on Taobao Live tells of this show, and prints 18.32 % beside
	// figures that give 10.28 %. 18.32 % is right where 6,703 of the viewers went to the
	// shop, so that is how many do here.
	"tadu": {
		Name: "tadu", Title: "Ta Du's show", Source: "an article of May 2019 on Taobao Live", Length: 2 * time.Hour,
		Viewers: 11_951, Clickers: 6_703, Orders: 1_228, Products: 12, Refunds: 0.04, Printed: "18.32 %", Rush: 0.3, RushFor: 5 * time.Minute, Wanting: 200, Units: 100, Speed: 60,
	},
	// The same article tells of Viya's show: 1.53 million viewers and 12.3 million likes in 5 h
	// 40 min, which are 603 likes a second, and ¥70 million, which at ¥100 an order and twenty
	// times the mean are 690 orders a second. This is one such minute. A quarter of the buyers
	// want one of 1,000 units: no article tells of that.
	"star": {
		Name: "star", Title: "Viya's show, its busiest minute", Source: "an article of May 2019 on Taobao Live", Length: time.Minute,
		Viewers: 41_400, Clickers: 41_400, Orders: 41_400, Products: 12, Refunds: 0.04, Likes: 36_180, Wanting: 10_000, Units: 1_000, Speed: 1, Workers: mostWorkers, Load: true,
	},
}
