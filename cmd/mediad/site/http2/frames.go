package http2

import (
	"errors"
	"math"

	"golang.org/x/net/http2"
)

// handle handles a frame.
func (c *conn) handle(f http2.Frame) error {
	switch f := f.(type) {
	case *http2.MetaHeadersFrame:
		return c.headers(f)
	case *http2.DataFrame:
		return c.data(f)
	case *http2.WindowUpdateFrame:
		return c.windowUpdate(f)
	case *http2.RSTStreamFrame:
		return c.resetByPeer(f)
	case *http2.SettingsFrame:
		return c.settings(f)
	case *http2.PingFrame:
		if f.IsAck() {
			c.pinged.Store(0)
			return c.cost(costFrame)
		}
		if err := c.cost(costFrame); err != nil {
			return err
		}
		return c.out.control(pong(f.Data))
	case *http2.PushPromiseFrame:
		return http2.ConnectionError(http2.ErrCodeProtocol)
	}
	return c.cost(costFrame) // GOAWAY, PRIORITY, and unknown frames (RFC 9113 5.5)
}

// cost subtracts the cost of a frame from the peer's budget. Bytes that were
// sent to the peer add to the budget, since it must send frames to accept
// more.
func (c *conn) cost(n int) error {
	if sent := c.grants.Load(); sent >= grantEach {
		c.grants.Add(-sent)
		c.budget.sent(sent)
	}
	if !c.budget.spend(n) {
		return errFlood
	}
	return nil
}

// mostSettings is how many settings a frame may have. Seven are defined.
const mostSettings = 64

func (c *conn) settings(f *http2.SettingsFrame) error {
	if f.IsAck() {
		return nil
	}
	if err := c.cost(costFrame); err != nil {
		return err
	}
	if f.NumSettings() > mostSettings {
		return errFlood
	}
	return c.out.acknowledge(func() error {
		return f.ForeachSetting(func(s http2.Setting) error {
			if err := s.Valid(); err != nil {
				return err
			}
			switch s.ID {
			case http2.SettingInitialWindowSize:
				return c.initialWindow(int64(s.Val))
			case http2.SettingHeaderTableSize:
				c.out.tableSize(s.Val)
			}
			return nil
		})
	})
}

// initialWindow changes the window of new streams, and that of open streams by
// the same amount (RFC 9113 6.9.2).
func (c *conn) initialWindow(n int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, st := range c.streams {
		if st.window += n - c.initial; st.window > math.MaxInt32 {
			return http2.ConnectionError(http2.ErrCodeFlowControl)
		}
		st.wakeUp()
	}
	c.initial = n
	return nil
}

func (c *conn) windowUpdate(f *http2.WindowUpdateFrame) error {
	if err := c.cost(costFrame); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.StreamID == 0 {
		if c.window += int64(f.Increment); c.window > math.MaxInt32 {
			return http2.ConnectionError(http2.ErrCodeFlowControl)
		}
		c.wakeNext()
		return nil
	}
	st := c.streams[f.StreamID]
	if st == nil {
		return c.closed(f.StreamID)
	}
	if st.window += int64(f.Increment); st.window > math.MaxInt32 {
		return http2.StreamError{StreamID: f.StreamID, Code: http2.ErrCodeFlowControl}
	}
	st.wakeUp()
	return nil
}

// closed tells whether a stream that is not open was open before. That is no
// error, since frames cross on the way. mu is held.
func (c *conn) closed(id uint32) error {
	if id > c.last || id%2 == 0 {
		return http2.ConnectionError(http2.ErrCodeProtocol)
	}
	return nil
}

func (c *conn) resetByPeer(f *http2.RSTStreamFrame) error {
	if err := c.cost(costReset); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	st := c.streams[f.StreamID]
	if st == nil {
		return c.closed(f.StreamID)
	}
	c.drop(st, errGone)
	return nil
}

// reset ends a stream after an error of ours or the peer's.
func (c *conn) reset(id uint32, code http2.ErrCode) error {
	c.mu.Lock()
	if st := c.streams[id]; st != nil {
		c.drop(st, errGone)
	}
	if id%2 == 1 { // its head may have been invalid
		c.last = max(c.last, id)
	}
	c.mu.Unlock()
	return c.out.control(rstStream(id, code))
}

// data handles a piece of a request's body.
func (c *conn) data(f *http2.DataFrame) error {
	size, piece := int64(f.Length), f.Data()
	c.mu.Lock()
	defer c.mu.Unlock()
	st := c.streams[f.StreamID]
	if st == nil {
		if err := c.closed(f.StreamID); err != nil {
			return err
		}
	}
	if c.receive -= size; c.receive < 0 {
		return http2.ConnectionError(http2.ErrCodeFlowControl)
	}
	if st == nil || len(piece) == 0 && !f.StreamEnded() {
		if err := c.cost(costFrame); err != nil {
			return err
		}
	}
	if st == nil {
		return c.dataAfterEnd(f.StreamID, size)
	}
	if st.heard {
		return http2.StreamError{StreamID: f.StreamID, Code: http2.ErrCodeStreamClosed}
	}
	if st.receive -= size; st.receive < 0 {
		return http2.StreamError{StreamID: f.StreamID, Code: http2.ErrCodeFlowControl}
	}
	if !c.s.stock.add(c.from, int64(len(piece))) {
		err := errors.Join(errStock, c.returnWindowLocked(nil, size))
		c.drop(st, err)
		return http2.StreamError{StreamID: f.StreamID, Code: http2.ErrCodeEnhanceYourCalm}
	}
	kept, err := st.body.push(piece, f.StreamEnded(), nil)
	if kept < len(piece) {
		c.s.stock.remove(c.from, int64(len(piece)-kept))
	}
	if err != nil {
		c.drop(st, err) // before its handler can answer
		return http2.StreamError{StreamID: f.StreamID, Code: http2.ErrCodeProtocol}
	}
	st.heard = f.StreamEnded()
	return c.returnWindowLocked(st, size-int64(kept)) // nobody reads padding
}

// errStock is the error for a handler whose request was ended because of the
// stock.
var errStock = errors.New("too much is sent at once that nobody has read")

// dataAfterEnd answers a piece of a body for a stream that has ended. It is called with mu held,
// like takenLocked.
func (c *conn) dataAfterEnd(id uint32, size int64) error {
	if err := c.returnWindowLocked(nil, size); err != nil {
		return err
	}
	c.mu.Unlock()
	defer c.mu.Lock()
	return c.out.control(rstStream(id, http2.ErrCodeStreamClosed))
}

// returnWindow gives the peer window again for bytes that were read.
func (c *conn) returnWindow(st *stream, n int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.returnWindowLocked(st, n)
}

// returnWindowLocked is called with mu held, and releases it while it writes.
func (c *conn) returnWindowLocked(st *stream, n int64) error {
	var say []byte
	if c.owed += n; c.owed >= connWindow/2 {
		say = windowUpdate(say, 0, c.owed)
		c.receive, c.owed = c.receive+c.owed, 0
	}
	if st != nil && !st.heard {
		if st.owed += n; st.owed >= streamWindow/2 {
			say = windowUpdate(say, st.id, st.owed)
			st.receive, st.owed = st.receive+st.owed, 0
		}
	}
	if say == nil {
		return nil
	}
	c.mu.Unlock()
	defer c.mu.Lock()
	return c.out.control(say)
}
