#!/bin/sh
# Makes the demo show anew: ../images/*.svg and ../clip.flv. See README.md beside this file.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/*.mjs "$here"/package.json "$work"
cd "$work"
npm install --silent --no-audit --no-fund --no-package-lock

node images.mjs "$here/../images"
node music.mjs tune.wav
node render.mjs picture.mkv

# Three rounds of the tune; an encoder frame holds 1024 samples and comes one frame late, so the
# second round is frames 1501 to 3000: 1500 frames of 1024 samples at 48 kHz are 32 s exactly.
# For these pure tones the "fast" coder is 13 dB nearer to the original than the default one.
ffmpeg -v error -y -stream_loop 2 -i tune.wav -c:a aac -b:a 44k -aac_coder fast -aac_pns 0 -cutoff 12000 -f adts rounds.aac
node adts.mjs rounds.aac tune.aac 1501 1500

# A key frame every 50 frames = 2 s, closed GOPs, no B-frames: what a live encoder should send.
# Two passes, so that the size is known beforehand; one thread, so that it is always the same file.
x264() {
  ffmpeg -v error -y -i picture.mkv -an -c:v libx264 -profile:v high -preset veryslow -tune animation -threads 1 -b:v 178k \
    -x264-params "keyint=50:min-keyint=50:scenecut=0:open-gop=0:bframes=0:ref=4:chroma-qp-offset=2:colorprim=bt709:transfer=bt709:colormatrix=bt709" "$@"
}
x264 -pass 1 -f null -
x264 -pass 2 -bsf:v filter_units=remove_types=6 -f h264 picture.h264

# By way of MP4, so that the decoder configuration is known when the FLV begins: else an empty one is written first.
ffmpeg -v error -y -i tune.aac -c copy -bsf:a aac_adtstoasc tune.m4a
# No duration, no end-of-sequence tag: the file is sent round and round.
ffmpeg -v error -y -framerate 25 -i picture.h264 -i tune.m4a -map 0:v -map 1:a -c copy \
  -fflags +bitexact -flvflags no_duration_filesize+no_sequence_end clip.flv
cp clip.flv "$here/../clip.flv"
ls -l "$here/../clip.flv"
