package guard

// HandOver holds the payloads of audio and video back: the reader sees only the
// first byte of each such message, and Read ends after it, so that the reader can
// call Payload. A message in several chunks is then copied once; a reader that
// joins chunks itself would copy it three times more. Call HandOver before the
// first Read.
func (c *Conn) HandOver() {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.handOver = true
}

// Payload is the whole payload of the audio or video message that Read returned
// last. It is for the goroutine that reads, and valid until the next Read.
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
