package packager

import (
	"io"
	"net/http"
	"sync"
)

// chunk is how much of a body an answer reads into memory at a time, in bytes.
const chunk = 16 << 10

// chunks are the buffers of answers that are being written.
var chunks = sync.Pool{New: func() any { return new([chunk]byte) }}

// copyOut writes what src gives, chunk by chunk. A writer that can read takes it by
// itself: over HTTP/2 no buffer is held while the reader takes nothing.
func copyOut(w http.ResponseWriter, src io.Reader) (n int64, err error) {
	if to, ok := w.(io.ReaderFrom); ok {
		return to.ReadFrom(src)
	}
	b := chunks.Get().(*[chunk]byte)
	defer chunks.Put(b)
	return io.CopyBuffer(writeOnly{w}, readOnly{src}, b[:])
}

// writeOnly and readOnly hide from io.CopyBuffer what else the two can do.
type writeOnly struct{ io.Writer }

type readOnly struct{ io.Reader }
