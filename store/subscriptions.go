package store

import (
	"context"
	"database/sql"
	"fmt"

	"feedwright/hub"
)

var _ hub.Store = (*Store)(nil)

// Subscriptions lists the hub's subscriptions: see hub.Store.
func (s *Store) Subscriptions(ctx context.Context) ([]hub.Subscription, error) {
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	var list []hub.Subscription
	err = each(ctx, db, `SELECT topic, callback, asked, secret, expires, delivered, tries, next FROM subscription ORDER BY topic, callback`, nil, func(rows *sql.Rows) error {
		var x hub.Subscription
		var expires, next int64
		if err := rows.Scan(&x.Topic, &x.Callback, &x.Asked, &x.Secret, &expires, &x.Delivered, &x.Tries, &next); err != nil {
			return err
		}
		x.Expires, x.Next = at(expires), at(next)
		list = append(list, x)
		return nil
	})
	if err != nil {
		return nil, s.eng.explain(fmt.Errorf("read subscriptions: %w", err))
	}
	return list, nil
}

// SaveSubscriptions writes subscriptions and drops others: see hub.Store. Of two
// of one Key the last stands.
func (s *Store) SaveSubscriptions(ctx context.Context, put []hub.Subscription, drop []hub.Key) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.writing(ctx, func(tx *sql.Tx) error {
		// A statement each: of two of one Key the last stands.
		in, err := tx.PrepareContext(ctx, `INSERT INTO subscription (topic, callback, asked, secret, expires, delivered, tries, next)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (topic, callback) DO UPDATE SET asked = excluded.asked, secret = excluded.secret, expires = excluded.expires,
				delivered = excluded.delivered, tries = excluded.tries, next = excluded.next`)
		if err != nil {
			return err
		}
		defer in.Close()
		for i := range put {
			x := &put[i]
			if _, err := in.ExecContext(ctx, x.Topic, x.Callback, x.Asked, x.Secret, ms(x.Expires), x.Delivered, x.Tries, ms(x.Next)); err != nil {
				return err
			}
		}
		for _, k := range drop {
			if _, err := tx.ExecContext(ctx, `DELETE FROM subscription WHERE topic = $1 AND callback = $2`, k.Topic, k.Callback); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write subscriptions: %w", err)
	}
	return nil
}
