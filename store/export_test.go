package store

import "context"

// Unspool is a step of Run.
func (s *Store) Unspool(ctx context.Context) (int, error) { return s.unspool(ctx) }
