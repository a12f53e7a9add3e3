package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"feedwright/article"
)

// Spellings lists all spellings by ascending number.
func (s *Store) Spellings(ctx context.Context) ([]article.Spelling, error) {
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	var list []article.Spelling
	err = each(ctx, db, `SELECT number, kind, folded, name, slug FROM spelling WHERE slug NOT LIKE '#%' ORDER BY number`, nil, func(rows *sql.Rows) error {
		var sp article.Spelling
		if err := rows.Scan(&sp.Number, &sp.Kind, &sp.Folded, &sp.Name, &sp.Slug); err != nil {
			return err
		}
		list = append(list, sp)
		return nil
	})
	if err == nil {
		err = eachGiven(ctx, db, func(n article.SpellingNumber, t slugText) error {
			i, ok := slices.BinarySearchFunc(list, n, func(sp article.Spelling, n article.SpellingNumber) int { return cmp.Compare(sp.Number, n) })
			if ok {
				list[i].Former = append(list[i].Former, t.Slug)
			}
			return nil
		})
	}
	return list, s.eng.explain(err)
}

// Articles loads whole articles in the order asked, each as it was at the
// revision asked for: see article.Store.
func (s *Store) Articles(ctx context.Context, refs []article.Ref) ([]article.Article, error) {
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	// One transaction, or a batch between two queries could hide an article.
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, s.eng.explain(err)
	}
	defer tx.Rollback()
	numbers := make([]article.Number, len(refs))
	for i, r := range refs {
		numbers[i] = r.Number
	}
	lives, err := s.lives(ctx, tx, `a.number IN (%s)`, numbers)
	if err != nil {
		return nil, s.eng.explain(err)
	}
	newest := make(map[article.Number]*article.Article, len(lives))
	for i := range lives {
		newest[lives[i].Article.Number] = &lives[i].Article
	}
	list := make([]article.Article, 0, len(refs))
	for _, ref := range refs {
		a := newest[ref.Number]
		if a == nil {
			return nil, fmt.Errorf("article %d: %w", ref.Number, article.ErrNotFound)
		}
		if ref.Rev != (article.Hash{}) && ref.Rev != a.Revision.Hash {
			if a, err = s.formerFace(ctx, tx, ref); err != nil {
				return nil, s.eng.explain(err)
			}
		}
		list = append(list, *a)
	}
	return list, nil
}

// formerFace loads an article as it was shown until a change.
func (s *Store) formerFace(ctx context.Context, q querier, ref article.Ref) (*article.Article, error) {
	a := &article.Article{Number: ref.Number, Revision: article.Revision{Hash: ref.Rev}}
	var published, updated, revised int64
	var drops, raw []byte
	var fields, media string
	err := q.QueryRowContext(ctx, `SELECT f.uri, f.path, f.slug, f.published, f.updated, f.drops, r.number, r.at, r.markup, r.fields, r.media, r.raw
		FROM face f JOIN revision r ON r.number = f.revision WHERE f.article = $1 AND f.shown = $2 AND r.raw IS NOT NULL`, int64(ref.Number), ref.Rev[:]).
		Scan(&a.ID, &a.Path, &a.Slug, &published, &updated, &drops, &a.Revision.Number, &revised, &a.Markup, &fields, &media, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("article %d at revision %x: %w", ref.Number, ref.Rev, article.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	a.Published, a.Updated, a.Revision.At, a.Drop = at(published), at(updated), at(revised), unpackHashes(drops)
	if a.Body, err = s.inflate(raw); err != nil {
		return nil, fmt.Errorf("article %d: %w", ref.Number, err)
	}
	return a, errors.Join(json.Unmarshal([]byte(fields), &a.Fields), json.Unmarshal([]byte(media), &a.Media))
}

// lives loads articles with their newest revision.
func (s *Store) lives(ctx context.Context, q querier, where string, numbers []article.Number) ([]article.Life, error) {
	var list []article.Life
	err := eachOf(ctx, s.eng, q, `SELECT `+prefixed("a", columns)+`, coalesce(r.at, 0), coalesce(r.markup, ''), coalesce(r.fields, ''), coalesce(r.media, ''), coalesce(r.trace, ''), r.raw
		FROM article a LEFT JOIN revision r ON r.number = a.revision WHERE `+where, numbers, func(rows *sql.Rows) error {
		l, err := s.scanLife(rows)
		if err == nil {
			list = append(list, l)
		}
		return err
	})
	return list, err
}

// prefixed puts a table's alias before each column.
func prefixed(alias, columns string) string {
	cols := strings.Split(columns, ",")
	for i, c := range cols {
		cols[i] = alias + "." + strings.TrimSpace(c)
	}
	return strings.Join(cols, ", ")
}

func (s *Store) scanLife(rows *sql.Rows) (article.Life, error) {
	var revised int64
	var markup, fields, media, trace string
	var raw []byte
	r, err := scanRecord(rows, &revised, &markup, &fields, &media, &trace, &raw)
	if err != nil {
		return article.Life{}, err
	}
	l := article.Life{
		Article: article.Article{
			Number: r.number, ID: r.uri, Slug: r.slug, Path: r.path, Published: at(r.published), Updated: at(r.updated),
			Revision: article.Revision{Number: r.revision, Hash: r.shown, At: at(revised)},
			Fields:   article.Fields{Title: r.title}, Markup: article.Markup(markup), Drop: r.drops,
		},
		State: r.state, FirstSeen: at(r.firstSeen), DateFrom: r.dateFrom, IDFrom: r.uriFrom,
		Due: at(r.due), Appeared: r.appeared, Expires: at(r.expires),
	}
	for text, dest := range map[string]any{fields: &l.Article.Fields, media: &l.Article.Media, trace: &l.Trace} {
		if text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(text), dest); err != nil {
			return article.Life{}, fmt.Errorf("article %d: %w", r.number, err)
		}
	}
	if l.Article.Body, err = s.inflate(raw); err != nil {
		return article.Life{}, fmt.Errorf("article %d: %w", r.number, err)
	}
	return l, nil
}

// BySlug finds an article by a slug it has or had: see article.Store.
func (s *Store) BySlug(ctx context.Context, slug string) (article.Entry, string, error) {
	db, err := s.reader()
	if err != nil {
		return article.Entry{}, "", err
	}
	r, err := scanRecord(db.QueryRowContext(ctx, `SELECT `+prefixed("a", columns)+` FROM slug s JOIN article a ON a.number = s.article WHERE s.slug = $1`, slug))
	if errors.Is(err, sql.ErrNoRows) {
		return article.Entry{}, "", fmt.Errorf("article %q: %w", slug, article.ErrNotFound)
	}
	if err != nil {
		return article.Entry{}, "", s.eng.explain(err)
	}
	return *r.entry(), r.slug, nil
}

// ByPath finds the articles a file holds or held, newest first. No article is
// no error.
func (s *Store) ByPath(ctx context.Context, path string) ([]article.Life, error) {
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	var numbers []article.Number
	err = each(ctx, db, `SELECT article FROM trail WHERE path = $1 ORDER BY article DESC`, []any{path}, func(rows *sql.Rows) error {
		var n article.Number
		err := rows.Scan(&n)
		numbers = append(numbers, n)
		return err
	})
	if err != nil {
		return nil, s.eng.explain(err)
	}
	found, err := s.lives(ctx, db, `a.number IN (%s) ORDER BY a.number DESC`, numbers)
	if err != nil {
		return nil, s.eng.explain(err)
	}
	for i := range found {
		if found[i].Revisions, err = s.revisions(ctx, db, found[i].Article.Number); err != nil {
			return nil, s.eng.explain(err)
		}
	}
	return found, nil
}

// revisions lists an article's revisions, newest first; their hashes are of the
// content alone.
func (s *Store) revisions(ctx context.Context, q querier, n article.Number) ([]article.Revision, error) {
	var list []article.Revision
	err := each(ctx, q, `SELECT number, hash, at FROM revision WHERE article = $1 ORDER BY number DESC`, []any{int64(n)}, func(rows *sql.Rows) error {
		var r article.Revision
		var hash []byte
		var t int64
		if err := rows.Scan(&r.Number, &hash, &t); err != nil {
			return err
		}
		copy(r.Hash[:], hash)
		r.At = at(t)
		list = append(list, r)
		return nil
	})
	return list, err
}

// MediaOwners finds the articles whose newest revision names a local file, with
// the file's facts; ErrNotFound if none does.
func (s *Store) MediaOwners(ctx context.Context, path string) ([]article.Number, article.Media, error) {
	db, err := s.reader()
	if err != nil {
		return nil, article.Media{}, err
	}
	var owners []article.Number
	var facts string
	err = each(ctx, db, `SELECT m.article, m.facts FROM article_media m JOIN article a ON a.number = m.article WHERE m.path = $1 ORDER BY a.revision`, []any{path}, func(rows *sql.Rows) error {
		var n article.Number
		err := rows.Scan(&n, &facts) // the newest revision's reading is the last
		owners = append(owners, n)
		return err
	})
	var m article.Media
	switch {
	case err != nil:
		return nil, m, s.eng.explain(err)
	case len(owners) == 0:
		return nil, m, fmt.Errorf("media %s: %w", path, article.ErrNotFound)
	}
	if err := json.Unmarshal([]byte(facts), &m); err != nil {
		return nil, m, fmt.Errorf("media %s: %w", path, err)
	}
	return owners, m, nil
}

// LastEdition is the instant of the newest batch that touched anything.
func (s *Store) LastEdition(ctx context.Context) (time.Time, error) {
	db, err := s.reader()
	if err != nil {
		return time.Time{}, err
	}
	m := new(memory)
	if err := m.loadMeta(ctx, db); err != nil {
		return time.Time{}, s.eng.explain(err)
	}
	return at(m.edition), nil
}
