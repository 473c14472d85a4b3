package guard

// aggregate is the unread rest of an aggregate message, RTMP1 7.1.6: FLV tags,
// each with a back pointer behind it.
type aggregate struct {
	body   []byte
	ts     uint32 // of the aggregate message
	base   uint32 // timestamp of its first tag
	first  bool   // no tag has been read yet
	stream uint32
	id     uint8
}

const (
	flvTagHeader   = 11
	flvBackPointer = 4
)

// nextOfAggregate makes the next message of the aggregate pending, if there is one.
func (c *Conn) nextOfAggregate() error {
	g := &c.aggregate
	for len(g.body) > 0 && c.pending.empty() {
		if len(g.body) < flvTagHeader {
			c.drop(BadAggregate)
			g.body = nil
			return nil
		}
		typ := g.body[0]
		size := int(be24(g.body[1:]))
		ts := be24(g.body[4:]) | uint32(g.body[7])<<24
		rest := g.body[flvTagHeader:]
		if size > len(rest) {
			c.drop(BadAggregate)
			g.body = nil
			return nil
		}
		if g.first {
			g.base, g.first = ts, false
		}
		body := rest[:size]
		g.body = rest[min(size+flvBackPointer, len(rest)):]
		// The tags' own clock is arbitrary: only distances count.
		ts = g.ts + (ts - g.base)
		switch {
		case size == 0:
			c.drop(Empty)
		case typ == typeAudio || typ == typeVideo:
			c.emitMedia(g.id, ts, typ, g.stream, body)
		case typ == typeData || typ == typeDataAMF3:
			if size > c.lim.MaxControl {
				c.drop(TooLongData)
				continue
			}
			c.data(g.id, ts, g.stream, body, typ == typeDataAMF3)
		default:
			c.drop(UnknownType)
		}
	}
	return nil
}
