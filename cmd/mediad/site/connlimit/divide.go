package connlimit

// Wanted are the numbers of connections in the configuration.
type Wanted struct {
	HTTP    int // connections; 0: as many as are left
	RTMP    int // connections
	Uploads int // segments that are put at the same time
}

// Limits are the numbers of connections that the limit of open files allows.
type Limits struct {
	HTTP, RTMP int
	// Short tells that this is less than was asked for. Files is then the limit
	// that would be enough.
	Short bool
	Files int
}

// The files that are open besides the connections of viewers and encoders: the
// database, its log, the ports and the operator's connections; for each segment
// that is being put, a file and a connection; and for each publisher, the journal,
// the parts and one more file.
const (
	reserveBase         = 64
	reservePerUpload    = 2
	reservePerPublisher = 3
)

// Divide divides the open files among connections. It reserves the files that the
// store, the spool, the database and the operator need: an eighth of all files at
// least, and half of them at most where files are few. Encoders get a quarter of
// the rest at most.
func Divide(files int, w Wanted) Limits {
	need := func(rtmp int) int { return reserveBase + reservePerUpload*w.Uploads + reservePerPublisher*rtmp }
	left := files - min(files/2, max(files/8, need(w.RTMP)))
	p := Limits{RTMP: max(1, min(w.RTMP, left/4))}
	p.HTTP = max(1, left-p.RTMP)
	if w.HTTP > 0 {
		p.HTTP = min(p.HTTP, w.HTTP)
	}
	p.Short = p.RTMP < w.RTMP || p.HTTP < w.HTTP
	// The quarter and the eighth are bounds as well.
	p.Files = max(need(w.RTMP)+max(w.RTMP+w.HTTP, 4*w.RTMP), (w.RTMP+w.HTTP)*8/7+1, 4*w.RTMP*8/7+1)
	return p
}
