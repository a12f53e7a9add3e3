package source

import (
	"path"
	"slices"

	"feedwright/article"
	"feedwright/source/parse"
)

// Roles of files that are an article and media both. They follow from what is
// in the folder now, never from the order in which it came:
//
//   - a text, transcript or chapters beside a sound file of the same name belong
//     to that episode, and are no articles;
//   - so does the same sound in another format;
//   - a sound file that another article carries, and that has no words of its
//     own, is that article's;
//   - any other sound file is an episode.
//
// A file that belongs to another is media to the folder: seen because it is
// named, and read by who names it.

// isSound says that a file is an article and media both.
func (k *keeper) isSound(p string) bool {
	return k.f.o.Reader.Reads(p) && k.f.o.Reader.IsMedia(p)
}

// role is the kind of a file, looked at beside the others.
func (k *keeper) role(p string, e entry) kind {
	if e.kind != isArticle && e.kind != isMedia {
		return e.kind
	}
	if sound := k.soundOf(p); sound != "" {
		if e.kind == isArticle && !k.isSound(p) && k.published(p) && !k.published(sound) {
			return isArticle // until the episode is here whole, its words stay what they were
		}
		return isMedia
	}
	if k.isSound(p) && k.carried(p) && !k.worded(p) {
		return isMedia
	}
	return e.kind
}

// soundOf is the episode that a file belongs to, "" if to none. One that has
// just vanished may be on its way back.
func (k *keeper) soundOf(p string) string {
	if k.near != nil && len(k.near.sounds) == 0 && k.near.dir == path.Dir(p) && len(k.lost.files) == 0 {
		return "" // as in most folders: nothing is looked for
	}
	for _, s := range parse.Sounds(p) {
		if !k.isSound(s) {
			continue
		}
		if _, lost := k.lost.files[s]; lost || k.there(s) {
			return s
		}
	}
	return ""
}

// there says that a file of this name is one that is read.
func (k *keeper) there(p string) bool {
	if k.w.root == nil || k.w.rules.file(p, k.w.site) != "" {
		return false
	}
	if k.near != nil && k.near.dir == path.Dir(p) && k.isSound(p) {
		return k.near.sounds[path.Base(p)]
	}
	info, err := k.w.root.Stat(p)
	return err == nil && info.Mode().IsRegular()
}

// carried says that an article other than an episode of the same name names a
// sound file.
func (k *keeper) carried(p string) bool {
	for by := range k.table.namedBy[p] {
		if by != p {
			return true
		}
	}
	return false
}

// worded says that a sound file has a text of its own.
func (k *keeper) worded(p string) bool {
	for _, w := range parse.Beside(p) {
		if k.f.o.Reader.Reads(w) && !k.f.o.Reader.IsMedia(w) && k.there(w) {
			return true
		}
	}
	return false
}

// published says that a file is known as an article, and was read without fault.
func (k *keeper) published(p string) bool {
	rec, ok := k.table.get(p)
	return ok && rec.mark&media == 0 && k.table.faults[p] == ""
}

// beside are the files that an episode's reading depends on, there or not.
func (k *keeper) beside(p string) []string {
	if !k.isSound(p) {
		return nil
	}
	return parse.Beside(p)
}

// lonely parts sound files that another article may yet be found to carry from
// what can be read at once.
func (k *keeper) lonely(jobs []job) (now, later []job) {
	for _, j := range jobs {
		if !j.media && k.isSound(j.path) && !k.worded(j.path) {
			later = append(later, j)
		} else {
			now = append(now, j)
		}
	}
	return now, later
}

// near are the sound files of the folder that is being listed.
type near struct {
	dir    string
	sounds map[string]bool
}

func (k *keeper) nearIn(d *folder, entries []entry) *near {
	n := &near{dir: orDot(d.path), sounds: map[string]bool{}}
	for _, e := range entries {
		if (e.kind == isArticle || e.kind == isMedia) && k.isSound(e.name) {
			n.sounds[e.name] = true
		}
	}
	return n
}

// nearAmong is nearIn where events have named files of a folder that holds no
// sound; else nil, and each file is looked for.
func (k *keeper) nearAmong(dir string) *near {
	f, err := k.w.root.Open(orDot(dir))
	if err != nil {
		return nil
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil || slices.ContainsFunc(names, k.isSound) {
		return nil
	}
	return &near{dir: orDot(dir)}
}

// reconsider decides anew what files are that an article has begun, or ceased,
// to name.
func (k *keeper) reconsider(paths []string) {
	for _, p := range paths {
		if k.w.root == nil || !k.isSound(p) && len(parse.Sounds(p)) == 0 {
			continue
		}
		e, err := k.w.one(p)
		if err != nil || k.w.rules.whole(p, k.w.site) != "" {
			continue
		}
		rec, known := k.table.get(p)
		if !known || (rec.mark&media != 0) != (k.role(p, e) == isMedia) {
			var quiet []job
			k.meet(p, e, &quiet)
			for _, j := range quiet {
				k.waits.set(j, k.now(), article.Hash{})
			}
		}
	}
}

// meetBeside looks at a file that may belong to an episode that has just been
// read. If it was an article until now, it ceases to be one with the same batch.
func (k *keeper) meetBeside(sound, p string) (news, bool) {
	rec, known := k.table.get(p)
	if len(parse.Sounds(p)) == 0 || known && rec.mark&media != 0 || k.soundOf(p) != sound || k.w.rules.whole(p, k.w.site) != "" {
		return k.meetMedia(p)
	}
	e, err := k.w.one(p)
	if err != nil || e.kind != isArticle && e.kind != isMedia || k.batch.paths[p] {
		return news{}, false
	}
	k.waits.drop(p)
	if known {
		return belongs(p, e.stat), true
	}
	return news{Change: article.Change{Op: article.Wrote, Path: p, File: e.stat}, mark: media, told: true}, true
}

// belongs is the news of a file that was an article and is none any more: it is
// part of another.
func belongs(p string, stat article.FileStat) news {
	stat.Hash = article.Hash{}
	return news{Change: article.Change{Op: article.Wrote, Path: p, File: stat, Articles: []article.Parsed{}}, mark: media}
}
