package config

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The example of targets in the comments of config.yaml can be used as it stands there.
func TestPushInComments(t *testing.T) {
	text, err := os.ReadFile("../../../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	example := strings.Replace(string(text), "    push: []", "    push:", 1)
	example = regexp.MustCompile(`(?m)^    #  `).ReplaceAllString(example, "      ")
	c := Defaults()
	if err := parse([]byte(example), &c); err != nil {
		t.Fatal(err)
	}
	want := []Push{{Name: "youtube", URL: "rtmps://a.rtmps.youtube.com/live2", KeyEnv: "YOUTUBE_STREAM_KEY", Enabled: true}}
	if d := cmp.Diff(want, c.Rooms[0].Push); d != "" || c.check() != nil {
		t.Errorf("%v %s", c.check(), d)
	}
	for _, k := range keysOf(reflect.TypeFor[Push]()) {
		if !regexp.MustCompile(`(?m)^    #.*\b` + k + `:`).Match(text) {
			t.Errorf("rooms.push has no %s in config.yaml", k)
		}
	}
}

func TestPushErrors(t *testing.T) {
	good := Push{Name: "a", URL: "rtmp://h/app", KeyEnv: "KEY"}
	for name, tc := range map[string]struct {
		change func(*Push)
		want   string // the end of the error
	}{
		"name":         {func(p *Push) { p.Name = "A b" }, `.name is "A b"; it must be 1 to 64 of a-z, 0-9 and -, with no - at its ends`},
		"no key":       {func(p *Push) { p.KeyEnv = "" }, ` needs key_env, the name of the variable that has the stream key, or key_file, and not both`},
		"two keys":     {func(p *Push) { p.KeyFile = "f" }, `and not both`},
		"a key itself": {func(p *Push) { p.KeyEnv = "live-key-1234" }, `.key_env must be the name of a variable that does not begin with MEDIAD_`},
		"ours":         {func(p *Push) { p.KeyEnv = "MEDIAD_KEY" }, `.key_env must be the name of a variable that does not begin with MEDIAD_`},
		"delay":        {func(p *Push) { p.Delay = 61e9 }, `.delay is 1m1s; it must be between 0s and 1m0s, for what is delayed waits in memory`},
		"scheme":       {func(p *Push) { p.URL = "https://h/secret-app" }, `.url must look like rtmp://HOST/APP or rtmps://HOST/APP, without the stream key`},
		"no app":       {func(p *Push) { p.URL = "rtmp://h/" }, `.url must look like rtmp://HOST/APP or rtmps://HOST/APP, without the stream key`},
		"password":     {func(p *Push) { p.URL = "rtmp://u:secret@h/app" }, `.url must have no password and nothing behind a ?: what stands there belongs to the stream key`},
		"query":        {func(p *Push) { p.URL = "rtmp://h/app?secret=1" }, `.url must have no password and nothing behind a ?: what stands there belongs to the stream key`},
	} {
		t.Run(name, func(t *testing.T) {
			c := Defaults()
			bad := good
			tc.change(&bad)
			c.Rooms[0].Push = []Push{good, bad}
			c.Rooms[0].Push[0].Name = "first"
			err := c.check()
			if err == nil || !strings.HasPrefix(err.Error(), "rooms[0].push[1]") || !strings.HasSuffix(err.Error(), tc.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error %v", err)
			}
		})
	}
	c := Defaults()
	c.Rooms[0].Push = []Push{good, good}
	if err := c.check(); err == nil || !strings.Contains(err.Error(), `two targets called "a"`) {
		t.Errorf("error %v", err)
	}
	c.Rooms[0].Push = make([]Push, 21)
	if err := c.check(); err == nil || !strings.Contains(err.Error(), "has 21 targets") {
		t.Errorf("error %v", err)
	}
}
