package entity

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// unusedFor is how long a scratch file stays open without being used.
const unusedFor = time.Minute

// closeUnused notes the last accesses, and closes the scratch files that
// nobody has used for a while.
func (m *Manager) closeUnused(now time.Time) error {
	err := m.flushAccess()
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
	idle := m.idleOf(n.Kind)
	switch {
	case err != nil:
		return err
	case n.Kept && nodeGone:
		return m.removeNoted(t, n, whyNodeGone)
	case n.Kept:
		return nil
	case !exists:
		return m.removeNoted(t, n, whySessionGone)
	case !s.active && n.Dropped == "" && idle > 0 && now.Sub(n.Accessed) > idle:
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
		return m.eph.Update(func(tx *kv.Tx) error { _, err := strike(tx); return err })
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
	for _, path := range strays {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !t.mark("file " + path) {
			continue
		}
		bytes := treeSize(path)
		if !t.dry {
			if err := os.RemoveAll(path); err != nil {
				return atomicfile.Explain("remove "+path, err)
			}
		}
		t.add(strayFile, whyStray, 1, bytes)
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

// forgetFolder removes a folder if it is empty and its session is gone.
func (m *Manager) forgetFolder(session string) error {
	there := false
	err := m.eph.View(func(tx *kv.Tx) error {
		s, err := m.session(tx, session)
		there = s.exists
		return err
	})
	if err != nil || there {
		return err
	}
	return m.forget(session)
}

// strays lists what is in the scratch folder and not noted, and the names of
// the sessions' folders.
func (m *Manager) strays() (strays, folders []string, err error) {
	root := filepath.Join(m.opt.Dir, scratchFolder)
	entries, err := os.ReadDir(root)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, atomicfile.Explain("read "+root, err)
	}
	var candidates []string
	for _, e := range entries {
		if !e.IsDir() {
			candidates = append(candidates, e.Name())
			continue
		}
		folders = append(folders, e.Name())
		files, err := os.ReadDir(filepath.Join(root, e.Name()))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, nil, atomicfile.Explain("read "+root, err)
		}
		for _, f := range files {
			candidates = append(candidates, filepath.Join(e.Name(), f.Name()))
		}
	}
	// Notes are read after the files: what is made meanwhile has one.
	all, err := m.allNotes()
	if err != nil {
		return nil, nil, err
	}
	noted := map[string]bool{}
	for _, n := range all {
		if k := m.bulkNamed(n.Kind); k != nil && n.Dropped == "" {
			noted[filepath.Join(n.Session, k.tableName()+".db")] = true
		}
	}
	for _, c := range candidates {
		if !noted[c] {
			strays = append(strays, filepath.Join(root, c))
		}
	}
	return strays, folders, nil
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

// sweepNodeless deletes records whose node is gone, references of such nodes,
// and files.
func (m *Manager) sweepNodeless(ctx context.Context, t *tally, step func(what string, fn func() error)) {
	for _, k := range m.records {
		if k.owned(ofNode) && !k.isSession() {
			step(k.Name(), func() error { return m.sweepOwnerless(ctx, t, k) })
		}
		step(k.Name(), func() error { return m.sweepReferences(ctx, t, k) })
	}
	for _, f := range m.files {
		step(f.name, func() error { return m.sweepFiles(t, f) })
	}
}

func (m *Manager) sweepOwnerless(ctx context.Context, t *tally, k dbKind) error {
	return m.eachOwnerGone(ctx, k, func(node string) error {
		if t.done[ownerMark(ofNode, k.Name(), node)] {
			return nil
		}
		var after kv.Key
		for more := true; more; {
			var all []entry
			err := m.db(k.Class().Lifetime).View(func(tx *kv.Tx) (err error) {
				all, err = k.ownedBy(tx, ofNode, node, after, batch)
				return err
			})
			if err != nil {
				return err
			}
			if more = len(all) == batch; more {
				after = all[len(all)-1].key
			}
			if err := m.removeEntries(ctx, t, k, all, whyNodeGone, nodeless); err != nil {
				return err
			}
		}
		return nil
	})
}

// nodeless lets records be that may come before their node.
func nodeless(_ *kv.Tx, e entry) (bool, error) { return !e.ahead, nil }

func (m *Manager) sweepReferences(ctx context.Context, t *tally, k dbKind) error {
	var next kv.Key
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var all []entry
		err := run(m.core, t.dry || k.Home() != CoreDB, func(tx *kv.Tx) (err error) {
			if k.Home() != CoreDB {
				return nil // only what is persistent is shared between nodes
			}
			gone := func(node string) (bool, error) {
				if m.opt.NodeExists == nil {
					return false, nil
				}
				there, err := m.opt.NodeExists(tx, node)
				return !there, err
			}
			all, next, err = k.dangling(tx, next, batch, gone)
			for _, e := range all {
				if t.dry || err != nil {
					break
				}
				_, err = k.dropNodes(tx, e.key, e.drop)
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, e := range all {
			countRefs(t, k.Name(), e)
		}
		if next == nil {
			return nil
		}
	}
}

func (m *Manager) sweepFiles(t *tally, f *Files) error {
	nodes, err := f.store.Nodes()
	if err != nil {
		return err
	}
	gone, err := m.nodesGone(nodes)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if !gone[n] || !t.mark(ownerMark(ofNode, f.name, n)) {
			continue
		}
		records, bytes, err := f.remove(n, t.dry)
		if err != nil {
			return err
		}
		t.add(f.name, whyNodeGone, max(1, records), bytes)
	}
	return nil
}
