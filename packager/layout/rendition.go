package layout

import "strconv"

// Rendition is one of a broadcast's renditions, by the number of its video track.
// The zero value is the encoder's first one.
type Rendition uint8

// Main is the rendition that every broadcast has.
const Main Rendition = 0

// mainFolder is the folder of Main. The folders of the others are their numbers.
const mainFolder = "main"

// String is the name of a rendition's folder.
func (r Rendition) String() string {
	if r == Main {
		return mainFolder
	}
	return strconv.Itoa(int(r))
}

// readRendition reads the name of a rendition's folder.
func readRendition(folder string) (Rendition, bool) {
	if folder == mainFolder {
		return Main, true
	}
	n, ok := number(folder, 8)
	return Rendition(n), ok && n > 0
}
