package store

import (
	"context"
	"strings"
)

// Unspool is a step of Run.
func (s *Store) Unspool(ctx context.Context) (int, error) { return s.unspool(ctx) }

// Warm makes what all stores share: made inside one test's bubble, it would
// belong to that.
func Warm() error {
	_, err := (&Store{}).inflate(deflate(strings.Repeat("a", minPacked)))
	return err
}
