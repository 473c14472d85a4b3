package api

import (
	"context"
	"encoding/json"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// Replays knows the recordings of shows.
type Replays interface {
	// Chapters tells what was spoken about when in a show, in order. It fails
	// with overlay.NotFound where there is no such show.
	Chapters(ctx context.Context, show string) ([]Chapter, error)
}

// Chapter is a stretch of a show in which one product was spoken about.
type Chapter struct {
	Product  ChapterProduct `json:"product"`
	Date     time.Time      `json:"date" doc:"When it began, on the dates of the picture"`
	At       *float64       `json:"at,omitempty" doc:"Where it begins in the recording, in seconds; missing while there is none"`
	Duration float64        `json:"duration" doc:"Seconds; of the recording where there is one"`
	Clip     string         `json:"clip,omitempty" doc:"A playlist of the stretches of this product alone"`
}

// ChapterProduct is the product of a chapter as it was pinned.
type ChapterProduct struct {
	ID    string `json:"id"`
	Rev   int64  `json:"rev,omitempty"`
	SKU   string `json:"sku,omitempty"`
	Title string `json:"title,omitempty"`
}

type chaptersBody struct {
	V        int       `json:"v"`
	Show     string    `json:"show"`
	Chapters []Chapter `json:"chapters"`
}

func (a *API) chapters(ctx context.Context, show string) (*chaptersBody, error) {
	if a.o.Replays == nil {
		return nil, overlay.Errorf(overlay.NotFound, "there are no chapters")
	}
	list, err := a.o.Replays.Chapters(ctx, show)
	return &chaptersBody{1, show, list}, err
}

// showFile is one of the files of a show.
type showFile struct {
	live     *liveBody
	chapters *chaptersBody
}

// MarshalJSON writes the one that there is.
func (f showFile) MarshalJSON() ([]byte, error) {
	if f.chapters != nil {
		return json.Marshal(f.chapters)
	}
	return json.Marshal(f.live)
}

// Schema tells of both.
func (showFile) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[liveBody](), true, "Live"), r.Schema(reflect.TypeFor[chaptersBody](), true, "Chapters"),
	}}
}
