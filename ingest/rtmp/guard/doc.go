// Package guard is a net.Conn for the server side of RTMP that lets only sane
// RTMP through. It is meant to stand in front of github.com/yutopp/go-rtmp.
// Without it, 46 bytes from a stranger can end the whole process, before any
// login.
//
// Anything that a stranger may send flows in. What flows out of Read is the
// handshake as it came, one Set Chunk Size, one Window Acknowledgement Size,
// and then every message as a single type-0 chunk with an absolute 32-bit
// timestamp, at most MaxMessage long, with no zero-length message, no
// extended timestamp on a type-3 chunk, no chunk stream id above 63, and AMF0
// of bounded depth, count and length in the subset that go-amf0 decodes
// correctly. Write passes on what the server writes, and puts the guard's own
// acknowledgements between its chunks.
//
// # Use
//
// Wrap the listener with NewListener (the package's example shows it with
// go-rtmp's Server), and call AllowMedia when a publisher has been accepted.
// Configure go-rtmp with MaxChunkStreams 64, MaxMessageStreams 2 (control and
// one publisher's), its default MaxChunkSize, and SkipHandshakeVerification.
//
// A Read never returns bytes beyond a command, so a handler has acted on a
// command before what follows it is judged: an encoder that sends media right
// behind publish, without waiting for the answer, loses nothing.
//
// # Before and after AllowMedia
//
// Until the server calls AllowMedia, the peer is a stranger. Its audio, video and
// data are skipped without being stored. Its unfinished messages get at most the
// memory of four control payloads. CommandTimeout, StrangerCommands and
// StrangerBytes bound everything that it does after the handshake.
//
// # What is repaired, dropped, refused
//
// Repaired: extended timestamps in every dialect (also encoders that omit the
// repetition on type-3 chunks), AMF3 envelopes around AMF0, aggregate
// messages, AMF values that go-amf0 does not know, control messages on a
// wrong message stream, 3-byte chunk stream ids (go-rtmp loses its place on
// them).
//
// Dropped and counted by Reason: empty messages, unknown types, shared
// objects, unsupported user control events, replies to questions nobody
// asked, malformed or oversized metadata, unfinished messages that the peer
// restarts.
//
// Refused with one of the package's sentinel errors, which ends the
// connection: a wrong version, chunks after which the next one cannot be found,
// messages and commands beyond the limits, malformed commands, and peers that
// exceed a time limit.
//
// # Timestamps
//
// Media keep the peer's 32-bit timestamps, natural wrap included; the reader
// unwraps. Commands are forwarded at timestamp 0, because go-rtmp answers
// with the timestamp of the question and its writer does not repeat extended
// timestamps on type-3 chunks. A type-3 chunk that begins a message repeats
// the last delta. After a type-0 chunk, that is the timestamp itself (RTMP1
// 5.3.1.2.4, and what ffmpeg sends). A timestamp above one second cannot be
// the distance of two frames, and is then read as a delta of 0.
//
// # Acknowledgements
//
// go-rtmp counts the bytes that it reads. Behind the guard, those are not the
// bytes that the peer sent; some encoders stop when the figures drift apart.
// So the guard itself sends the acknowledgements: with the bytes received after the
// handshake, after every half of the window that the peer announced (windows
// below MinAckWindow are raised to it), and not at all before it announces
// one. go-rtmp is given a window that it never fills. The acknowledgement
// goes out on chunk stream 2, between two chunks of the server's, whose own
// chunks on that stream are rewritten with full headers so that the peer's
// header compression stays right.
package guard
