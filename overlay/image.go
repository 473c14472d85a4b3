package overlay

import (
	"regexp"
	"slices"
)

// Image is a picture that somebody has uploaded. Its bytes never change, and it is
// deleted when no product and no show has used it for a while.
type Image struct {
	ID     string `json:"id"`
	Org    string `json:"org"`
	Path   string `json:"path" doc:"The address of the picture on this server, for image or images of a product. It never changes, and is public"`
	Small  string `json:"small" doc:"The same, at most 320 pixels wide and high"`
	Width  int    `json:"width" doc:"In pixels, at most 1600"`
	Height int    `json:"height"`
	Bytes  int64  `json:"bytes"`
}

// ImagePath is where a picture is served, and SmallImagePath where its small version is.
func ImagePath(id string) string      { return "/i/" + id + ".jpg" }
func SmallImagePath(id string) string { return "/i/" + id + "-s.jpg" }

var imagePath = regexp.MustCompile(`^/i/([a-z2-7]{26})(-s)?\.jpg$`)

// ImageOf gives the id of the picture whose path, on this server, is given.
func ImageOf(path string) (id string, small, ok bool) {
	m := imagePath.FindStringSubmatch(path)
	if m == nil {
		return "", false, false
	}
	return m[1], m[2] != "", true
}

// OwnImages gives the ids of the uploaded pictures that the product uses.
func (p Product) OwnImages() (ids []string) {
	for _, path := range append([]string{p.Image}, p.Images...) {
		if id, _, ok := ImageOf(path); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
