// Package packager cuts access units into parts and segments, and holds and
// serves the live window.
//
// In flow ingest.Units of one publisher at a time (a Session), and cues: an id
// and two opaque payloads, what happens and the state that holds after it. Out
// flow Low-Latency HLS playlists and MPEG-TS parts over HTTP (Live), and closed
// segments to an archive. Everything between the socket and the window is one
// plain call chain on the publisher's goroutine: nothing here waits for a disk,
// a database or a viewer.
//
// The package knows no products, no stream keys and no RTMP. It refuses units
// that come before tracks, and sessions that were taken over.
package packager
