package overlay

import (
	"strconv"
	"time"
)

// CommentColumns are those of a table of comments.
func CommentColumns() []string {
	return []string{"id", "sent_at", "picture_at", "by", "viewer", "verified", "name", "text", "state", "question", "answered", "pinned", "likes", "reply_to"}
}

// Cells gives the comment as a row of the table.
func (c Comment) Cells() []string {
	return []string{c.ID, c.Sent.UTC().Format(time.DateTime), c.At.UTC().Format(time.DateTime), c.Card().By, c.Viewer, yes(c.Verified), c.Name, c.Text, c.State(), yes(c.Question), yes(c.Answered), yes(c.Pinned), strconv.FormatInt(c.Likes, 10), c.ReplyTo}
}

// yes is how tables say it.
func yes(is bool) string {
	if is {
		return "1"
	}
	return ""
}
