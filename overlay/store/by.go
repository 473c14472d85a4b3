package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"mediad/overlay"
)

// byKey finds who asks in a context.
type byKey struct{}

// Signed gives a context whose actions are told to hosts as somebody's. The context
// carries it beside the arguments of each action, since every event has it, whichever
// action it comes from.
func Signed(ctx context.Context, by overlay.By) context.Context {
	return context.WithValue(ctx, byKey{}, by)
}

// byText is how a By is kept; NULL: nobody.
func byText(b overlay.By) any {
	if b.Name == "" {
		return nil
	}
	text, err := json.Marshal(b)
	if err != nil {
		return nil // three texts always have one
	}
	return string(text)
}

func readBy(text sql.NullString) (b overlay.By, err error) {
	if text.Valid {
		err = json.Unmarshal([]byte(text.String), &b)
	}
	return b, err
}
