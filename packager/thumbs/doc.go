// Package thumbs makes pictures of broadcasts with an external ffmpeg: a poster
// of each room on air, renewed now and then, and of each finished broadcast one
// sprite of small pictures with a WebVTT track that says which is from when.
//
// In flow bytes of MPEG-TS, from the live window and from the store; out flow
// JPEG and WebVTT, to memory and to the store. All of it is beside the media
// path and may fail or be slow without anybody else noticing: one ffmpeg runs at
// a time, behind everything else on the machine, for so long and so much output
// as it may. The package serves no HTTP and knows no rooms but their names.
package thumbs
