package rtmp

import "testing"

func TestHint(t *testing.T) {
	name := metaBoth[:26] // the string onMetaData
	for _, tc := range []struct {
		name, hex string
		want      hint
	}{
		{"both", metaBoth, hint{true, true, true}},
		{"audio is null", metaOnlyVideo, hint{true, false, true}},
		{"no word of video", metaOnlyAudio, hint{true, true, false}},
		{"audio is an empty string", name + "03" + "000c617564696f636f6465636964" + "020000" + "000009", hint{true, false, false}},
		{"with a boolean, a date and an undefined", name + "03" + "00016101" + "01" + "000162" + "0b" + "00000000000000000000" + "00016306" + "000009", hint{true, false, false}},
		{"cut off", metaBoth[:60], hint{}},
		{"without an end", metaBoth[:len(metaBoth)-6], hint{}},
		{"nested", name + "03" + "000161" + "03" + "000009" + "000009", hint{}},
		{"not an object", name + "00401c000000000000", hint{}},
		{"only a name", name, hint{}},
		{"empty", "", hint{}},
		{"a string longer than the message", "02ffff61", hint{}},
	} {
		if got := readHint(unhex(t, tc.hex)); got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
}

func FuzzHint(f *testing.F) {
	for _, s := range []string{metaBoth, metaOnlyVideo, metaOnlyAudio} {
		f.Add(unhex(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if h := readHint(b); !h.read && h != (hint{}) {
			t.Fatalf("%+v without having read it", h)
		}
	})
}
