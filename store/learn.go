package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"feedwright/article"
	"feedwright/article/language"
)

// A paragraph at the edges of at least leastFiles articles of a folder, and of
// one in leastShare of them, is no part of any of them.
const (
	leastFiles = 5
	leastShare = 3
)

type edgeKey struct {
	folder int64
	hash   uint64
}

// keepers compiles the patterns of what is never learnt: the owner's and those
// of every language (disclosures, sponsors, corrections, credits).
func keepers(own []string) ([]*regexp.Regexp, error) {
	var all []*regexp.Regexp
	for _, p := range own {
		re, err := regexp.Compile("(?i)" + p)
		if err != nil {
			return nil, fmt.Errorf("source.keep: pattern %q: %w", p, err)
		}
		all = append(all, re)
	}
	for _, l := range language.All() {
		for _, p := range l.Keep {
			re, err := regexp.Compile("(?i)" + p)
			if err != nil {
				return nil, fmt.Errorf("language %s: keep pattern %q: %w", l.Code, p, err)
			}
			all = append(all, re)
		}
	}
	return all, nil
}

// notice drops from a record what its folder has learnt, and remembers its
// edges as candidates.
func (w *work) notice(r *record) {
	var drops []uint64
	if len(r.edges) > 0 && r.part == "" {
		f := w.m.folder(folderOf(r.path))
		for _, h := range r.edges {
			if w.m.learnt[f.number][h] {
				drops = append(drops, h)
			} else {
				w.candidate[edgeKey{f.number, h}] = true
			}
		}
	}
	if !slices.Equal(drops, r.drops) {
		r.drops, r.shows = drops, true
	}
}

// learn counts the candidates and takes what recurs for boilerplate. During a
// long scan it waits for the last batch: a share of half a folder is no share.
func (w *work) learn([][]*sight) error {
	if !w.s.opt.Learn {
		return nil
	}
	if w.b.More || w.unfinished {
		w.m.unlearnt = w.m.unlearnt || len(w.candidate) > 0
		return nil
	}
	if len(w.candidate) == 0 && !w.m.unlearnt {
		return nil
	}
	if err := w.flush(); err != nil { // the counts include this batch
		return err
	}
	found, err := w.recurring()
	if err != nil {
		return err
	}
	w.m.unlearnt = false
	for _, k := range found {
		if err := w.learnOne(k); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) recurring() ([]edgeKey, error) {
	var found []edgeKey
	take := func(rows *sql.Rows) error {
		var folder, hash, n int64
		if err := rows.Scan(&folder, &hash, &n); err != nil {
			return err
		}
		f := w.m.paths[folder]
		if f == nil || w.m.learnt[folder][uint64(hash)] || n < leastFiles || n*leastShare < f.files {
			return nil
		}
		found = append(found, edgeKey{folder, uint64(hash)})
		return nil
	}
	if w.m.unlearnt {
		err := each(w.ctx, w.tx, `SELECT folder, hash, count(*) FROM edge GROUP BY folder, hash HAVING count(*) >= $1`, []any{leastFiles}, take)
		slices.SortFunc(found, compareEdges)
		return found, err
	}
	hashes := map[int64][]int64{}
	for k := range w.candidate {
		if w.m.paths[k.folder].files >= leastFiles {
			hashes[k.folder] = append(hashes[k.folder], int64(k.hash))
		}
	}
	for folder, list := range hashes {
		query := fmt.Sprintf(`SELECT folder, hash, count(*) FROM edge WHERE folder = %d AND hash IN (%%s) GROUP BY folder, hash`, folder)
		if err := eachOf(w.ctx, w.s.eng, w.tx, query, list, take); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(found, compareEdges)
	return found, nil
}

func compareEdges(a, b edgeKey) int {
	return cmp.Or(cmp.Compare(a.folder, b.folder), cmp.Compare(a.hash, b.hash))
}

// learnOne keeps one paragraph as boilerplate of its folder and drops it from
// the articles there. That moves no date.
func (w *work) learnOne(k edgeKey) error {
	var numbers []int64
	err := each(w.ctx, w.tx, `SELECT article FROM edge WHERE folder = $1 AND hash = $2 ORDER BY article`, []any{k.folder, int64(k.hash)}, func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		numbers = append(numbers, n)
		return err
	})
	if err != nil {
		return err
	}
	text, err := w.paragraph(k.hash, numbers)
	if err != nil {
		return err
	}
	if text == "" || slices.ContainsFunc(w.s.keep, func(re *regexp.Regexp) bool { return re.MatchString(text) }) {
		return nil
	}
	f := w.m.paths[k.folder]
	w.m.learn(k.folder, k.hash)
	if err := w.exec(`INSERT INTO paragraph (folder, hash, at, text) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, k.folder, int64(k.hash), w.now, text); err != nil {
		return err
	}
	w.lines = append(w.lines, paragraphLine(f.path, k.hash, text))
	if err := w.changed("paragraph", k.folder); err != nil {
		return err
	}
	w.report(false, cmp.Or(f.path, "."), "%q stands at the edge of %d of the %d articles in this folder and is left out of them; to keep such lines, add a pattern to source.keep", text, len(numbers), f.files)
	return w.dropEverywhere(numbers)
}

func (w *work) dropEverywhere(numbers []int64) error {
	for part := range slices.Chunk(numbers, 2000) {
		err := load(w, `number IN (%s)`, part, func(r *record) { w.notice(r) })
		if err != nil {
			return err
		}
		if len(numbers) > 2000 {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// paragraph finds the text of an edge in one of the articles that have it, at
// most 200 bytes.
func (w *work) paragraph(hash uint64, numbers []int64) (string, error) {
	for i, n := range numbers {
		if i == leastFiles {
			break
		}
		var raw []byte
		err := w.tx.QueryRowContext(w.ctx, `SELECT r.raw FROM article a JOIN revision r ON r.number = a.revision WHERE a.number = $1`, n).Scan(&raw)
		if err == sql.ErrNoRows {
			continue
		}
		if err != nil {
			return "", err
		}
		body, err := w.s.inflate(raw)
		if err != nil {
			return "", err
		}
		for _, p := range article.Paragraphs(body) {
			if article.ParagraphHash(p) == hash {
				return cut(article.Line(p), 200), nil
			}
		}
	}
	return "", nil
}

// cut shortens a text to n bytes, between runes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
