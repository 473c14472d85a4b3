package guard

// HandOver keeps the payloads of audio and video back: the reader sees their
// messages with their first byte alone, and a Read ends behind each, so that it
// can ask for the Payload. A payload of a message in chunks is copied once then,
// where a reader that puts chunks together copies it three times more. Call
// HandOver before the first Read.
func (c *Conn) HandOver() {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.handOver = true
}

// Payload is that of the audio or video message whose last byte Read has given,
// in whole. It is for the goroutine that reads, and valid until the next Read.
func (c *Conn) Payload() []byte { return c.payloadOf }

// emitMedia makes an audio or video message pending.
func (c *Conn) emitMedia(id uint8, ts uint32, typ uint8, stream uint32, body []byte) {
	if !c.handOver {
		c.emit(id, ts, typ, stream, body)
		return
	}
	c.payloadOf = body
	c.emit(id, ts, typ, stream, body[:1])
	c.pending.stop = true
}
