// Package vtt writes times in the form of WebVTT.
package vtt

import (
	"fmt"
	"time"
)

// Time writes HH:MM:SS.mmm (WebVTT 4.1, timestamps).
func Time(d time.Duration) string {
	ms := d.Round(time.Millisecond).Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3600000, ms/60000%60, ms/1000%60, ms%1000)
}
