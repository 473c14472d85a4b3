package overlay

import "encoding/json"

// CommentBody is what a page sends of a comment.
type CommentBody struct {
	NewComment
	// Identity is what the embedding site signed; "": nothing.
	Identity string
}

// ParseComment reads the JSON of a comment. Fields that are not known are ignored: players
// live longer on pages than servers do.
func ParseComment(text []byte) (CommentBody, error) {
	var in struct {
		Text     string  `json:"text"`
		Name     string  `json:"name"`
		Viewer   string  `json:"viewer"`
		At       float64 `json:"at"`
		ReplyTo  string  `json:"reply_to"`
		Identity string  `json:"identity"`
	}
	if len(text) > MaxCommentBody {
		return CommentBody{}, Errorf(TooLarge, "the comment has %d bytes, at most %d are allowed", len(text), MaxCommentBody)
	}
	if json.Unmarshal(text, &in) != nil {
		return CommentBody{}, Errorf(Invalid, `the body must be JSON like {"text":"Is it sweet?","name":"Mei","viewer":"8f3a61c07be4d215"}`)
	}
	return CommentBody{NewComment{Text: in.Text, Name: in.Name, Viewer: in.Viewer, At: in.At, ReplyTo: in.ReplyTo}, in.Identity}, nil
}

// ParseLiker reads the JSON of a like: {"viewer":"8f3a61c07be4d215"}.
func ParseLiker(text []byte) (viewer string, err error) {
	var in struct {
		Viewer string `json:"viewer"`
	}
	if len(text) > MaxCommentBody || json.Unmarshal(text, &in) != nil {
		return "", Errorf(Invalid, `the body must be JSON like {"viewer":"8f3a61c07be4d215"}`)
	}
	return in.Viewer, CheckViewer(in.Viewer)
}
