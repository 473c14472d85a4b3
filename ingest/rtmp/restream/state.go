package restream

import (
	"net/url"
	"time"
)

// Phase says in one word how a target is.
type Phase string

// The phases.
const (
	Off        Phase = "off"        // it waits to be started
	Waiting    Phase = "waiting"    // on, and nothing is on air
	Connecting Phase = "connecting" // to its server
	Live       Phase = "live"       // it gets what is on air
	Retrying   Phase = "retrying"   // it failed, and is tried again
)

// State is how a target is. It has neither the key nor the path of the address.
type State struct {
	Name    string
	Server  string // the host of its address
	Phase   Phase
	Since   time.Time // of the phase
	Next    time.Time // while retrying: when it is tried again
	Problem *Problem  // what went wrong last; nil: nothing since it last went live for long
	Delay   time.Duration
	Bytes   uint64 // of media that were sent, since the start of the program
	Dropped uint64 // pictures that were dropped because the server was too slow
	Bitrate int64  // bits a second, at present
	Tries   int    // failures in a row
}

// serverOf gives the host of an address.
func serverOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
