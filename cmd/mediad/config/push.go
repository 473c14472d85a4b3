package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"mediad/overlay"
)

// Push is a server to which a room is sent on. Its stream key stands elsewhere, so that the
// configuration can be shown.
type Push struct {
	Name    string        `yaml:"name"`
	URL     string        `yaml:"url"`
	KeyEnv  string        `yaml:"key_env"`  // the variable that has the stream key
	KeyFile string        `yaml:"key_file"` // or the file
	Enabled bool          `yaml:"enabled"`
	Delay   time.Duration `yaml:"delay"`
}

// maxPush bounds the targets of a room: each costs the room's bit rate.
const maxPush = 20

// maxPushDelay is how much later a target may get everything: what waits is in memory.
const maxPushDelay = time.Minute

var envSyntax = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (r Room) checkPush(key string) error {
	if len(r.Push) > maxPush {
		return fmt.Errorf("%s has %d targets; a room may have %d", key, len(r.Push), maxPush)
	}
	names := make(map[string]bool)
	for i, p := range r.Push {
		at := fmt.Sprintf("%s[%d]", key, i)
		switch {
		case overlay.CheckSlug(p.Name) != nil:
			return fmt.Errorf("%s.name is %q; it must be 1 to 64 of a-z, 0-9 and -, with no - at its ends", at, p.Name)
		case names[p.Name]:
			return fmt.Errorf("%s.name: there are two targets called %q", at, p.Name)
		case (p.KeyEnv == "") == (p.KeyFile == ""):
			return fmt.Errorf("%s needs key_env, the name of the variable that has the stream key, or key_file, and not both", at)
		case p.KeyEnv != "" && (!envSyntax.MatchString(p.KeyEnv) || strings.HasPrefix(p.KeyEnv, VariablePrefix)):
			return fmt.Errorf("%s.key_env must be the name of a variable that does not begin with %s", at, VariablePrefix) // it may be a key, by mistake
		case p.Delay < 0 || p.Delay > maxPushDelay:
			return fmt.Errorf("%s.delay is %v; it must be between 0s and %v, for what is delayed waits in memory", at, p.Delay, maxPushDelay)
		}
		if err := checkPushURL(at+".url", p.URL); err != nil {
			return err
		}
		names[p.Name] = true
	}
	return nil
}

// checkPushURL refuses an address with a place for secrets: it is shown to hosts in part.
func checkPushURL(key, address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "rtmp" && u.Scheme != "rtmps" || u.Hostname() == "" || strings.Trim(u.Path, "/") == "":
		return fmt.Errorf("%s must look like rtmp://HOST/APP or rtmps://HOST/APP, without the stream key", key)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("%s must have no password and nothing behind a ?: what stands there belongs to the stream key", key)
	}
	return nil
}
