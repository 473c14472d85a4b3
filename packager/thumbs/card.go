package thumbs

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"

	"mediad/packager/layout"
)

// The size of the picture in a link preview, in pixels: what OpenGraph's readers show whole.
const CardWidth, CardHeight = 1200, 630

// card fills a frame of that size. A picture of about that shape covers it. Any other, such as one of a phone held
// upright, stands whole before its own blurred and darkened enlargement. The filters are those of every build of
// ffmpeg; boxblur is not among them.
var card = fmt.Sprintf("split[a][b];"+
	"[a]scale=w='max(%[1]d,%[2]d*dar)':h='max(%[2]d,%[1]d/dar)',crop=%[1]d:%[2]d,scale=40:21:flags=area,scale=%[1]d:%[2]d:flags=bicubic,lutyuv=y=val*0.55[c];"+
	"[b]scale=w='if(between(dar,1.5,2.4),max(%[1]d,%[2]d*dar),min(%[1]d,%[2]d*dar))':h='max(2,ow/dar)'[d];"+
	"[c][d]overlay=x='(W-w)/2':y='(H-h)/2',setsar=1", CardWidth, CardHeight)

// CardOf makes the picture of a link preview of a poster.
func (r *Runner) CardOf(ctx context.Context, jpeg []byte) ([]byte, error) {
	return r.run(ctx, bytes.NewReader(jpeg), "mjpeg", card, "mjpeg")
}

// Card makes the picture of a link preview of what is stored: a broadcast's poster, or the first key frame of a
// segment. It fails with fs.ErrNotExist where that is not there.
func (r *Runner) Card(ctx context.Context, s Store, name layout.Name) ([]byte, error) {
	if name.Kind == layout.Poster {
		jpeg, err := readPoster(ctx, s, name.Room, name.Epoch)
		if err != nil {
			return nil, err
		}
		if jpeg == nil {
			return nil, fmt.Errorf("card of %s: %w", name.Key(), fs.ErrNotExist)
		}
		return r.CardOf(ctx, jpeg)
	}
	media, err := read(ctx, s, name.Key(), mostMedia)
	if err != nil {
		return nil, err
	}
	return r.run(ctx, bytes.NewReader(media), "mpegts", card, "mjpeg")
}
