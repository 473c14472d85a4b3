// Package align is the arithmetic of timelines: which output time a unit of a
// publisher gets. It is a package of values, and knows no clock: it is told when
// units arrive.
//
// In flow the times that a publisher gives its units, on a clock of its own; out
// flow times on the one timeline of the broadcast, in order and free of overlaps,
// with sound near enough to the pictures for a transport stream, and what had to be
// changed for that (Change).
package align
