package broadcast

import (
	"fmt"
	"strings"
	"testing"

	"mediad/overlay/api"
)

// Followers get events of their room only, in order; a slow one loses the
// oldest.
func TestHistory(t *testing.T) {
	var h history
	if got := h.of("a"); len(got) != 0 {
		t.Errorf("%v", got)
	}
	early, stop := h.FollowPublishers("a")
	other, stopOther := h.FollowPublishers("b")
	defer stopOther()
	h.add(api.PublisherEvent{Room: "a", Kind: api.PublisherLost, Text: "first"})
	if e := <-early; e.Text != "first" {
		t.Errorf("told %+v", e)
	}
	slow, stopSlow := h.FollowPublishers("a")
	for i := range historyBacklog + 3 {
		h.add(api.PublisherEvent{Room: "a", Text: fmt.Sprint(i)})
	}
	if e := <-slow; len(slow) != historyBacklog-1 || e.Text != "3" {
		t.Errorf("the slow one has %d, first %+v", len(slow), e)
	}
	if n := h.count()[api.PublisherLost]; n != 1 {
		t.Errorf("counted %d", n)
	}
	if len(other) != 0 {
		t.Error("told of another room")
	}
	var kept []string
	for _, e := range h.of("a") {
		kept = append(kept, e.Text)
	}
	if got := strings.Join(kept, " "); got != "25 26 27 28 29 30 31 32 33 34" {
		t.Errorf("kept %s", got)
	}
	stop()
	stopSlow()
	h.add(api.PublisherEvent{Room: "a"}) // no follower is left that could block it
	if len(h.followers["a"]) != 0 {
		t.Error("followers are left")
	}
}
