// Package overlay holds the words and rules of commerce: rooms, shows,
// broadcasts, products, pins, cues, and the JSON that travels inside the
// picture.
//
// In flow values that somebody asked for; out flow the same values made
// regular, or an Error whose message may be shown to that somebody. The package
// is pure: it reads no clock, makes no id, opens no socket and knows no SQL, no
// HTTP, no ID3 and no PTS of a frame. It refuses whatever may not enter the log:
// fields over their limits, addresses and markup in words that are burnt into
// stored segments, moments that have passed.
//
// Every feature is a file here and a file of the same name in store and api.
package overlay
