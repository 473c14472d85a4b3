// Package health describes the state of a publisher's stream, in numbers and in
// words.
//
// Access units flow in with the moment of their arrival (Meter), and the counts of
// the protocol (ingest.Stats). A Report flows out, and a Judge makes warnings from
// Reports. A host understands each warning, and it says what to do. The package has
// no clock of its own, starts nothing, and changes nothing: it only tells what is
// wrong.
package health
