package store

import "slices"

// flushPlacing keeps folders' counts, edges and bands true.
func (w *work) flushPlacing(r *record) error {
	was, is := r.old, r.placing()
	if r.fresh {
		was = placing{}
	}
	switch {
	case was.kept == 0 && is.kept != 0:
		w.m.kept++
	case was.kept != 0 && is.kept == 0:
		w.m.kept--
	}
	if was.banded != is.banded {
		if err := w.flushBands(r, was.print, is.banded); err != nil {
			return err
		}
	}
	sameFolder := was.counts == is.counts && was.folder == is.folder
	if !sameFolder {
		if was.counts {
			w.m.count(was.folder, -1)
		}
		if is.counts {
			w.m.count(is.folder, +1)
		}
	}
	if sameFolder && slices.Equal(was.edges, is.edges) {
		return nil
	}
	if was.counts && len(was.edges) > 0 {
		n := w.m.folder(was.folder).number
		for _, h := range was.edges {
			if err := w.exec(`DELETE FROM edge WHERE folder = $1 AND hash = $2 AND article = $3`, n, int64(h), int64(r.number)); err != nil {
				return err
			}
		}
	}
	if is.counts && len(is.edges) > 0 {
		n := w.m.folder(is.folder).number
		for _, h := range is.edges {
			if err := w.out.edges.add(w.ctx, n, int64(h), int64(r.number)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *work) flushBands(r *record, was uint64, in bool) error {
	if !in {
		w.m.vanished--
		return w.exec(`DELETE FROM band WHERE article = $1 AND bits IN ($2, $3, $4, $5)`, append([]any{int64(r.number)}, bands(was)...)...)
	}
	w.m.vanished++
	if r.print == 0 {
		return nil
	}
	for _, b := range bands(r.print) {
		if err := w.out.bands.add(w.ctx, b, int64(r.number)); err != nil {
			return err
		}
	}
	return nil
}

// bands are the four quarters of a fingerprint, each with its place: prints
// that differ in few bits share at least one.
func bands(print uint64) []any {
	var bs []any
	for i := range 4 {
		bs = append(bs, int64(i)<<16|int64(print>>(16*i)&0xffff))
	}
	return bs
}

func (w *work) saveFolders() error {
	for _, f := range w.m.counted {
		if err := w.exec(`INSERT INTO folder (number, path, files) VALUES ($1, $2, $3) ON CONFLICT (number) DO UPDATE SET files = excluded.files`, f.number, f.path, f.files); err != nil {
			return err
		}
		f.dirty = false
	}
	w.m.counted = nil
	return nil
}
