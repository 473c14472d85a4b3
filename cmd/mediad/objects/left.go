package objects

import (
	"context"
	"log/slog"

	"mediad/packager/layout"
	"mediad/storage"
)

// LeftIn gives a function for a start that finds no database: it asks the object
// store for something that only a server with a database leaves. One object below
// live/ is enough. A store that does not answer within StartWait does not prevent
// the start.
func LeftIn(objects Store, name string, log *slog.Logger) func(context.Context) string {
	if objects == nil {
		return nil
	}
	return func(ctx context.Context) string {
		ctx, cancel := context.WithTimeout(ctx, StartWait)
		defer cancel()
		found, err := untilDone(ctx, func() ([]storage.Info, error) { return objects.List(ctx, layout.Live, "", 1) })
		if err != nil {
			log.Warn("there is no database, and the object store cannot tell whether it has recordings of one; an empty database is made", "err", err)
			return ""
		}
		if len(found) == 0 {
			return ""
		}
		return found[0].Key + " in the store " + name
	}
}

// untilDone runs a call that may hang in the system and that a ctx cannot end. If
// ctx ends first, untilDone returns and the call is left running.
func untilDone[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type result struct {
		v   T
		err error
	}
	done := make(chan result, 1)
	go func() {
		v, err := do()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.v, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
