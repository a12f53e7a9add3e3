package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// bulk gathers rows for one table and writes many in one statement: a batch of
// a thousand new articles then costs dozens of statements, not ten thousand.
type bulk struct {
	tx         *sql.Tx
	mark       func(int) string
	table      string
	head, tail string
	cols       int
	parent     *bulk // written before it: its rows refer to the parent's
	args       []any
	stmt       *sql.Stmt
}

// perStatement is how many values one statement carries at most; engines allow
// 32,766 (SQLite) and 65,535 (PostgreSQL).
const perStatement = 1000

func newBulk(tx *sql.Tx, mark func(int) string, table, columns, tail string) *bulk {
	return &bulk{tx: tx, mark: mark, table: table, head: "INSERT INTO " + table + " (" + columns + ") VALUES ", tail: " " + tail, cols: strings.Count(columns, ",") + 1}
}

func (b *bulk) add(ctx context.Context, args ...any) error {
	if len(args) != b.cols {
		return fmt.Errorf("write %s: %d values for %d columns", b.table, len(args), b.cols)
	}
	b.args = append(b.args, args...)
	if len(b.args) < b.full() {
		return nil
	}
	if err := b.parents(ctx); err != nil {
		return err
	}
	if b.stmt == nil {
		var err error
		if b.stmt, err = b.tx.PrepareContext(ctx, b.text(b.full()/b.cols)); err != nil {
			return fmt.Errorf("write %s: %w", b.table, err)
		}
	}
	if _, err := b.stmt.ExecContext(ctx, b.args...); err != nil {
		return fmt.Errorf("write %s: %w", b.table, err)
	}
	b.args = b.args[:0]
	return nil
}

func (b *bulk) parents(ctx context.Context) error {
	if b.parent == nil {
		return nil
	}
	return b.parent.flush(ctx)
}

func (b *bulk) full() int { return max(1, perStatement/b.cols) * b.cols }

// flush writes what is left.
func (b *bulk) flush(ctx context.Context) error {
	if len(b.args) == 0 {
		return nil
	}
	if err := b.parents(ctx); err != nil {
		return err
	}
	if _, err := b.tx.ExecContext(ctx, b.text(len(b.args)/b.cols), b.args...); err != nil {
		return fmt.Errorf("write %s: %w", b.table, err)
	}
	b.args = b.args[:0]
	return nil
}

func (b *bulk) text(rows int) string {
	var s strings.Builder
	s.WriteString(b.head)
	n := 0
	for r := range rows {
		if r > 0 {
			s.WriteByte(',')
		}
		s.WriteByte('(')
		for c := range b.cols {
			if c > 0 {
				s.WriteByte(',')
			}
			n++
			s.WriteString(b.mark(n))
		}
		s.WriteByte(')')
	}
	s.WriteString(b.tail)
	return s.String()
}

// querier is a transaction or a database.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// each runs a query and hands every row to f. The rows are closed when it
// returns.
func each(ctx context.Context, q querier, query string, args []any, f func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// eachOf is each for a set of keys of any size: %s in the query becomes a list
// of parameters, in as many rounds as needed.
func eachOf[K any](ctx context.Context, eng engine, q querier, query string, keys []K, f func(*sql.Rows) error) error {
	const round = 500
	for len(keys) > 0 {
		n := min(round, len(keys))
		args := make([]any, n)
		var list strings.Builder
		for i, k := range keys[:n] {
			args[i] = k
			if i > 0 {
				list.WriteByte(',')
			}
			list.WriteString(eng.mark(i + 1))
		}
		if err := each(ctx, q, fmt.Sprintf(query, list.String()), args, f); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}
