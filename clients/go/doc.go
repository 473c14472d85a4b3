// Package cues reads the product cues of a mediad stream: from the timed ID3 of its MPEG-TS,
// or from EXT-X-DATERANGE tags of its playlists (docs/cues.md).
//
// It depends on nothing but the standard library, so apps and test tools can take it along.
// What is no cue of version 1, or of an unknown kind, is ignored, since new kinds may be
// added. clients/vectors has tags and what they mean, for parsers in other languages.
package cues
