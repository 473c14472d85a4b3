package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"mediad/overlay"
)

const selectComment = `SELECT c.id, c.show, c.viewer, c.name, c.body, c.at, c.sent_at, coalesce(c.reply_to, ''), c.likes, c.host, c.verified, c.question, c.answered, c.pinned, c.shadow, c.deleted_at, c.erased_at FROM comment c `

func scanComment(row scanner) (c overlay.Comment, err error) {
	var at, sent, deleted, erased sql.NullInt64
	var host, verified, question, answered, pinned, shadow int64
	err = row.Scan(&c.ID, &c.Show, &c.Viewer, &c.Name, &c.Text, &at, &sent, &c.ReplyTo, &c.Likes, &host, &verified, &question, &answered, &pinned, &shadow, &deleted, &erased)
	c.At, c.Sent, c.Deleted, c.Erased = moment(at), moment(sent), moment(deleted), moment(erased)
	c.Host, c.Verified, c.Question, c.Answered, c.Pinned, c.Shadow = host != 0, verified != 0, question != 0, answered != 0, pinned != 0, shadow != 0
	return c, err
}

func comments(ctx context.Context, q querier, where string, args ...any) ([]overlay.Comment, error) {
	all, err := collect(ctx, q, scanComment, selectComment+where, args...)
	if err != nil {
		return nil, fmt.Errorf("find comments: %w", err)
	}
	return all, nil
}

func comment(ctx context.Context, q querier, show, id string) (overlay.Comment, error) {
	c, err := scanComment(q.QueryRowContext(ctx, selectComment+`WHERE c.id = ? AND c.show = ?`, id, show))
	if errors.Is(err, sql.ErrNoRows) {
		return c, overlay.Errorf(overlay.NotFound, "the show has no such comment")
	}
	if err != nil {
		return c, fmt.Errorf("find comment: %w", err)
	}
	return c, nil
}

// seen picks what viewers see.
const seen = ` AND c.shadow = 0 AND c.deleted_at IS NULL AND c.erased_at IS NULL `

// Comment gives a comment of a show, in whatever state it is.
func (s *Store) Comment(ctx context.Context, show, id string) (overlay.Comment, error) {
	return comment(ctx, s.reader, show, id)
}

// CommentsBefore gives what viewers see of a show's comments before an id ("": the newest),
// newest first.
func (s *Store) CommentsBefore(ctx context.Context, show, before string, limit int) ([]overlay.Comment, error) {
	return comments(ctx, s.reader, `WHERE c.show = ?1 AND (?2 = '' OR c.id < ?2)`+seen+`ORDER BY c.id DESC LIMIT ?3`, show, before, limit)
}

// CommentsLiked gives what viewers see of the comments that are liked most.
func (s *Store) CommentsLiked(ctx context.Context, show string, limit int) ([]overlay.Comment, error) {
	return comments(ctx, s.reader, `WHERE c.show = ? AND c.likes > 0`+seen+`ORDER BY c.likes DESC, c.id DESC LIMIT ?`, show, limit)
}

// CommentsAt gives what viewers see of the comments to a stretch of the picture, in Unix
// milliseconds, in the order of the picture.
func (s *Store) CommentsAt(ctx context.Context, show string, from, to int64, limit int) ([]overlay.Comment, error) {
	return comments(ctx, s.reader, `WHERE c.show = ? AND c.at >= ? AND c.at < ?`+seen+`ORDER BY c.at, c.id LIMIT ?`, show, from, to, limit)
}

// AllComments gives comments in every state before an id ("": the newest), newest first.
// questions: only those that await an answer.
func (s *Store) AllComments(ctx context.Context, show, before string, questions bool, limit int) ([]overlay.Comment, error) {
	return comments(ctx, s.reader, `WHERE c.show = ?1 AND (?2 = '' OR c.id < ?2) AND (?3 = 0 OR c.question = 1 AND c.answered = 0 AND c.deleted_at IS NULL) ORDER BY c.id DESC LIMIT ?4`, show, before, truth(questions), limit)
}

// CommentsFrom gives comments in every state behind an id, oldest first.
func (s *Store) CommentsFrom(ctx context.Context, show, after string, limit int) ([]overlay.Comment, error) {
	return comments(ctx, s.reader, `WHERE c.show = ? AND c.id > ? ORDER BY c.id LIMIT ?`, show, after, limit)
}

// CommentsNamed gives those comments of a show that have these ids.
func (s *Store) CommentsNamed(ctx context.Context, show string, ids []string) ([]overlay.Comment, error) {
	text, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return comments(ctx, s.reader, `WHERE c.show = ? AND c.id IN `+s.dialect.List()+` ORDER BY c.id`, show, string(text))
}

// NewestComment gives the highest id of a show's comments; "": there is none.
func (s *Store) NewestComment(ctx context.Context, show string) (id string, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT coalesce(max(id), '') FROM comment WHERE show = ?`, show).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("find the newest comment: %w", err)
	}
	return id, nil
}

// AddComments keeps comments, all that belong to shows that there are, in one transaction.
// kept has their ids.
func (s *Store) AddComments(ctx context.Context, list []overlay.Comment) (kept map[string]bool, err error) {
	rows := make([][14]any, len(list))
	for i, c := range list {
		rows[i] = [14]any{c.ID, c.Show, c.Viewer, c.Name, c.Text, c.At.UnixMilli(), c.Sent.UnixMilli(), orNull(c.ReplyTo), truth(c.Host), truth(c.Verified), truth(c.Question), truth(c.Answered), truth(c.Shadow), c.Likes}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(t *tx) error {
		ids, err := collect(ctx, t, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
			`INSERT INTO comment(id, show, viewer, name, body, at, sent_at, reply_to, host, verified, question, answered, shadow, likes, pinned)
			SELECT c.value->>0, c.value->>1, c.value->>2, c.value->>3, c.value->>4, CAST(c.value->>5 AS BIGINT), CAST(c.value->>6 AS BIGINT), c.value->>7, CAST(c.value->>8 AS BIGINT),
				CAST(c.value->>9 AS BIGINT), CAST(c.value->>10 AS BIGINT), CAST(c.value->>11 AS BIGINT), CAST(c.value->>12 AS BIGINT), CAST(c.value->>13 AS BIGINT), 0
			FROM `+s.dialect.Rows()+` WHERE EXISTS (SELECT 1 FROM show WHERE id = c.value->>1 AND deleting_at IS NULL) RETURNING id`, string(text))
		if err != nil {
			return err
		}
		t.wrote = t.wrote || len(ids) > 0
		kept = make(map[string]bool, len(ids))
		for _, id := range ids {
			kept[id] = true
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("keep comments: %w", err)
	}
	return kept, nil
}

// LikeComments adds likes to comments of a show. They count, and are no row of their own.
func (s *Store) LikeComments(ctx context.Context, show string, likes map[string]int64) error {
	rows := make([][2]any, 0, len(likes))
	for id, n := range likes {
		rows = append(rows, [2]any{id, n})
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	err = s.behind(ctx, func(t *tx) error {
		_, err := t.ExecContext(ctx, `UPDATE comment SET likes = likes + l.n FROM (SELECT c.value->>0 AS id, CAST(c.value->>1 AS BIGINT) AS n FROM `+s.dialect.Rows()+`) l
			WHERE comment.id = l.id AND comment.show = ? AND comment.shadow = 0 AND comment.deleted_at IS NULL AND comment.erased_at IS NULL`, string(text), show)
		return err
	})
	if err != nil {
		return fmt.Errorf("count likes of comments: %w", err)
	}
	return nil
}

// turnComment changes a comment for its moderators, and tells the audit. change gives
// whether anything is left to do.
func (s *Store) turnComment(ctx context.Context, show, id, actor, deed string, change func(t *tx, c overlay.Comment) (bool, error)) (after overlay.Comment, err error) {
	err = s.write(ctx, func(t *tx) error {
		found, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		c, err := comment(ctx, t, show, id)
		if err != nil {
			return err
		}
		if !c.Erased.IsZero() {
			return overlay.Errorf(overlay.Gone, "the comment is erased")
		}
		did, err := change(t, c)
		if err != nil {
			return err
		}
		if after, err = comment(ctx, t, show, id); err != nil || !did {
			return err
		}
		t.changed = true
		return t.auditIn(ctx, found.Org, actor, deed, id)
	})
	return after, err
}

func (t *tx) setComment(ctx context.Context, id, set string, args ...any) (bool, error) {
	if _, err := t.ExecContext(ctx, `UPDATE comment SET `+set+` WHERE id = ?`, append(args, id)...); err != nil {
		return false, fmt.Errorf("change comment: %w", err)
	}
	return true, nil
}

// DeleteComment takes a comment from viewers, or gives it back. What is deleted is pinned no more.
func (s *Store) DeleteComment(ctx context.Context, show, id string, deleted bool, actor string) (overlay.Comment, error) {
	deed := "chat.delete"
	if !deleted {
		deed = "chat.restore"
	}
	return s.turnComment(ctx, show, id, actor, deed, func(t *tx, c overlay.Comment) (bool, error) {
		switch {
		case deleted == !c.Deleted.IsZero():
			return false, nil
		case deleted:
			return t.setComment(ctx, id, `deleted_at = ?, pinned = 0`, t.now.UnixMilli())
		}
		return t.setComment(ctx, id, `deleted_at = NULL`)
	})
}

// PinComment keeps a comment in everybody's sight, in the place of the one that was, or ends that.
func (s *Store) PinComment(ctx context.Context, show, id string, pinned bool, actor string) (overlay.Comment, error) {
	deed := "chat.pin"
	if !pinned {
		deed = "chat.unpin"
	}
	return s.turnComment(ctx, show, id, actor, deed, func(t *tx, c overlay.Comment) (bool, error) {
		switch {
		case pinned == c.Pinned:
			return false, nil
		case pinned && !c.Seen():
			return false, overlay.Errorf(overlay.Conflict, "viewers do not see this comment; it cannot be pinned")
		case pinned:
			if _, err := t.ExecContext(ctx, `UPDATE comment SET pinned = 0 WHERE show = ? AND pinned = 1`, show); err != nil {
				return false, fmt.Errorf("unpin comment: %w", err)
			}
		}
		return t.setComment(ctx, id, `pinned = ?`, truth(pinned))
	})
}

// AnswerComment marks a question as answered, or not.
func (s *Store) AnswerComment(ctx context.Context, show, id string, answered bool, actor string) (overlay.Comment, error) {
	deed := "chat.answered"
	if !answered {
		deed = "chat.unanswered"
	}
	return s.turnComment(ctx, show, id, actor, deed, func(t *tx, c overlay.Comment) (bool, error) {
		if answered == c.Answered {
			return false, nil
		}
		return t.setComment(ctx, id, `question = 1, answered = ?`, truth(answered))
	})
}
