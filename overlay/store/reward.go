package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

const selectReward = `SELECT w.id, w.show, w.coupon, c.label, w.points, w.limit_total, w.taken, coalesce(w.ended_at, c.ended_at) FROM reward w JOIN coupon c ON c.id = w.coupon `

func scanReward(row scanner) (w overlay.Reward, err error) {
	var ended sql.NullInt64
	err = row.Scan(&w.ID, &w.Show, &w.Coupon, &w.Label, &w.Points, &w.Total, &w.Taken, &ended)
	w.Ended = ended.Valid
	return w, err
}

func rewards(ctx context.Context, q querier, where string, args ...any) ([]overlay.Reward, error) {
	all, err := collect(ctx, q, scanReward, selectReward+where, args...)
	if err != nil {
		return nil, fmt.Errorf("find rewards: %w", err)
	}
	return all, nil
}

// Rewards gives the rewards of a show behind an id, oldest first.
func (s *Store) Rewards(ctx context.Context, show, after string, limit int) ([]overlay.Reward, error) {
	return rewards(ctx, s.reader, `WHERE w.show = ? AND w.id > ? ORDER BY w.id LIMIT ?`, show, after, limit)
}

// RewardsOpen gives those that viewers can get, the cheapest first.
func (s *Store) RewardsOpen(ctx context.Context, show string) ([]overlay.RewardCard, error) {
	all, err := rewards(ctx, s.reader, `WHERE w.show = ?1 AND w.ended_at IS NULL AND c.ended_at IS NULL AND (c.ends_at IS NULL OR c.ends_at > ?2) AND (w.limit_total = 0 OR w.taken < w.limit_total)
		AND (c.limit_total = 0 OR c.got < c.limit_total) ORDER BY w.points, w.id`, show, s.now().UnixMilli())
	cards := make([]overlay.RewardCard, len(all))
	for i, w := range all {
		cards[i] = w.Card()
	}
	return cards, err
}

func reward(ctx context.Context, q querier, show, id string) (overlay.Reward, error) {
	w, err := scanReward(q.QueryRowContext(ctx, selectReward+`WHERE w.id = ? AND w.show = ?`, id, show))
	if errors.Is(err, sql.ErrNoRows) {
		return w, overlay.Errorf(overlay.NotFound, "the show has no such reward")
	}
	if err != nil {
		return w, fmt.Errorf("find reward: %w", err)
	}
	return w, nil
}

// Reward gives a reward of a show.
func (s *Store) Reward(ctx context.Context, show, id string) (overlay.Reward, error) {
	return reward(ctx, s.reader, show, id)
}

// CreateReward makes a reward of a show that has not ended.
func (s *Store) CreateReward(ctx context.Context, w overlay.Reward, actor string, o Once) (made overlay.Reward, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "rewards/"+w.Show, o, func() (string, overlay.Reward, error) {
			id, err := t.addReward(ctx, w, actor)
			if err != nil {
				return "", w, err
			}
			made, err := reward(ctx, t, w.Show, id)
			return id, made, err
		}, func(id string) (overlay.Reward, error) { return reward(ctx, t, w.Show, id) })
		return err
	})
	return made, err
}

func (t *tx) addReward(ctx context.Context, w overlay.Reward, actor string) (id string, err error) {
	show, err := t.openShow(ctx, w.Show)
	if err == nil {
		err = w.Checked()
	}
	if err != nil {
		return "", err
	}
	c, err := coupon(ctx, t, w.Show, w.Coupon)
	if err != nil {
		return "", err
	}
	if c.Over(t.now) {
		return "", overlay.Errorf(overlay.Conflict, "the coupon has ended already")
	}
	open, err := rewards(ctx, t, `WHERE w.show = ? AND w.ended_at IS NULL AND c.ended_at IS NULL`, w.Show)
	if err != nil {
		return "", err
	}
	if len(open) >= overlay.MaxRewards {
		return "", overlay.Errorf(overlay.Conflict, "the show has %d rewards already; end one of them first", len(open))
	}
	id = t.s.newID()
	_, err = t.ExecContext(ctx, `INSERT INTO reward(id, show, coupon, points, limit_total, taken) VALUES (?,?,?,?,?,0)`, id, w.Show, c.ID, w.Points, w.Total)
	if err != nil {
		return "", fmt.Errorf("create reward: %w", err)
	}
	t.changed = true
	return id, t.auditIn(ctx, show.Org, actor, "reward.create", c.Label)
}

// EndReward ends a reward. Who has got its coupon keeps it.
func (s *Store) EndReward(ctx context.Context, show, id, actor string) error {
	return s.write(ctx, func(t *tx) error {
		found, err := getShow(ctx, t, show)
		if err != nil {
			return err
		}
		w, err := reward(ctx, t, show, id)
		if err != nil {
			return err
		}
		if w.Ended {
			return overlay.Errorf(overlay.Conflict, "the reward has ended already")
		}
		if _, err := t.ExecContext(ctx, `UPDATE reward SET ended_at = ? WHERE id = ?`, t.now.UnixMilli(), id); err != nil {
			return fmt.Errorf("end reward: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, found.Org, actor, "reward.end", w.Label)
	})
}

// RewardWish is a viewer who wants a reward.
type RewardWish struct {
	Show, Reward, Viewer string
	Buyer                string    // whose ways to the shop take the code along
	Since                time.Time // of the ticket
}

// wantedReward is a wish on its way to the database.
type wantedReward struct {
	RewardWish
	coupon  overlay.Coupon
	refused error
	answer  chan error // has room for one
}

// TakeReward turns points of a viewer into the coupon of a reward, once: who asks again gets
// the same code, and nothing more is taken. Of several who ask at the same time, one
// transaction serves all.
func (s *Store) TakeReward(ctx context.Context, wish RewardWish) (overlay.Coupon, error) {
	w := &wantedReward{RewardWish: wish, answer: make(chan error, 1)}
	_, err := s.rewards.ask(ctx, w, w.answer, maxWaiting, s.giveRewards)
	return w.coupon, err
}

func (s *Store) giveRewards(batch []*wantedReward) {
	err := s.write(context.Background(), func(t *tx) error {
		for _, w := range batch {
			if err := t.giveReward(t.ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
	for _, w := range batch {
		if err == nil && w.refused != nil {
			w.answer <- w.refused
			continue
		}
		w.answer <- err
	}
}

func (t *tx) giveReward(ctx context.Context, w *wantedReward) error {
	w.refused = nil
	of, err := reward(ctx, t, w.Show, w.Reward)
	if err != nil {
		if overlay.CodeOf(err) == overlay.NotFound {
			w.refused, err = err, nil
		}
		return err
	}
	var has int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM reward_taken WHERE reward = ? AND viewer = ?`, of.ID, w.Viewer).Scan(&has); err != nil {
		return fmt.Errorf("find who has a reward: %w", err)
	}
	if has > 0 {
		w.coupon, err = coupon(ctx, t, w.Show, of.Coupon)
		return err
	}
	p, err := t.s.pointsOf(ctx, t, w.Show, w.Viewer, w.Since, t.now)
	if err != nil {
		return err
	}
	if w.refused = of.Gives(p.Left()); w.refused != nil {
		return nil
	}
	c := &wantedCoupon{show: w.Show, id: of.Coupon, buyer: w.Buyer, earned: true}
	if err := t.giveCoupon(ctx, c); err != nil {
		return err
	}
	if w.coupon, w.refused = c.coupon, c.refused; w.refused != nil {
		return nil
	}
	if _, err := t.ExecContext(ctx, `INSERT INTO reward_taken(reward, viewer, points, at) VALUES (?,?,?,?)`, of.ID, w.Viewer, of.Points, t.now.UnixMilli()); err != nil {
		return fmt.Errorf("give reward: %w", err)
	}
	if _, err := t.ExecContext(ctx, `UPDATE reward SET taken = taken + 1 WHERE id = ?`, of.ID); err != nil {
		return fmt.Errorf("count reward: %w", err)
	}
	t.changed = t.changed || of.Taken+1 == of.Total // nobody else gets it: viewers see that
	return nil
}
