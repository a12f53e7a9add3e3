package source

import (
	"os"
)

// open opens the folder for a step, and notices whether it is still the same.
func (k *keeper) open() error {
	if k.w.root != nil {
		return nil
	}
	if err := checkDir(k.f.o.Dir); err != nil {
		k.missing = err
		return err
	}
	root, err := os.OpenRoot(k.f.o.Dir)
	if err != nil {
		k.missing = err
		return err
	}
	info, err := root.Stat(".")
	if err != nil {
		root.Close()
		k.missing = err
		return err
	}
	_, id := statOf(info)
	if base := realDir(k.f.o.Dir); k.rootID != id || k.w.base != base {
		if k.rootID != (fileID{}) {
			k.lost.suspect = "The folder is not the one it was"
		}
		k.rootID, k.w.base = id, base
		k.network = networkDisk(base)
		clear(k.devices)
		k.devices[id.dev] = true
		k.table.top.below(func(d *folder) { d.watched = false })
		if k.watch != nil {
			k.watch.move(base)
		}
		k.swapped = true
	}
	k.missing = nil
	k.w.root = root
	k.read = fileReader{root: root, fsys: root.FS(), reader: k.f.o.Reader, now: k.f.o.Now, prepare: k.f.o.Prepare}
	return nil
}

func (k *keeper) close() {
	if k.w.root != nil {
		k.w.root.Close()
		k.w.root = nil
	}
}
