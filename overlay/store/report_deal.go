package store

import (
	"context"
	"fmt"
	"slices"

	"mediad/overlay"
)

// mostDeals is how many offers, and how many coupons, a report has at most.
const mostDeals = 1000

// dealsOf adds what came of a show's flash offers, coupons and polls to its report.
func (s *Store) dealsOf(ctx context.Context, show string, to *overlay.Report) error {
	offers, err := s.Offers(ctx, show, "", mostDeals)
	if err != nil {
		return err
	}
	goods := map[string]overlay.Product{}
	for _, o := range offers {
		if _, read := goods[o.Product]; read {
			continue
		}
		p, err := product(ctx, s.reader, o.Product, 0)
		if err != nil && overlay.CodeOf(err) != overlay.NotFound {
			return err
		}
		goods[o.Product] = p
	}
	sold, err := s.soldAs(ctx, show, "o.offer")
	if err != nil {
		return err
	}
	if to.Offers, err = overlay.OffersOf(offers, goods, sold); err != nil {
		return err
	}
	coupons, err := s.Coupons(ctx, show, "", mostDeals)
	if err != nil {
		return err
	}
	if sold, err = s.soldAs(ctx, show, "o.coupon"); err != nil {
		return err
	}
	rewards, err := s.Rewards(ctx, show, "", mostDeals)
	if err != nil {
		return err
	}
	if to.Coupons, err = overlay.CouponsOf(coupons, rewards, sold); err != nil {
		return err
	}
	polls, err := s.Polls(ctx, show, "", overlay.MaxPolls)
	to.Polls = slices.DeleteFunc(polls, func(p overlay.Poll) bool { return p.State == overlay.PollDraft })
	return err
}

// soldAs sums up the paid orders of a show by its offers, or by its coupons.
func (s *Store) soldAs(ctx context.Context, show, deal string) ([]overlay.SaleAs, error) {
	all, err := collect(ctx, s.reader, func(row scanner) (x overlay.SaleAs, err error) {
		parts := make([]half, 3)
		if err := row.Scan(&x.Deal, &x.Currency, &x.Orders, &parts[0].billions, &parts[0].rest, &parts[1].billions, &parts[1].rest, &parts[2].billions, &parts[2].rest); err != nil {
			return x, err
		}
		err = whole(x.Currency, parts, &x.Gross, &x.Refunded, &x.Cancelled)
		x.Net = x.Gross - x.Refunded - x.Cancelled
		return x, err
	}, `SELECT `+deal+`, o.currency, count(*), `+halves(`o.gross`, "a", "b")+`, `+halves(orderRefunded, "c", "d")+`, `+halves(orderCancelled, "e", "f")+`
		FROM shop_order o WHERE o.show = ? AND o.paid_at IS NOT NULL AND `+deal+` IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ?`, show, maxReportRows)
	if err != nil {
		return nil, fmt.Errorf("sum up the orders of offers and coupons: %w", err)
	}
	return all, nil
}
