package id3_test

import (
	"fmt"

	"mediad/packager/id3"
)

// A cue as it stands in the stream: one tag with one TXXX frame.
func ExampleAppendTXXX() {
	tag := id3.AppendTXXX(nil, "mediad.cue", []byte(`{"v":1,"kind":"notice"}`))
	fmt.Printf("% X, %d bytes\n", tag[:10], len(tag))
	// Output: 49 44 33 04 00 00 00 00 00 2D, 55 bytes
}

// A player that has the bytes of a tag reads its frames.
func ExampleParse() {
	tag := id3.AppendTXXX(nil, "mediad.cue", []byte(`{"v":1,"kind":"notice"}`))
	frames, err := id3.Parse(tag)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range frames {
		fmt.Printf("%s %s: %s\n", f.ID, f.Description, f.Value)
	}
	_, err = id3.Parse(tag[:20])
	fmt.Println("a tag that is cut short:", err != nil)
	// Output:
	// TXXX mediad.cue: {"v":1,"kind":"notice"}
	// a tag that is cut short: true
}
