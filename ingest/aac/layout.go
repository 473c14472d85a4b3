package aac

import "slices"

// Elements of a raw data block, ISO/IEC 14496-3 table 4.85.
const (
	elementSCE = 0
	elementCPE = 1
	elementCCE = 2
	elementLFE = 3
	elementEnd = 7
)

// element is an element that carries channels: its kind and its element_instance_tag.
type element struct{ id, tag int }

// layouts are the elements of table 1.19's channel configurations, in their order
// in each frame. Decoders that are told only the configuration count the tags of
// each kind from 0.
var layouts = [...][]element{
	1: {{elementSCE, 0}},
	2: {{elementCPE, 0}},
	3: {{elementSCE, 0}, {elementCPE, 0}},
	4: {{elementSCE, 0}, {elementCPE, 0}, {elementSCE, 1}},
	5: {{elementSCE, 0}, {elementCPE, 0}, {elementCPE, 1}},
	6: {{elementSCE, 0}, {elementCPE, 0}, {elementCPE, 1}, {elementLFE, 0}},
	7: {{elementSCE, 0}, {elementCPE, 0}, {elementCPE, 1}, {elementCPE, 2}, {elementLFE, 0}},
}

// standardLayout reads a program_config_element (ISO/IEC 14496-3 4.4.1.1) and gives
// the channel configuration that has the same elements. It gives 0 where there is
// none, as for ffmpeg's 5.1(side) and quad. An ADTS frame could carry the element
// itself, but browsers do not play sound of channel configuration 0.
func standardLayout(b *bits) int {
	b.read(4) // element_instance_tag
	b.read(2) // object_type
	b.read(4) // sampling_frequency_index
	front, side, back, lfe, data, coupled := b.read(4), b.read(4), b.read(4), b.read(2), b.read(3), b.read(4)
	for _, bitsOf := range []int{4, 4, 3} { // mono and stereo mixdown, matrix mixdown
		if b.read(1) == 1 {
			b.read(bitsOf)
		}
	}
	var elements []element
	for range front + side + back {
		e := element{id: elementSCE}
		if b.read(1) == 1 {
			e.id = elementCPE
		}
		e.tag = b.read(4)
		elements = append(elements, e)
	}
	for range lfe {
		elements = append(elements, element{elementLFE, b.read(4)})
	}
	b.read(4 * data)
	b.read(5 * coupled)
	b.align()
	for range b.read(8) { // the comment
		b.read(8)
	}
	if b.over || coupled > 0 {
		return 0
	}
	return max(0, slices.IndexFunc(layouts[:], func(l []element) bool { return l != nil && slices.Equal(l, elements) }))
}
