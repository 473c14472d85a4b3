// Package health says how a publisher's stream is, in numbers and in words.
//
// In flow access units with the moment of their arrival (Meter), and what the
// protocol's side counted (ingest.Stats); out flow a Report, and from Reports a
// Judge makes warnings that a host understands, each with what to do. The
// package has no clock of its own, starts nothing, and changes nothing: what is
// wrong is said here and handled elsewhere.
package health
