package overlay

// Audience says for whom an event is.
type Audience string

// The audiences. Hosts also see what is for the picture, and the server's own
// code sees everything.
const (
	ForPicture Audience = "picture" // everybody: it goes into the stream, and is part of the state
	ForHosts   Audience = "host"    // who runs the show: it goes to docks and studios
	Private    Audience = "private" // the server's own code: it stays in the log
)

// Audience gives for whom events of a kind are. A kind that is not listed here is
// private, so that nothing becomes public because a line was forgotten.
func (k Kind) Audience() Audience {
	switch k {
	case KindProductPin, KindProductUpdate, KindProductUnpin, KindOfferStart, KindOfferEnd, KindCouponShow, KindCouponHide, KindPollOpen, KindPollUpdate, KindPollClose, KindNotice, KindCustom, KindShowStart, KindShowPause, KindShowEnd:
		return ForPicture
	case KindCueScheduled, KindCueCancelled, KindLineupChanged:
		return ForHosts
	}
	return Private
}
