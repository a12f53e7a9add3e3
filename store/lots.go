package store

import (
	"context"
	"database/sql"
)

// pendingAtOnce is how many articles appear in one go; a first scan of many
// batches may leave more.
const pendingAtOnce = 4000

const pendings = `SELECT ` + columns + ` FROM article WHERE state = 0 AND appeared = 0 AND due <= $1`

// lots gives what is to appear after a first scan, in order of publication, a
// lot at a time: the next is read while the one before is being written.
type lots struct {
	next chan lot
	stop context.CancelFunc
}

type lot struct {
	list []*record
	err  error
}

// lotsAfter begins to read what comes after an article, all of which has been
// committed. Nobody else may write until stop.
func (s *Store) lotsAfter(ctx context.Context, last *record, now int64) (*lots, error) {
	db, err := s.reader()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	l := &lots{next: make(chan lot), stop: cancel}
	published, uri := last.published, last.uri
	go func() {
		for {
			list, err := readLot(ctx, db, pendings+` AND (published, uri) > ($2, $3) ORDER BY published, uri LIMIT $4`, now, published, uri, pendingAtOnce)
			select {
			case l.next <- lot{list, err}:
			case <-ctx.Done():
				return
			}
			if err != nil || len(list) < pendingAtOnce {
				return
			}
			published, uri = list[len(list)-1].published, list[len(list)-1].uri
		}
	}()
	return l, nil
}

func readLot(ctx context.Context, q querier, query string, args ...any) ([]*record, error) {
	var list []*record
	err := each(ctx, q, query, args, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		if err == nil {
			list = append(list, r)
		}
		return err
	})
	return list, err
}

// lot gives the next articles that are to appear.
func (w *work) lot() ([]*record, error) {
	var list []*record
	var err error
	if w.lots != nil {
		select {
		case l := <-w.lots.next:
			list, err = l.list, l.err
		case <-w.ctx.Done():
			return nil, w.ctx.Err()
		}
	} else {
		list, err = readLot(w.ctx, w.tx, pendings+` ORDER BY published, uri LIMIT $2`, w.now, pendingAtOnce)
	}
	for i, r := range list {
		list[i] = w.keep(r)
	}
	return list, err
}
