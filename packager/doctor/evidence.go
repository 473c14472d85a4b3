package doctor

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// Bytes of a transport packet that evidence shows.
const (
	packetSize = 188
	shownBytes = 64
)

// dump shows the packet at an offset into MPEG-TS.
func dump(data []byte, offset int) string {
	if offset < 0 || offset >= len(data) {
		return fmt.Sprintf("%d bytes", len(data))
	}
	end := min(offset+shownBytes, len(data))
	return fmt.Sprintf("packet %d, at byte %d:\n%s", offset/packetSize, offset, hex.Dump(data[offset:end]))
}

// lineAt shows the line of a text that holds the byte at an offset.
func lineAt(text string, offset int) string {
	if offset < 0 || offset >= len(text) {
		return ""
	}
	from := strings.LastIndexByte(text[:offset], '\n') + 1
	return numbered(text, from)
}

// lineWith shows the first line with one of the words; the first word counts
// most.
func lineWith(text string, words ...string) string {
	for _, w := range words {
		if at := strings.Index(text, w); w != "" && at >= 0 {
			return lineAt(text, at)
		}
	}
	return ""
}

func numbered(text string, from int) string {
	line, _, _ := strings.Cut(text[from:], "\n")
	if len(line) > 400 {
		line = line[:400] + "…"
	}
	return fmt.Sprintf("line %d: %s", strings.Count(text[:from], "\n")+1, strings.TrimRight(line, "\r"))
}
