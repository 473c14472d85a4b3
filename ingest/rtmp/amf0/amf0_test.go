package amf0

import (
	"fmt"
	"strings"
	"testing"
)

func TestSize(t *testing.T) {
	number := append([]byte{Number}, make([]byte, 8)...)
	for name, c := range map[string]struct {
		b    []byte
		size int
	}{
		"nothing":         {nil, 0},
		"a number":        {append(number, 1, 2), 9},
		"half a number":   {number[:5], 0},
		"a boolean":       {[]byte{Boolean, 1}, 2},
		"half a boolean":  {[]byte{Boolean}, 0},
		"a string":        {[]byte{String, 0, 2, 'h', 'i', 'x'}, 5},
		"an empty string": {[]byte{String, 0, 0}, 3},
		"a short string":  {[]byte{String, 0, 3, 'h', 'i'}, 0},
		"a cut length":    {[]byte{String, 0}, 0},
		"null":            {[]byte{Null, 9}, 1},
		"undefined":       {[]byte{Undefined}, 1},
		"a date":          {append([]byte{Date}, make([]byte, 10)...), 11},
		"half a date":     {[]byte{Date, 0}, 0},
		"an object":       {[]byte{Object, 0, 0, ObjectEnd}, 0},
		"a long string":   {[]byte{LongString, 0, 0, 0, 0}, 0},
	} {
		if got := Size(c.b); got != c.size {
			t.Errorf("%s: %d, want %d", name, got, c.size)
		}
	}
}

func TestProperties(t *testing.T) {
	const two = "\x00\x01a\x02\x00\x02hi\x00\x02bc\x05"
	for name, c := range map[string]struct {
		b, told, rest string
		ok            bool
	}{
		"an object":               {"\x03" + two + "\x00\x00\x09rest", "a=hi bc=", "rest", true},
		"an ECMA array":           {"\x08\x00\x00\x00\x07" + two + "\x00\x00\x09", "a=hi bc=", "", true},
		"none":                    {"\x03\x00\x00\x09", "", "", true},
		"a number":                {"\x00\x00\x00\x00\x00\x00\x00\x00\x00", "", "", false},
		"nothing":                 {"", "", "", false},
		"a cut ECMA array":        {"\x08\x00\x00", "", "", false},
		"an empty name, no end":   {"\x03" + two + "\x00\x00\x05", "a=hi bc=", "", false},
		"no end":                  {"\x03" + two, "a=hi bc=", "", false},
		"a name that is cut":      {"\x03" + two + "\x00\x09xx", "a=hi bc=", "", false},
		"a value that is nested":  {"\x03" + two + "\x00\x01d\x03\x00\x00\x09\x00\x00\x09", "a=hi bc=", "", false},
		"a string that is longer": {"\x03\x00\x01a\x02\xff\xffhi\x00\x00\x09", "", "", false},
	} {
		var told []string
		rest, ok := Properties([]byte(c.b), func(name string, value []byte) {
			text, _ := Text(value)
			told = append(told, fmt.Sprintf("%s=%s", name, text))
		})
		if got := strings.Join(told, " "); got != c.told || ok != c.ok || ok && string(rest) != c.rest {
			t.Errorf("%s: told %q, rest %q, %v", name, got, rest, ok)
		}
	}
}
