package hall

// Wish is what the configuration asks for.
type Wish struct {
	HTTP    int // connections; 0: whatever is left
	RTMP    int // connections
	Uploads int // segments on their way to the store at once
}

// Places is what the limit of open files allows of it.
type Places struct {
	HTTP, RTMP int
	// Short tells that it is less than was asked for, in which case Files is
	// what would do.
	Short bool
	Files int
}

// What is open beside connections of viewers and encoders, in files: the
// database, its log and the ports; the operator's connections; a segment on its way
// to the store, which is a file and a connection; and the journal, the parts
// and one file more of each publisher.
const (
	reserveBase         = 64
	reservePerUpload    = 2
	reservePerPublisher = 3
)

// Share divides files among connections, so that all of them together never take
// what the store, the spool, the database and the operator need: half of the
// files at most, where there are few, and an eighth of them at least. Encoders get
// a quarter of the rest, if they ask for so much.
func Share(files int, w Wish) Places {
	need := func(rtmp int) int { return reserveBase + reservePerUpload*w.Uploads + reservePerPublisher*rtmp }
	left := files - min(files/2, max(files/8, need(w.RTMP)))
	p := Places{RTMP: max(1, min(w.RTMP, left/4))}
	p.HTTP = max(1, left-p.RTMP)
	if w.HTTP > 0 {
		p.HTTP = min(p.HTTP, w.HTTP)
	}
	p.Short = p.RTMP < w.RTMP || p.HTTP < w.HTTP
	// The quarter and the eighth bind as well.
	p.Files = max(need(w.RTMP)+max(w.RTMP+w.HTTP, 4*w.RTMP), (w.RTMP+w.HTTP)*8/7+1, 4*w.RTMP*8/7+1)
	return p
}
