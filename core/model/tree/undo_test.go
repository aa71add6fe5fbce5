package tree

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

func TestUndoReachesAHundredSteps(t *testing.T) {
	g := newGarden(t)
	for i := range MaxUndo + 5 {
		g.make(fmt.Sprint("s", i))
	}
	for range MaxUndo {
		g.undo()
	}
	if err := g.do(func(tx *kv.Tx) error { _, err := g.tree.Undo(tx); return err }); !errors.Is(err, ErrNothing) {
		t.Errorf("step 101: %v", err)
	}
	g.expect(Root, "s0 s1 s2 s3 s4")
	g.make("new")
	if err := g.do(func(tx *kv.Tx) error { _, err := g.tree.Redo(tx); return err }); !errors.Is(err, ErrNothing) {
		t.Errorf("redo after another command: %v", err)
	}
	// What cannot be redone is given back, a few at a time.
	var gone []string
	for more := true; more; {
		g.must(func(tx *kv.Tx) error {
			some, m, err := g.tree.Reclaim(tx, 7)
			gone, more = append(gone, some...), m
			return err
		})
	}
	if len(gone) != MaxUndo || g.shape(Undone) != "" {
		t.Errorf("reclaimed %d, left %q", len(gone), g.shape(Undone))
	}
}

func TestWhatCanBeRedoneIsNotReclaimed(t *testing.T) {
	g := newGarden(t)
	g.make("A/", "A/x")
	g.undo()
	g.undo()
	g.must(func(tx *kv.Tx) error {
		gone, more, err := g.tree.Reclaim(tx, 100)
		if len(gone) > 0 || more {
			t.Errorf("reclaimed %v", gone)
		}
		return err
	})
	g.redo()
	g.redo()
	g.expect(Root, "A(x)")
}

// Records of other packages are part of a step, and a step that does not fit
// changes nothing.
func TestImages(t *testing.T) {
	g := newGarden(t)
	id := g.make("s")
	settings := []byte("one")
	g.tree.Apply = func(_ *kv.Tx, kind, node string, from, to []byte) error {
		if kind != "shape" || node != id {
			return fmt.Errorf("kind %q of %q", kind, node)
		}
		if !bytes.Equal(settings, from) {
			return ErrChanged
		}
		settings = to
		return nil
	}
	g.must(func(tx *kv.Tx) error {
		settings = []byte("two")
		_, err := g.tree.Edit(tx, id, Edit{Version: 1, Name: "t", Images: []Image{{"shape", id, []byte("one"), settings}, {"shape", id, nil, nil}}})
		return err
	})
	g.must(func(tx *kv.Tx) error {
		settings = []byte("three")
		return g.tree.Record(tx, "apply a template", Image{"shape", id, []byte("two"), settings})
	})
	if what := g.undo(); what != "apply a template" || string(settings) != "two" {
		t.Errorf("%s: %s", what, settings)
	}
	if what := g.undo(); what != "edit “s” to “t”" || string(settings) != "one" {
		t.Errorf("%s: %s", what, settings)
	}
	g.expect(Root, "s")
	settings = []byte("other")
	if err := g.do(func(tx *kv.Tx) error { _, err := g.tree.Redo(tx); return err }); !errors.Is(err, ErrChanged) {
		t.Errorf("redo on other settings: %v", err)
	}
	g.expect(Root, "s")
	settings = []byte("one")
	g.redo()
	g.redo()
	if string(settings) != "three" {
		t.Error(string(settings))
	}
	g.tree.Apply = nil
	if err := g.do(func(tx *kv.Tx) error { _, err := g.tree.Undo(tx); return err }); err == nil {
		t.Error("undone without anybody to do it")
	}
}

func TestANodeThatWasChangedOtherwiseIsNotUndone(t *testing.T) {
	g := newGarden(t)
	id := g.make("s")
	g.must(func(tx *kv.Tx) error {
		n, err := Get(tx, id)
		if err != nil {
			return err
		}
		n.Name = "other"
		return Nodes().Put(tx, &n)
	})
	if err := g.do(func(tx *kv.Tx) error { _, err := g.tree.Undo(tx); return err }); !errors.Is(err, ErrChanged) {
		t.Errorf("%v", err)
	}
	g.expect(Root, "other")
}

func TestRestoringSeveral(t *testing.T) {
	g := newGarden(t)
	g.make("A/", "A/B/", "A/B/x")
	a, x := g.id("A"), g.id("A/B/x")
	for _, p := range []string{"A/B/x", "A"} {
		if err := g.delete(p); err != nil {
			t.Fatal(err)
		}
	}
	g.make("A/")
	g.must(func(tx *kv.Tx) error { _, err := g.tree.Restore(tx, []string{x, a, x}); return err })
	g.expect(Root, "A() A (2)(B(x))")
	g.undo()
	g.expect(Trash, "A(B()) x")
	// Alone, it comes to the top: where it was is in the trash.
	g.must(func(tx *kv.Tx) error { _, err := g.tree.Restore(tx, []string{x}); return err })
	g.expect(Root, "A() x")
}

func TestPurgingTakesTheStepsAboutIt(t *testing.T) {
	g := newGarden(t)
	g.make("keep", "A/", "A/x", "B/")
	if err := g.move("B", "keep", "A/x"); err != nil {
		t.Fatal(err)
	}
	g.make("late")
	want := []string{g.id("A")}
	if err := g.delete("A"); err != nil {
		t.Fatal(err)
	}
	var gone []string
	g.must(func(tx *kv.Tx) (err error) { gone, err = g.tree.EmptyTrash(tx); return err })
	if diff := cmp.Diff(want, gone); diff != "" {
		t.Error(diff)
	}
	g.expect(Root, "B(keep x) late")
	if what := g.undo(); what != "create “late”" {
		t.Errorf("undone: %s", what)
	}
	// The step before came out of the folder that is gone.
	if err := g.do(func(tx *kv.Tx) error { _, err := g.tree.Undo(tx); return err }); !errors.Is(err, ErrNothing) {
		t.Errorf("%v", err)
	}
}

func TestCheckAndRepair(t *testing.T) {
	g := newGarden(t)
	put := func(nodes ...Node) {
		g.must(func(tx *kv.Tx) error {
			for _, n := range nodes {
				if n.Type == "" {
					n.Type = Folder
				}
				if err := Nodes().Put(tx, &n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	g.make("fine/")
	put(
		Node{ID: "a", Parent: "b", Name: "ring a"}, Node{ID: "b", Parent: "c", Name: "ring b"}, Node{ID: "c", Parent: "a", Name: "ring c"},
		Node{ID: "in", Parent: "c", Name: "in the ring", Type: Shape},
		Node{ID: "lost", Parent: "gone", Name: "fine"},
		Node{ID: "on", Parent: "in", Name: "on a shape"},
		Node{ID: "twin", Parent: Root, Name: "FINE"},
		Node{ID: "bad", Parent: Root, Name: "a/b"},
	)
	var found []string
	look := func() []string {
		found = nil
		g.must(func(tx *kv.Tx) error { return Check(tx, func(f Finding) { found = append(found, f.ID) }) })
		return found
	}
	if diff := cmp.Diff([]string{"a", "bad", "lost", "on", "twin"}, look()); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	g.must(func(tx *kv.Tx) error {
		n, err := g.tree.Repair(tx)
		if n != 5 {
			t.Errorf("repaired %d", n)
		}
		return err
	})
	if len(look()) > 0 {
		t.Errorf("still wrong: %v", found)
	}
	g.expect(Root, "fine() fine (2)() FINE (3)() on a shape() Recovered() ring a(ring c(ring b() in the ring))")
	if err := g.do(func(tx *kv.Tx) error { _, err := g.tree.Undo(tx); return err }); !errors.Is(err, ErrNothing) {
		t.Errorf("undo after a repair: %v", err)
	}
}
