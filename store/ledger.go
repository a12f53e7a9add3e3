package store

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"feedwright/article"
)

// ledger is the text copy of what must outlive the database: JSON lines,
// appended at each commit and rewritten in path order now and then, so that git
// can merge it.
type ledger struct {
	path    string
	log     *slog.Logger
	behind  bool     // it lacks lines: the next writing rewrites it whole
	foreign bool     // it is another site's, and never written
	trouble string   // why it cannot be written, a sentence
	notes   []string // what was odd when it was read
	size    int64    // as last written
	time    int64    // its modification time then, Unix nanoseconds
	whole   int64    // size after the last rewriting
	read    int      // articles read from it at Open
	unsure  int64    // what was written up to this sequence may not be on the disk yet; 0 if all is
}

// tmpSuffix is that of the file a rewriting goes to before it takes the name.
const tmpSuffix = ".tmp"

// maxLine bounds a line of the copy.
const maxLine = 1 << 20

func (l *ledger) sentence() string {
	s := "The ledger's text copy is " + l.path + ": keep it with the articles."
	switch {
	case l.trouble != "":
		s = l.trouble
	case l.read > 0:
		s = fmt.Sprintf("%d articles were known from the ledger's text copy %s.", l.read, l.path)
	}
	if len(l.notes) > 0 {
		s += " " + strings.Join(l.notes, " ")
	}
	return s
}

// real follows links, so that a rewriting does not replace a link.
func (l *ledger) real() string {
	if p, err := filepath.EvalSymlinks(l.path); err == nil {
		return p
	}
	return l.path
}

// stat is the size and time of the copy; -1 and 0 if it is not there.
func (l *ledger) stat() (size, time int64) {
	info, err := os.Stat(l.path)
	if err != nil {
		return -1, 0
	}
	return info.Size(), info.ModTime().UnixNano()
}

func (l *ledger) statSize() int64 {
	size, _ := l.stat()
	return size
}

// append adds lines at the end. That they are on the disk is seen to by sync.
func (l *ledger) append(lines []line) error {
	f, err := os.OpenFile(l.real(), os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	err = errors.Join(appendTo(f, lines), f.Close())
	l.size, l.time = l.stat()
	return err
}

func appendTo(f *os.File, lines []line) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if n := info.Size(); n > 0 { // a torn last line must not swallow the next
		var last [1]byte
		if _, err := f.ReadAt(last[:], n-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			b.WriteByte('\n')
		}
	}
	for _, l := range lines {
		b.Write(l)
		b.WriteByte('\n')
	}
	_, err = f.Write(b.Bytes())
	return err
}

// syncLedger waits until what was appended to the copy is on the disk. That can
// take as long as the disk likes, so no batch waits for it: until then the
// database does not count the lines as written, and an Open after a power cut
// writes them again.
func (s *Store) syncLedger() {
	s.mu.Lock()
	l := s.ledger
	if l == nil || l.unsure == 0 {
		s.mu.Unlock()
		return
	}
	upto, name := l.unsure, l.real()
	l.unsure = 0
	s.mu.Unlock()
	err := syncFile(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		l.behind = true
		l.log.Warn("the ledger's text copy may not be on the disk; it is written anew with the next change", "path", l.path, "err", err)
	case s.mem != nil:
		s.mem.ledgered = max(s.mem.ledgered, upto)
	}
}

// syncFile waits until a file is on the disk, whoever wrote it.
func syncFile(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// rewrite replaces the copy by what all yields: written beside it, synced, then
// renamed.
func (l *ledger) rewrite(all func(yield func(line) error) error) error {
	name := l.real()
	tmp := name + tmpSuffix
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<16)
	var size int64
	err = all(func(l line) error {
		size += int64(len(l)) + 1
		b.Write(l) // bufio keeps the first error for Flush
		return b.WriteByte('\n')
	})
	if err = errors.Join(err, b.Flush()); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(tmp, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	l.whole, l.behind = size, false
	l.size, l.time = l.stat()
	if d, err := os.Open(filepath.Dir(name)); err == nil {
		_ = d.Sync() // not every file system can; the rename itself is done
		return d.Close()
	}
	return nil
}

// extendLedger brings the copy up to date after a commit. That it cannot is no
// reason to stop: it is said once, and made good when it can be.
func (s *Store) extendLedger(ctx context.Context, lines []line) {
	l := s.ledger
	if l == nil || l.foreign || len(lines) == 0 && !l.behind {
		return
	}
	ctx = context.WithoutCancel(ctx) // what is committed is to be copied
	var err error
	if l.behind || l.statSize() < 0 {
		err = s.rewriteLedger(ctx)
	} else {
		err = l.append(lines)
	}
	if err != nil {
		l.behind = true
		sentence := fmt.Sprintf("The ledger's text copy %s cannot be written (%v): make it writable, or set store.ledger to another place; articles are published all the same.", l.path, err)
		if l.trouble == "" {
			l.log.Warn(sentence)
		}
		l.trouble = sentence
		return
	}
	if l.trouble != "" {
		l.log.Info("the ledger's text copy is whole again", "path", l.path)
		l.trouble = ""
	}
	if s.mem != nil {
		l.unsure = s.mem.sequence
	}
}

// rewriteLedger writes the copy anew from the database, in path order.
func (s *Store) rewriteLedger(ctx context.Context) error {
	return s.ledger.rewrite(func(yield func(line) error) error {
		if err := yield(headerLine(s.site)); err != nil {
			return err
		}
		if err := s.spellingLines(ctx, 0, yield); err != nil {
			return err
		}
		if err := errors.Join(s.givenLines(ctx, yield), s.assignedLines(ctx, yield), s.feedDateLines(ctx, yield)); err != nil {
			return err
		}
		if err := s.paragraphLines(ctx, yield); err != nil {
			return err
		}
		if err := s.cutLines(ctx, 0, yield); err != nil {
			return err
		}
		return s.articleLines(ctx, yield)
	})
}

func (s *Store) spellingLines(ctx context.Context, after int64, yield func(line) error) error {
	return each(ctx, s.read, `SELECT number, kind, name, slug FROM spelling WHERE number > $1 AND slug NOT LIKE '#%' ORDER BY number`, []any{after}, func(rows *sql.Rows) error {
		var sp article.Spelling
		if err := rows.Scan(&sp.Number, &sp.Kind, &sp.Name, &sp.Slug); err != nil {
			return err
		}
		return yield(spellingLine(sp))
	})
}

func (s *Store) givenLines(ctx context.Context, yield func(line) error) error {
	return eachGiven(ctx, s.read, func(_ article.SpellingNumber, t slugText) error { return yield(slugLine(t)) })
}

func (s *Store) paragraphLines(ctx context.Context, yield func(line) error) error {
	return each(ctx, s.read, `SELECT f.path, p.hash, p.text FROM paragraph p JOIN folder f ON f.number = p.folder ORDER BY f.path, p.hash`, nil, func(rows *sql.Rows) error {
		var folder, text string
		var hash int64
		if err := rows.Scan(&folder, &hash, &text); err != nil {
			return err
		}
		return yield(paragraphLine(folder, uint64(hash), text))
	})
}

// articleLines yields all articles with their former paths and slugs.
func (s *Store) articleLines(ctx context.Context, yield func(line) error) error {
	paths, err := s.former(ctx, `SELECT t.article, t.path FROM trail t JOIN article a ON a.number = t.article WHERE t.path <> a.path ORDER BY t.path`)
	if err != nil {
		return err
	}
	slugs, err := s.former(ctx, `SELECT g.article, g.slug FROM slug g JOIN article a ON a.number = g.article WHERE g.slug <> a.slug ORDER BY g.slug`)
	if err != nil {
		return err
	}
	return each(ctx, s.read, `SELECT `+columns+` FROM article ORDER BY path, part, number`, nil, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		if err != nil {
			return err
		}
		t := textOf(r)
		t.Paths, t.Slugs = paths[r.number], slugs[r.number]
		return yield(encodeLine(t))
	})
}

func (s *Store) former(ctx context.Context, query string) (map[article.Number][]string, error) {
	m := map[article.Number][]string{}
	err := each(ctx, s.read, query, nil, func(rows *sql.Rows) error {
		var n article.Number
		var name string
		err := rows.Scan(&n, &name)
		m[n] = append(m[n], name)
		return err
	})
	return m, err
}

// settleLedger rewrites the copy if it has doubled, and notes how far it goes.
func (s *Store) settleLedger(ctx context.Context) error {
	l := s.ledger
	if l.foreign {
		return nil
	}
	if l.behind || l.statSize() > 2*l.whole {
		if err := s.rewriteLedger(ctx); err != nil {
			l.log.Warn("the ledger's text copy could not be put in order", "path", l.path, "error", err)
			return nil
		}
		if s.mem != nil {
			s.mem.ledgered = s.mem.sequence
		}
	} else if l.unsure != 0 {
		if err := syncFile(l.real()); err != nil {
			l.log.Warn("the ledger's text copy may not be on the disk", "path", l.path, "err", err)
			return nil
		}
		if s.mem != nil {
			s.mem.ledgered = max(s.mem.ledgered, l.unsure)
		}
	}
	l.unsure = 0
	return s.writing(ctx, func(tx *sql.Tx) error {
		values := map[string]int64{metaLedgerSize: l.size, metaLedgerTime: l.time, metaLedgerWhole: l.whole}
		if s.mem != nil {
			values[metaLedgered] = s.mem.ledgered
		}
		return saveMeta(ctx, tx, values)
	})
}
