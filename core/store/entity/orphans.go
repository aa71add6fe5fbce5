package entity

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// unusedFor is how long a scratch file stays open without being used.
const unusedFor = time.Minute

// closeUnused closes the scratch files that nobody has used for a while.
func (m *Manager) closeUnused(now time.Time) error {
	var err error
	for _, s := range m.openScratch() {
		for _, f := range s.opened(nil) {
			if f.unusedSince(now.Add(-unusedFor)) {
				err = errors.Join(err, f.close())
			}
		}
	}
	return err
}

// allNotes returns what is noted of scratch files.
func (m *Manager) allNotes() ([]note, error) {
	var all []note
	err := m.eph.View(func(tx *kv.Tx) error {
		for n, err := range notes().All(tx, nil) {
			if err != nil {
				return err
			}
			all = append(all, n)
		}
		return nil
	})
	return all, err
}

// sweepNotes deletes scratch files that are idle, or whose session is gone and
// that were not kept, or whose node is gone.
func (m *Manager) sweepNotes(t *tally, now time.Time, thorough bool) error {
	all, err := m.allNotes()
	if err != nil {
		return err
	}
	gone := map[string]bool{}
	if thorough {
		nodes := make([]string, len(all))
		for i, n := range all {
			nodes[i] = n.Node
		}
		if gone, err = m.nodesGone(nodes); err != nil {
			return err
		}
	}
	for _, n := range all {
		if err := m.sweepNote(t, n, now, gone[n.Node]); err != nil {
			return err
		}
	}
	return nil
}

func (m *Manager) sweepNote(t *tally, n note, now time.Time, nodeGone bool) error {
	var s sessionInfo
	err := m.eph.View(func(tx *kv.Tx) (err error) {
		s, err = m.session(tx, n.Session)
		return err
	})
	exists := s.exists && !t.gone[n.Session]
	idle, used := m.idleOf(n.Kind), n.Accessed
	if s.accessed.After(used) { // it did not idle while its session was worked on
		used = s.accessed
	}
	switch {
	case err != nil:
		return err
	case n.Kept && nodeGone:
		return m.removeNoted(t, n, whyNodeGone)
	case n.Kept:
		return nil
	case !exists:
		return m.removeNoted(t, n, whySessionGone)
	case !s.active && n.Dropped == "" && idle > 0 && now.Sub(used) > idle:
		return m.removeBulk(t, n.Session, n.Kind, whyIdle(idle), true, m.unlessActive(n.Session))
	}
	return nil
}

func (m *Manager) idleOf(kind string) time.Duration {
	if k := m.bulkNamed(kind); k != nil {
		return k.AutoDelete().MaxIdle
	}
	return 0
}

// removeNoted deletes a scratch file whose session is gone, and its note, kept
// or not.
func (m *Manager) removeNoted(t *tally, n note, reason string) error {
	if !t.mark(ownerMark(ofSession, n.Kind, n.Session)) {
		return nil
	}
	path, bytes := "", int64(0)
	var f *scratchFile
	if m.bulkNamed(n.Kind) != nil {
		var err error
		if f, err = m.scratchOf(n.Session).file(m.bulkNamed(n.Kind)); err != nil {
			return err
		}
		path = f.path()
		bytes = fileSize(path)
	}
	if n.Dropped == "" {
		t.add(n.Kind, reason, 1, bytes)
	}
	if t.dry {
		return nil
	}
	strike := func(tx *kv.Tx) (bool, error) { return notes().Delete(tx, noteKey(n.Session, n.Kind)) }
	if f == nil { // a kind of another version: its file is swept as a stray
		return m.change(m.eph, func(tx *kv.Tx) error { _, err := strike(tx); return err })
	}
	if _, err := f.remove(strike); err != nil {
		return err
	}
	return m.forget(n.Session)
}

// sweepFolders deletes scratch files that nobody has noted.
func (m *Manager) sweepFolders(ctx context.Context, t *tally) error {
	strays, folders, err := m.strays()
	if err != nil {
		return err
	}
	for _, s := range strays {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !t.mark("file " + s.path) {
			continue
		}
		if !t.dry {
			if err := m.removeStray(s.path); err != nil {
				return err
			}
		}
		t.add(strayFile, whyStray, 1, s.bytes)
	}
	for _, dir := range folders {
		if !t.dry {
			if err := m.forgetFolder(dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeStray deletes a file that was not noted. One that could be a kind's is
// asked about again while nobody can make it.
func (m *Manager) removeStray(path string) error {
	session := filepath.Base(filepath.Dir(path))
	for _, k := range m.bulk {
		if checkSessionID(session) != nil || !belongs(filepath.Base(path), k.tableName()+".db") {
			continue
		}
		f, err := m.scratchOf(session).file(k)
		if err != nil {
			return err
		}
		_, err = f.remove(func(tx *kv.Tx) (bool, error) {
			n, there, err := notes().Get(tx, noteKey(session, k.Name()))
			return !there || n.Dropped != "", err
		})
		return err
	}
	return atomicfile.Explain("remove "+path, os.RemoveAll(path))
}

// forgetFolder removes a folder if it is empty and no session's.
func (m *Manager) forgetFolder(name string) error {
	if checkSessionID(name) != nil {
		// What was in it is gone; if something has come since, the next sweep sees it.
		_ = os.Remove(m.scratchDir(name))
		return nil
	}
	there := false
	err := m.eph.View(func(tx *kv.Tx) error {
		s, err := m.session(tx, name)
		there = s.exists
		return err
	})
	if err != nil || there {
		return err
	}
	return m.forget(name)
}

// stray is a file or folder that nobody has noted.
type stray struct {
	path  string
	bytes int64
}

// strays lists what is in the scratch folder and not noted, and the names of
// the sessions' folders.
func (m *Manager) strays() (strays []stray, folders []string, err error) {
	root := filepath.Join(m.opt.Dir, scratchFolder)
	candidates, folders, err := scratchFiles(root)
	if err != nil {
		return nil, nil, err
	}
	// Notes are read after the files: what is made meanwhile has one.
	all, err := m.allNotes()
	if err != nil {
		return nil, nil, err
	}
	noted := map[string][]string{} // bases by session
	for _, n := range all {
		if k := m.bulkNamed(n.Kind); k != nil && n.Dropped == "" {
			noted[n.Session] = append(noted[n.Session], k.tableName()+".db")
		}
	}
	for _, c := range candidates {
		of := func(base string) bool { return belongs(filepath.Base(c), base) }
		if !slices.ContainsFunc(noted[filepath.Dir(c)], of) {
			path := filepath.Join(root, c)
			strays = append(strays, stray{path, treeSize(path)})
		}
	}
	return strays, folders, nil
}

// scratchFiles lists the files below root, and the folders they are in.
func scratchFiles(root string) (files, folders []string, err error) {
	entries, err := readDir(root)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		if !e.IsDir() {
			files = append(files, e.Name())
			continue
		}
		folders = append(folders, e.Name())
		inside, err := readDir(filepath.Join(root, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		for _, f := range inside {
			files = append(files, filepath.Join(e.Name(), f.Name()))
		}
	}
	return files, folders, nil
}

// readDir lists a folder; one that is not there is empty.
func readDir(path string) ([]os.DirEntry, error) {
	entries, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, atomicfile.Explain("read "+path, err)
	}
	return entries, nil
}

// treeSize is the size of a file, or of all below a folder.
func treeSize(path string) int64 {
	var sum int64
	walk := func(_ string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				sum += info.Size()
			}
		}
		return nil // a file that cannot be looked at counts nothing
	}
	if err := filepath.WalkDir(path, walk); err != nil {
		return sum
	}
	return sum
}
