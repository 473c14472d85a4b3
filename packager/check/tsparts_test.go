package check_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mediad/packager/check"
)

// Files of other projects are one part, wherever their tables stand. Their tables of
// service information break no rule of ours about tables.
func TestForeignFilesAreOneStream(t *testing.T) {
	for name, args := range map[string]string{
		"service information first": "",
		"tables often":              "-pat_period 0.05 -sdt_period 0.05",
		"no B-frames, no sound":     "-bf 0 -an",
		"other PIDs":                "-mpegts_start_pid 0x40 -mpegts_pmt_start_pid 0x30",
		"as its HLS muxer does":     "-mpegts_flags +resend_headers+initial_discontinuity -pes_payload_size 0",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "a.ts")
			all := append(strings.Fields("-v error -y -f lavfi -i testsrc2=size=320x180:rate=30 -f lavfi -i sine -t 2 -c:v libx264 -preset veryfast -g 60 -b:v 500k -pix_fmt yuv420p -c:a aac -f mpegts"), strings.Fields(args)...)
			if out, err := exec.Command("ffmpeg", append(all, file)...).CombinedOutput(); err != nil || len(out) > 0 {
				t.Fatalf("ffmpeg: %v %s", err, out)
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, data := range [][]byte{data, data[packetSize:]} { // with the SDT in front, and with the PAT
				parts := check.Parts(data)
				if len(parts) != 1 || !bytes.Equal(parts[0], data) {
					t.Errorf("%d parts", len(parts))
				}
				var c check.TS
				for _, v := range c.Part(parts[0]) {
					switch v.Rule {
					case check.RuleWholePackets, check.RuleTablesFirst, check.RulePAT, check.RuleOnePacketTables, check.RuleTablesStay,
						check.RuleUndeclared, check.RuleWholePES, check.RuleSection, check.RulePMT:
						t.Error(v)
					}
				}
			}
		})
	}
}
