package store

import (
	"context"
	"slices"
	"sync"

	"mediad/overlay"
)

// mostNews is how many products news name; beyond it they only say that there are many.
const mostNews = 20

// Edit is a product that changed, came or went, and who did that.
type Edit struct {
	Product string     `json:"product" doc:"Id"`
	By      overlay.By `json:"by,omitzero"`
}

// News collects the changes in the catalogue of an organisation for one listener: which
// products changed, came or went. They are no log: whoever was away reads the products
// again.
type News struct {
	// Ready has something while there are news.
	Ready <-chan struct{}
	ready chan struct{} // has room for one

	mu    sync.Mutex
	edits []Edit // guarded by mu; the latest of each product
	many  bool   // guarded by mu; more have changed than edits can say
}

// Take gives the news, and forgets them. many: read all products again.
func (n *News) Take() (edits []Edit, many bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	edits, many = n.edits, n.many
	n.edits, n.many = nil, false
	return edits, many
}

func (n *News) add(edits []Edit, many bool) {
	n.mu.Lock()
	for _, e := range edits {
		n.edits = append(slices.DeleteFunc(n.edits, func(f Edit) bool { return f.Product == e.Product }), e)
	}
	if n.many = n.many || many || len(n.edits) > mostNews; n.many {
		n.edits = nil
	}
	n.mu.Unlock()
	select {
	case n.ready <- struct{}{}:
	default:
	}
}

// board knows who follows which catalogue. The zero value is ready.
type board struct {
	mu      sync.Mutex
	readers map[string]map[*News]struct{} // by organisation; guarded by mu
}

func (b *board) follow(org string) (n *News, stop func()) {
	ready := make(chan struct{}, 1)
	n = &News{Ready: ready, ready: ready}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.readers == nil {
		b.readers = map[string]map[*News]struct{}{}
	}
	if b.readers[org] == nil {
		b.readers[org] = map[*News]struct{}{}
	}
	b.readers[org][n] = struct{}{}
	return n, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if delete(b.readers[org], n); len(b.readers[org]) == 0 {
			delete(b.readers, org)
		}
	}
}

func (b *board) tell(org string, edits []Edit, many bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n := range b.readers[org] {
		n.add(edits, many)
	}
}

// touched notes that an action changes a product; many: more than it names.
func (t *tx) touched(org, product string, many bool) {
	if t.touches == nil {
		t.touches = map[string]touch{}
	}
	all := t.touches[orHome(org)]
	if all.many = all.many || many; product != "" && len(all.edits) <= mostNews {
		all.edits = append(all.edits, Edit{product, t.by})
	}
	t.touches[orHome(org)] = all
}

// touch is what an action changed in the catalogue of an organisation.
type touch struct {
	edits []Edit
	many  bool
}

// telling does an action, and tells of the products that it changed once they are
// committed.
func (s *Store) telling(ctx context.Context, f func(*tx) error, submit func(func(*tx) error) error) error {
	by, _ := ctx.Value(byKey{}).(overlay.By)
	var touches map[string]touch
	var moved []string
	noting, rings := ringing(func(t *tx) error {
		t.by, t.touches, t.moved = by, nil, nil
		err := f(t)
		touches, moved = t.touches, t.moved // of the run that counts: the last one
		return err
	})
	err := submit(noting)
	s.stock.unsure(moved) // also where it is not known whether they were moved
	if err == nil {
		if rings() {
			s.bell.ring()
		}
		for org, all := range touches {
			s.board.tell(org, all.edits, all.many)
		}
	}
	return err
}
