package draft_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// tester is what *testing.T and *rapid.T have in common here.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// desk is the two databases that edits live in, with a clock and ids of its
// own.
type desk struct {
	t         tester
	dir       string
	core, eph *kv.DB
	clock     time.Time
	edits     int
}

func newDesk(t tester, dir string) *desk {
	d := &desk{t: t, dir: dir, clock: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	d.open()
	return d
}

func (d *desk) open() {
	d.t.Helper()
	open := func(name string, tables ...kv.Tabled) *kv.DB {
		db, err := kv.Open(filepath.Join(d.dir, name), kv.Schema{Name: name, Version: 1, Tables: tables}, kv.Options{NoSync: true})
		if err != nil {
			d.t.Fatal(err)
		}
		return db
	}
	d.core = open("core.db", tree.Nodes(), shape.Shapes(), shape.Templates(), draft.Commits())
	d.eph = open("ephemeral.db", draft.Copies())
}

// close checks and closes both databases.
func (d *desk) close() {
	d.t.Helper()
	for _, db := range []*kv.DB{d.core, d.eph} {
		if err := db.Check(func(f kv.Finding) { d.t.Fatal(f) }); err != nil {
			d.t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			d.t.Fatal(err)
		}
	}
}

// crash ends the program where it stands and starts it again.
func (d *desk) crash() draft.Recovered {
	d.t.Helper()
	d.close()
	d.open()
	return d.recover()
}

// recover is what a start does with edits.
func (d *desk) recover() draft.Recovered {
	d.t.Helper()
	r, err := draft.Recover(d.core, d.eph, d.now())
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *desk) now() time.Time {
	d.clock = d.clock.Add(time.Second)
	return d.clock
}

func (d *desk) by() draft.By {
	d.edits++
	return draft.By{Edit: fmt.Sprintf("edit-%d", d.edits), Owner: "window", Now: d.now()}
}

// inEph runs fn in the ephemeral database and gives the transaction up if it
// fails.
func inEph[T any](d *desk, fn func(*kv.Tx) (T, error)) (v T, err error) {
	err = d.eph.Update(func(tx *kv.Tx) error {
		v, err = fn(tx)
		return err
	})
	return v, err
}

// put has a node and its settings in the core database.
func (d *desk) put(node tree.Node, s shape.Shape) {
	d.t.Helper()
	err := d.core.Update(func(tx *kv.Tx) error {
		return errors.Join(tree.Nodes().Put(tx, &node), shape.Shapes().Put(tx, &s))
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// node puts a plain shape node and returns it.
func (d *desk) node(id string) draft.Original {
	d.t.Helper()
	n := tree.Node{ID: id, Type: tree.Shape, Name: id, Version: 1, Created: d.clock}
	s := shape.Shape{Node: id, Source: shape.Sample, Config: shape.Defaults(), Version: 1, Created: d.clock}
	d.put(n, s)
	return draft.Original{Node: n, Shape: &s}
}

// original reads a node from the core database; false if it is not there.
func (d *desk) original(id string) (o draft.Original, found bool) {
	d.t.Helper()
	err := d.core.View(func(tx *kv.Tx) (err error) {
		if o.Node, found, err = tree.Nodes().Get(tx, tree.Key(id)); err != nil || !found {
			return err
		}
		s, _, err := shape.Shapes().Get(tx, kv.Key(nil).Str(id))
		o.Shape = &s
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return o, found
}

// marks counts the commits under way.
func (d *desk) marks() (n int) {
	d.t.Helper()
	err := d.core.View(func(tx *kv.Tx) (err error) {
		n, err = draft.Commits().Count(tx, nil)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *desk) get(node string) (draft.WorkingCopy, error) {
	var w draft.WorkingCopy
	err := d.eph.View(func(tx *kv.Tx) (err error) {
		w, err = draft.Get(tx, node)
		return err
	})
	return w, err
}

// apply does the tree's part of a commit as plainly as can be.
func apply(core *kv.Tx, c draft.Change) error {
	n, _, err := tree.Nodes().Get(core, tree.Key(c.Copy.Node))
	if err != nil {
		return err
	}
	n.ID, n.Type, n.Name, n.Description = c.Copy.Node, tree.Shape, c.Copy.Name, c.Copy.Description
	if n.Version++; c.Copy.New {
		n.Parent = c.Copy.Parent
	}
	return tree.Nodes().Put(core, &n)
}

// begin, beginNew, write, keep, resume and discard are the functions of the
// package in transactions of their own.
func (d *desk) begin(node string) (draft.WorkingCopy, error) {
	o, found := d.original(node)
	if !found {
		d.t.Fatalf("no node %s", node)
	}
	return inEph(d, func(tx *kv.Tx) (draft.WorkingCopy, error) { return draft.Begin(tx, o, d.by()) })
}

func (d *desk) beginNew(node, parent string) (draft.WorkingCopy, error) {
	n := draft.New{Node: node, Parent: parent, Name: node}
	return inEph(d, func(tx *kv.Tx) (draft.WorkingCopy, error) { return draft.BeginNew(tx, n, d.by()) })
}

// write changes the title in an edit.
func (d *desk) write(w draft.WorkingCopy, title string) (draft.WorkingCopy, error) {
	var o *draft.Original
	if have, found := d.original(w.Node); found && !w.New {
		o = &have
		if w.Shape == nil {
			w.Shape = have.Shape.Clone()
		}
	}
	if w.Shape != nil {
		w.Shape.Metadata.Title = title
	}
	return inEph(d, func(tx *kv.Tx) (draft.WorkingCopy, error) { return draft.Write(tx, w, o, d.now()) })
}

func (d *desk) keep(node string) (draft.WorkingCopy, error) {
	return inEph(d, func(tx *kv.Tx) (draft.WorkingCopy, error) { return draft.Keep(tx, node, d.now()) })
}

func (d *desk) resume(node string) (draft.WorkingCopy, error) {
	return inEph(d, func(tx *kv.Tx) (draft.WorkingCopy, error) { return draft.Continue(tx, node, d.by()) })
}

// discard does what the trigger of a discarded edit does.
func (d *desk) discard(node string) (draft.WorkingCopy, error) {
	return inEph(d, func(tx *kv.Tx) (draft.WorkingCopy, error) {
		w, err := draft.Get(tx, node)
		if err == nil {
			_, err = draft.Copies().Delete(tx, kv.Key(nil).Str(node))
		}
		return w, err
	})
}

func (d *desk) finish(node string) (shape.Shape, error) {
	return draft.Finish(d.core, d.eph, node, d.now(), apply)
}

// cutFinish takes so many of the three steps of a commit, and no more.
func (d *desk) cutFinish(w draft.WorkingCopy, steps int) error {
	if steps == 0 {
		return nil
	}
	mark, err := d.save(w)
	if err == nil && steps > 1 {
		_, err = d.remove(mark)
	}
	if err == nil && steps > 2 {
		err = d.core.Update(func(tx *kv.Tx) error { return draft.Forget(tx, mark) })
	}
	return err
}

// save and remove are the first and the second step.
func (d *desk) save(w draft.WorkingCopy) (mark draft.Commit, err error) {
	err = d.core.Update(func(tx *kv.Tx) error {
		mark, _, err = draft.Save(tx, w, d.now(), apply)
		return err
	})
	return mark, err
}

func (d *desk) remove(mark draft.Commit) (late bool, err error) {
	err = d.eph.Update(func(tx *kv.Tx) error {
		_, late, err = draft.Remove(tx, mark)
		return err
	})
	return late, err
}

// onDesk runs a test at a desk of its own.
func onDesk(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t, t.TempDir())
	t.Cleanup(d.close)
	return d
}

// must is for what cannot fail here: must(t)(f()).
func must(t tester) func(draft.WorkingCopy, error) draft.WorkingCopy {
	return func(w draft.WorkingCopy, err error) draft.WorkingCopy {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
}

// tempDir is for rapid, whose tests have none.
func tempDir(t tester) (dir string, remove func()) {
	dir, err := os.MkdirTemp("", "draft")
	if err != nil {
		t.Fatal(err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }
}
