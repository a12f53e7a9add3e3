package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"feedwright/article"
)

// Further names in the table meta: the copy's size and time when it was last
// written, and its size when it was last rewritten.
const (
	metaLedgerSize  = "ledger_size"
	metaLedgerTime  = "ledger_time"
	metaLedgerWhole = "ledger_whole"
)

// restore settles the site and makes database and text copy agree: a new
// database learns from the copy, as does an old one beside a copy that somebody
// else has changed (a merge, say); a copy that lacks the last commits, because
// the process was killed, gets them.
func (s *Store) restore(ctx context.Context) error {
	m, err := loadMemory(ctx, s.read)
	if err != nil {
		return s.eng.explain(fmt.Errorf("read the ledger: %w", err))
	}
	var text *ledgerText
	if s.ledger != nil {
		if text, err = s.readCopy(ctx); err != nil {
			return err
		}
	}
	copied := ""
	if text != nil {
		copied = text.site
	}
	if err := s.resolveSite(ctx, copied); err != nil {
		return err
	}
	if text != nil {
		if err := s.adoptCopy(ctx, text); err != nil {
			return err
		}
	}
	if s.mem, err = loadMemory(ctx, s.read); err != nil {
		return s.eng.explain(fmt.Errorf("read the ledger: %w", err))
	}
	if s.ledger != nil {
		s.mendCopy(ctx, m.ledgered)
	}
	return nil
}

// readCopy reads the text copy if there is anything new in it; nil if not.
func (s *Store) readCopy(ctx context.Context) (*ledgerText, error) {
	l := s.ledger
	for name, dest := range map[string]*int64{metaLedgerSize: &l.size, metaLedgerTime: &l.time, metaLedgerWhole: &l.whole} {
		err := s.read.QueryRowContext(ctx, `SELECT CAST(value AS bigint) FROM meta WHERE name = $1`, name).Scan(dest)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, s.eng.explain(err)
		}
	}
	size, time := l.stat()
	if size < 0 || !s.fresh && size == l.size && time == l.time {
		return nil, nil
	}
	text, err := readLedger(l.path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if s.fresh {
			return nil, fmt.Errorf("the ledger's text copy %s cannot be read, and the database is new, so all ids would be new: make it readable, or set store.ledger to another place: %w", l.path, err)
		}
		l.log.Warn("the ledger's text copy cannot be read: the database is used", "path", l.path, "error", err)
		return nil, nil
	}
	l.judge(text)
	return text, nil
}

// judge notes, for people, what is odd in a copy.
func (l *ledger) judge(t *ledgerText) {
	note := func(format string, args ...any) {
		l.notes = append(l.notes, fmt.Sprintf(format, args...))
		l.log.Warn(l.notes[len(l.notes)-1], "path", l.path)
	}
	if t.conflicts > 0 {
		note("It holds the marks of a merge that was not finished; both sides were read, the later line of an article won, and the marks will go when it is next put in order.")
	}
	if len(t.bad) > 0 {
		note("%d lines of it could not be read and were left out (%s).", len(t.bad), t.bad[0])
	}
	if t.torn {
		note("Its last line is cut off and was left out.")
	}
	if t.conflicts > 0 || len(t.bad) > 0 || t.torn {
		l.whole = 0 // put it in order soon
	}
}

// adoptCopy takes into the database what it does not know.
func (s *Store) adoptCopy(ctx context.Context, t *ledgerText) error {
	if !s.fresh && t.site != "" && t.site != s.site && t.site != s.formerSite {
		s.ledger.foreign = true
		s.ledger.trouble = fmt.Sprintf("The ledger's text copy %s is that of another site (%s) and is left alone: set store.ledger to another place.", s.ledger.path, t.site)
		s.opt.Log.Warn(s.ledger.trouble)
		return nil
	}
	return s.writing(ctx, func(tx *sql.Tx) error {
		in := &adoption{ctx: ctx, s: s, tx: tx, out: newWriters(tx, s.eng), slugs: map[string]bool{}, numbers: map[article.Number]bool{}, appeared: map[uint32]bool{}}
		if err := in.spellings(t.spellings); err != nil {
			return err
		}
		if err := errors.Join(in.meanings(t.spellings), in.cuts(t.cuts), in.assigned(t.assigned), in.feedDates(t.feedDates)); err != nil {
			return err
		}
		if err := in.given(t.given); err != nil {
			return err
		}
		if err := in.paragraphs(t.paragraphs); err != nil {
			return err
		}
		n, err := in.articles(t.articles)
		s.ledger.read = n
		return err
	})
}

// adoption is one reading of a copy into the database.
type adoption struct {
	ctx      context.Context
	s        *Store
	tx       *sql.Tx
	out      writers
	slugs    map[string]bool
	numbers  map[article.Number]bool
	appeared map[uint32]bool
	lastNo   article.Number
	lastRank uint32
	terms    map[article.SpellingNumber]article.SpellingNumber // by the copy's own numbers
}

func (in *adoption) spellings(list []spellingText) error {
	m, err := loadMemory(in.ctx, in.tx)
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b spellingText) int { return cmp.Compare(a.Number, b.Number) })
	for _, t := range list {
		sp := article.Spelling{Kind: t.Kind, Name: article.Line(t.Name), Folded: article.Fold(t.Name), Slug: t.Slug}
		key := spellingKey{sp.Kind, sp.Folded}
		if sp.Folded == "" || !slices.Contains(article.Kinds, sp.Kind) || m.spellings[key] != 0 {
			continue
		}
		sp.Number = article.SpellingNumber(len(m.spellings) + 1)
		if sp.Slug == "" || m.slugs[spellingKey{sp.Kind, sp.Slug}] {
			sp.Slug = m.spellingSlug(sp)
		}
		m.know(sp)
		if err := in.out.spellings.add(in.ctx, int64(sp.Number), string(sp.Kind), sp.Folded, sp.Name, sp.Slug); err != nil {
			return err
		}
	}
	return in.out.spellings.flush(in.ctx)
}

func (in *adoption) paragraphs(list []paragraphText) error {
	m, err := loadMemory(in.ctx, in.tx)
	if err != nil {
		return err
	}
	for _, p := range list {
		f := m.folder(p.Folder)
		if _, err := in.tx.ExecContext(in.ctx, `INSERT INTO folder (number, path, files) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING`, f.number, f.path); err != nil {
			return err
		}
		if _, err := in.tx.ExecContext(in.ctx, `INSERT INTO paragraph (folder, hash, at, text) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING`, f.number, int64(p.Hash), p.Text); err != nil {
			return err
		}
	}
	return nil
}

// articles adopts those whose id is not known, and says how many.
func (in *adoption) articles(list []*articleText) (int, error) {
	known := map[string]bool{}
	if err := in.taken(known); err != nil {
		return 0, err
	}
	slices.SortStableFunc(list, func(a, b *articleText) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.FirstSeen, b.FirstSeen), cmp.Compare(a.ID, b.ID))
	})
	var adopted []*articleText
	for _, t := range list {
		in.lastNo, in.lastRank = max(in.lastNo, article.Number(t.Number)), max(in.lastRank, t.Appeared)
		if !known[t.ID] {
			adopted = append(adopted, t)
		}
	}
	for _, t := range adopted {
		if err := in.article(t); err != nil {
			return 0, err
		}
	}
	for _, b := range in.out.all() {
		if err := b.flush(in.ctx); err != nil {
			return 0, err
		}
	}
	return len(adopted), setMeta(in.ctx, in.tx, metaAppeared, fmt.Sprint(in.lastRank))
}

// taken reads what must not be given twice.
func (in *adoption) taken(ids map[string]bool) error {
	err := each(in.ctx, in.tx, `SELECT number, uri, appeared FROM article`, nil, func(rows *sql.Rows) error {
		var n article.Number
		var uri string
		var rank uint32
		if err := rows.Scan(&n, &uri, &rank); err != nil {
			return err
		}
		ids[uri], in.numbers[n], in.appeared[rank] = true, true, true
		in.lastNo, in.lastRank = max(in.lastNo, n), max(in.lastRank, rank)
		return nil
	})
	if err != nil {
		return err
	}
	return each(in.ctx, in.tx, `SELECT slug FROM slug`, nil, collect(in.slugs))
}

func (in *adoption) article(t *articleText) error {
	r := t.record()
	for _, n := range t.Terms {
		if n = in.terms[n]; n != 0 && !slices.Contains(r.terms, n) {
			r.terms = append(r.terms, n)
		}
	}
	slices.Sort(r.terms)
	if r.number == 0 || in.numbers[r.number] { // two branches gave the same number
		in.lastNo++
		r.number = in.lastNo
	}
	if r.appeared > 0 && in.appeared[r.appeared] {
		in.lastRank++
		r.appeared = in.lastRank
	}
	if r.slug != "" && in.slugs[r.slug] {
		r.slug = ""
	}
	in.numbers[r.number], in.appeared[r.appeared] = true, true
	r.seal()
	args, err := r.args()
	if err != nil {
		return err
	}
	if err := in.out.fresh.add(in.ctx, args...); err != nil {
		return err
	}
	for _, slug := range append([]string{r.slug}, t.Slugs...) {
		if slug == "" || in.slugs[slug] {
			continue
		}
		in.slugs[slug] = true
		if err := in.out.slugs.add(in.ctx, slug, int64(r.number)); err != nil {
			return err
		}
	}
	for _, p := range append([]string{r.path}, t.Paths...) {
		if err := in.out.trail.add(in.ctx, p, int64(r.number)); err != nil {
			return err
		}
	}
	if r.print == 0 {
		return nil
	}
	for _, b := range bands(r.print) {
		if err := in.out.bands.add(in.ctx, b, int64(r.number)); err != nil {
			return err
		}
	}
	return nil
}

// mendCopy gives the text copy the commits it lacks.
func (s *Store) mendCopy(ctx context.Context, ledgered int64) {
	l := s.ledger
	if l.foreign {
		return
	}
	if l.statSize() < 0 {
		l.behind = s.mem.article > 0
		s.extendLedger(ctx, nil)
		return
	}
	if ledgered >= s.mem.sequence {
		return
	}
	lines, err := s.linesSince(ctx, ledgered)
	if err != nil {
		l.log.Warn("the ledger's text copy could not be completed", "path", l.path, "error", err)
		l.behind = true
		return
	}
	s.extendLedger(ctx, lines)
}

// linesSince makes the lines of everything that changed after a sequence.
func (s *Store) linesSince(ctx context.Context, sequence int64) ([]line, error) {
	var lines []line
	yield := func(l line) error { lines = append(lines, l); return nil }
	var firstSpelling sql.NullInt64
	if err := s.read.QueryRowContext(ctx, `SELECT min(number) FROM change WHERE sequence > $1 AND what = 'spelling'`, sequence).Scan(&firstSpelling); err != nil {
		return nil, err
	}
	if firstSpelling.Valid {
		if err := s.spellingLines(ctx, firstSpelling.Int64-1, yield); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(s.givenLines(ctx, yield), s.assignedLines(ctx, yield), s.feedDateLines(ctx, yield)); err != nil {
		return nil, err
	}
	var firstCut sql.NullInt64
	if err := s.read.QueryRowContext(ctx, `SELECT min(number) FROM change WHERE sequence > $1 AND what = 'archive'`, sequence).Scan(&firstCut); err != nil {
		return nil, err
	}
	if firstCut.Valid {
		if err := s.cutLines(ctx, firstCut.Int64, yield); err != nil {
			return nil, err
		}
	}
	if err := s.paragraphLines(ctx, yield); err != nil {
		return nil, err
	}
	return lines, each(ctx, s.read, `SELECT `+columns+` FROM article WHERE number IN (SELECT number FROM change WHERE sequence > $1 AND what = 'article') ORDER BY path, part, number`,
		[]any{sequence}, func(rows *sql.Rows) error {
			r, err := scanRecord(rows)
			if err != nil {
				return err
			}
			return yield(articleLine(r))
		})
}
