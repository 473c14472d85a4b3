// Package cut decides where parts and segments end. It is a package of values:
// it sees timestamps alone, no bytes, and knows no clock.
//
// In flow the timestamps of a publisher's units, and whether they are key frames
// (Segmenter), or how long nothing has come (Slate). Out flow Cuts, and the two
// durations that are fixed for a playlist's life: PART-TARGET and TARGETDURATION.
package cut
