package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// metaAssigned begins the names in the table meta of what was assigned once and
// stays: the database and the ledger's copy keep it.
const metaAssigned = "assigned "

// assignedText is the ledger's line of it.
type assignedText struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Assign keeps a value under a key for ever, in the ledger's copy too, and gives
// the one that is kept: the first one, if the key has a value already. A store
// that is open for reading only keeps nothing.
func (s *Store) Assign(ctx context.Context, key, value string) (string, error) {
	if kept, err := s.Assigned(ctx, key); err != nil || kept != "" || s.opt.ReadOnly {
		return cmp.Or(kept, value), err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.writing(ctx, func(tx *sql.Tx) error { return assign(ctx, tx, assignedText{key, value}) }); err != nil {
		return value, fmt.Errorf("assign %s: %w", key, err)
	}
	s.extendLedger(ctx, []line{encodeLine(ledgerLine{Assigned: &assignedText{key, value}})})
	return value, nil
}

func assign(ctx context.Context, tx *sql.Tx, t assignedText) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, metaAssigned+t.Key, t.Value)
	return err
}

// Assigned gives what Assign kept under a key, "" if nothing.
func (s *Store) Assigned(ctx context.Context, key string) (string, error) {
	db, err := s.reader()
	if err != nil {
		return "", err
	}
	var value string
	err = db.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = $1`, metaAssigned+key).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", s.eng.explain(fmt.Errorf("recall %s: %w", key, err))
	}
	return value, nil
}

// assignedLines yields all of it, for the ledger's copy.
func (s *Store) assignedLines(ctx context.Context, yield func(line) error) error {
	return each(ctx, s.read, `SELECT name, value FROM meta WHERE substr(name, 1, $1) = $2 ORDER BY name`, []any{len(metaAssigned), metaAssigned}, func(rows *sql.Rows) error {
		var name string
		var t assignedText
		if err := rows.Scan(&name, &t.Value); err != nil {
			return err
		}
		t.Key = strings.TrimPrefix(name, metaAssigned)
		return yield(encodeLine(ledgerLine{Assigned: &t}))
	})
}

// assigned adopts what the ledger's copy keeps. Of two values of a key, which
// two branches of the copy may have, the first one stays.
func (in *adoption) assigned(list []assignedText) error {
	for _, t := range list {
		if t.Key == "" || t.Value == "" {
			continue
		}
		if err := assign(in.ctx, in.tx, t); err != nil {
			return err
		}
	}
	return nil
}
