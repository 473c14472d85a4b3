package guard

import "errors"

// Reasons why the guard ends a connection. Read returns them wrapped with
// details; test with errors.Is. Every one is final: all later Reads return it
// again.
var (
	// ErrVersion: the first byte is not RTMP's version 3. A browser, a TLS
	// client on the plain port, or a scanner.
	ErrVersion = errors.New("guard: not RTMP")
	// ErrEncrypted: the first byte asks for RTMPE (6, 8 or 9).
	ErrEncrypted = errors.New("guard: RTMPE is not supported, use RTMPS")
	// ErrHandshakeTimeout: C0, C1 and C2 were not there in time.
	ErrHandshakeTimeout = errors.New("guard: handshake not finished in time")
	// ErrCommandTimeout: AllowMedia was not called in time.
	ErrCommandTimeout = errors.New("guard: nothing published in time")
	// ErrReadTimeout: the peer fell silent.
	ErrReadTimeout = errors.New("guard: peer is silent")
	// ErrWriteTimeout: the peer does not take what it is sent.
	ErrWriteTimeout = errors.New("guard: peer does not read")

	// ErrChunkHeader: a chunk refers to a header that was never sent.
	ErrChunkHeader = errors.New("guard: chunk without a header to continue")
	// ErrChunkSize: Set Chunk Size outside 1..0x7fffffff.
	ErrChunkSize = errors.New("guard: chunk size out of range")
	// ErrChunkStreams: more chunk streams than allowed.
	ErrChunkStreams = errors.New("guard: too many chunk streams")
	// ErrMessageTooLarge: a message longer than allowed.
	ErrMessageTooLarge = errors.New("guard: message too large")
	// ErrInFlight: too many bytes of unfinished messages.
	ErrInFlight = errors.New("guard: too many bytes in unfinished messages")

	// ErrStranger: more commands or bytes than a peer needs to publish.
	ErrStranger = errors.New("guard: too much before publishing")
	// ErrCommand: a command that does not begin with a name and a number.
	ErrCommand = errors.New("guard: not a command")
	// ErrAMF: AMF0 that ends too early or holds an impossible length or marker.
	ErrAMF = errors.New("guard: malformed AMF0")
	// ErrAMFDepth: AMF0 nested too deeply.
	ErrAMFDepth = errors.New("guard: AMF nested too deeply")
	// ErrAMFValues: too many AMF0 values in one message.
	ErrAMFValues = errors.New("guard: too many AMF values")
	// ErrAMF3: a switch to AMF3 inside AMF0, which is not translated.
	ErrAMF3 = errors.New("guard: AMF3 values are not supported")

	// ErrServerChunk: the server wrote bytes that are not a chunk stream.
	ErrServerChunk = errors.New("guard: server wrote a chunk without a header")
)
