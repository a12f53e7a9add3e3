package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"feedwright/article"
)

// Words finds articles by their words: see article.Store.
func (s *Store) Words(ctx context.Context, p article.Phrase, title, named bool) ([]article.Number, error) {
	if len(p.Tokens) == 0 {
		return nil, nil
	}
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	// One transaction: what leaves the list of those that wait is in the index.
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, s.eng.explain(err)
	}
	defer tx.Rollback()
	due, err := numbers(ctx, tx, `SELECT article FROM words_due ORDER BY article LIMIT $1`, maxDue+1)
	if err != nil {
		return nil, s.eng.explain(err)
	}
	if len(due) > maxDue {
		return nil, fmt.Errorf("look for words: %w", article.ErrUnready)
	}
	var last article.Number
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM article`).Scan(&last); err != nil {
		return nil, s.eng.explain(err)
	}
	found := newNumberSet(last)
	err = s.indexed(ctx, tx, "words", p, title, found)
	if err == nil && named {
		err = s.indexed(ctx, tx, "words_named", p, title, found)
	}
	if err != nil {
		return nil, s.eng.explain(fmt.Errorf("look for words: %w", err))
	}
	if len(due) > 0 {
		for _, n := range due {
			found.remove(uint64(n))
		}
		more, err := s.leaf(ctx, tx, due, p, title, named)
		if err != nil {
			return nil, s.eng.explain(err)
		}
		for _, n := range more {
			found.add(uint64(n))
		}
	}
	return found.numbers(), nil
}

// indexed asks an index for a phrase: its lists themselves where they can be
// read, else the database. The latter is also for phrases that are open at their
// end, which are many lists.
func (s *Store) indexed(ctx context.Context, tx *sql.Tx, table string, p article.Phrase, title bool, into numberSet) error {
	x := &wordIndex{ctx: ctx, tx: tx, table: table, last: article.Number(64*len(into) - 1)}
	found := make(numberSet, len(into))
	err := errUnknownIndex
	if !p.Open {
		if err = x.find(p, title, found); errors.Is(err, errUnknownIndex) {
			s.strange.Do(func() { s.opt.Log.Warn("common words take longer to look up than they should", "err", err) })
		}
	}
	if errors.Is(err, errUnknownIndex) {
		clear(found)
		err = x.match(p, title, found)
	}
	for i := range found {
		into[i] |= found[i]
	}
	return err
}

// match has the database look for a phrase, and join the numbers: a row each
// would take ten times as long.
func (x *wordIndex) match(p article.Phrase, title bool, into numberSet) error {
	match := `"` + strings.Join(p.Tokens, " ") + `"` // tokens hold no quotation marks
	if p.Open {
		match += " *"
	}
	if title {
		match = "title : " + match
	}
	for first := int64(0); first <= int64(x.last); first += rowsAtOnce {
		var joined sql.NullString
		err := x.tx.QueryRowContext(x.ctx, `SELECT group_concat(rowid) FROM `+x.table+` WHERE `+x.table+` MATCH $1 AND rowid BETWEEN $2 AND $3`,
			match, first, first+rowsAtOnce-1).Scan(&joined)
		if err != nil {
			return err
		}
		for n := range strings.SplitSeq(joined.String, ",") {
			if v, err := strconv.ParseUint(n, 10, 32); err == nil {
				into.add(v)
			}
		}
	}
	return nil
}

// leaf looks through the articles that wait for the index.
func (s *Store) leaf(ctx context.Context, q querier, due []article.Number, p article.Phrase, title, named bool) ([]article.Number, error) {
	var found, unknown []article.Number
	look := func(n article.Number, public bool, t article.Text) {
		if (public || named) && t.Holds(p, title) {
			found = append(found, n)
		}
	}
	err := eachOf(ctx, s.eng, q, `SELECT number, shown, feeds FROM article WHERE state = 0 AND appeared <> 0 AND number IN (%s)`, due, func(rows *sql.Rows) error {
		var n article.Number
		var shown []byte
		var feeds string
		if err := rows.Scan(&n, &shown, &feeds); err != nil {
			return err
		}
		var rev article.Hash
		copy(rev[:], shown)
		if t, ok := s.unindexed.get(n, rev); ok {
			look(n, feeds == "", t)
		} else {
			unknown = append(unknown, n)
		}
		return nil
	})
	for len(unknown) > 0 && err == nil {
		var list []indexing
		some := unknown[:min(indexAtOnce, len(unknown))]
		unknown = unknown[len(some):]
		list, err = s.texts(ctx, q, some)
		for _, x := range list {
			s.unindexed.put(x.number, waiting{x.rev, x.text})
			look(x.number, x.public, x.text)
		}
	}
	return found, err
}
