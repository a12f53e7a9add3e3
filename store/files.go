package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"feedwright/article"
)

const fileColumns = `path, size, mtime, inode, hash, fault`

func scanFile(rows scanner, more ...any) (*article.FileState, error) {
	f := new(article.FileState)
	var hash []byte
	var inode int64
	var fault string
	if err := rows.Scan(append([]any{&f.Path, &f.Stat.Size, &f.Stat.ModTime, &inode, &hash, &fault}, more...)...); err != nil {
		return nil, err
	}
	f.Stat.Inode = uint64(inode)
	copy(f.Stat.Hash[:], hash)
	if fault != "" {
		f.Fault = new(article.Fault)
		if err := json.Unmarshal([]byte(fault), f.Fault); err != nil {
			return nil, fmt.Errorf("file %s: fault: %w", f.Path, err)
		}
	}
	return f, nil
}

// Files calls yield for every file remembered, by path.
func (s *Store) Files(ctx context.Context, yield func(article.FileState) error) error {
	db, err := s.reader()
	if err != nil {
		return err
	}
	// One transaction: what the three queries say is of one batch.
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s.eng.explain(err)
	}
	defer tx.Rollback()
	media, err := mediaNamed(ctx, tx)
	if err != nil {
		return s.eng.explain(err)
	}
	faults := map[string]*article.Fault{} // of few files
	err = eachFault(ctx, tx, func(f *article.FileState) { faults[f.Path] = f.Fault })
	if err != nil {
		return s.eng.explain(err)
	}
	// Every start waits for this, so nothing is read that most files lack.
	var path string
	var size, modified, inode integer
	var hash sql.RawBytes
	dest := []any{&path, &size, &modified, &inode, &hash}
	return s.eng.explain(each(ctx, tx, `SELECT path, size, mtime, inode, hash FROM file ORDER BY path`, nil, func(rows *sql.Rows) error {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		f := article.FileState{Path: path, Stat: article.FileStat{Size: int64(size), ModTime: int64(modified), Inode: uint64(inode)}, Fault: faults[path], Media: media[path]}
		copy(f.Stat.Hash[:], hash)
		return yield(f)
	}))
}

// mediaNamed gives the local files that articles name, by the article's path; few
// name any.
func mediaNamed(ctx context.Context, q querier) (map[string][]string, error) {
	media := map[string][]string{}
	return media, each(ctx, q, `SELECT a.path, m.path FROM article_media m JOIN article a ON a.number = m.article WHERE a.state <> 2 ORDER BY m.path`, nil, func(rows *sql.Rows) error {
		var of, named string
		if err := rows.Scan(&of, &named); err != nil {
			return err
		}
		if list := media[of]; len(list) == 0 || list[len(list)-1] != named {
			media[of] = append(list, named)
		}
		return nil
	})
}

// eachFault gives every file that has a fault, by path.
func eachFault(ctx context.Context, q querier, yield func(*article.FileState)) error {
	return each(ctx, q, `SELECT `+fileColumns+` FROM file WHERE fault <> '' ORDER BY path`, nil, func(rows *sql.Rows) error {
		f, err := scanFile(rows)
		if err == nil {
			yield(f)
		}
		return err
	})
}

// Faults lists what is wrong with the files remembered, by path.
func (s *Store) Faults(ctx context.Context) ([]article.Fault, error) {
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	var list []article.Fault
	err = eachFault(ctx, db, func(f *article.FileState) { list = append(list, *f.Fault) })
	return list, s.eng.explain(err)
}
