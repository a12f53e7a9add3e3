package store

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"feedwright/article"
)

// mintAll gives ids to the articles that are new.
func (id *identities) mintAll() error {
	w := id.w
	slices.SortStableFunc(id.newcomer, func(a, b *sight) int { return strings.Compare(a.path, b.path) })
	used, err := id.usedPaths()
	if err != nil {
		return err
	}
	space, err := uuid.Parse(w.s.site)
	if err != nil {
		return fmt.Errorf("site id %s: %w", w.s.site, err)
	}
	minted := make([]string, len(id.newcomer))
	for i, g := range id.newcomer {
		minted[i] = mint(space, g, used[g.path])
	}
	taken := map[string]bool{}
	err = eachOf(w.ctx, w.s.eng, w.tx, `SELECT uri FROM article WHERE uri IN (%s)`, minted, collect(taken))
	if err != nil {
		return err
	}
	for _, r := range w.recs { // ids that files write are given already
		taken[string(r.uri)] = true
	}
	for i, g := range id.newcomer {
		for n := used[g.path]; taken[minted[i]]; {
			n++
			minted[i] = mint(space, g, n)
			if !taken[minted[i]] { // rare: ask
				if err := eachOf(w.ctx, w.s.eng, w.tx, `SELECT uri FROM article WHERE uri IN (%s)`, minted[i:i+1], collect(taken)); err != nil {
					return err
				}
			}
		}
		taken[minted[i]] = true
		id.claim(g, w.newRecord(article.ID(minted[i]), idMinted))
	}
	return nil
}

// usedPaths counts, for the newcomers' paths, the other articles that had them.
// One of many in a file counts only its own like.
func (id *identities) usedPaths() (map[string]int, error) {
	var paths []string
	for _, g := range id.newcomer {
		if g.p.Part == "" {
			paths = append(paths, g.path)
		}
	}
	used := map[string]int{}
	err := eachOf(id.w.ctx, id.w.s.eng, id.w.tx, `SELECT path, count(*) FROM trail WHERE path IN (%s) GROUP BY path`, paths, func(rows rowsScanner) error {
		var p string
		var n int
		if err := rows.Scan(&p, &n); err != nil {
			return err
		}
		used[p] = n
		return nil
	})
	return used, err
}

// mint makes an id of the path at first sight; n is how many articles had that
// path before (RFC 9562 §5.5).
func mint(space uuid.UUID, g *sight, n int) string {
	name := g.path
	if g.p.Part != "" {
		name += "\n" + g.p.Part
	}
	if n > 0 {
		name += fmt.Sprintf("#%d", n+1)
	}
	return "urn:uuid:" + uuid.NewSHA1(space, []byte(name)).String()
}
