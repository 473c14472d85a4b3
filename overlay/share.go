package overlay

// A shared link has ?ref=CODE, which the page of who shares it draws. It tells which viewers,
// clicks and orders came by shared links, and names nobody.

// Lengths of the code of a shared link.
const (
	minRef = 4
	maxRef = 16
)

// ParseRef reads the code of a shared link; "": it is none.
func ParseRef(text string) string {
	if len(text) < minRef || len(text) > maxRef {
		return ""
	}
	for _, c := range text {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return ""
		}
	}
	return text
}
