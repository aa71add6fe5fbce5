package tree

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// garden is a tree in a database of its own.
type garden struct {
	t    testing.TB
	path string
	db   *kv.DB
	tree *Tree
	ids  int
	busy []Engaged
}

func newGarden(t testing.TB) *garden {
	t.Helper()
	g := &garden{t: t, path: filepath.Join(t.TempDir(), "core.db")}
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	g.tree = &Tree{
		Now:   func() time.Time { now = now.Add(time.Second); return now },
		NewID: func() string { g.ids++; return fmt.Sprintf("n%06d", g.ids) },
		Busy:  func() []Engaged { return g.busy },
	}
	g.open()
	t.Cleanup(func() {
		if err := g.db.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

func (g *garden) open() {
	g.t.Helper()
	// Nothing is lost without syncing but the time to do it: the system lives on.
	db, err := kv.Open(g.path, kv.Schema{Name: "core", Version: 1, Tables: Tables()}, kv.Options{NoSync: true})
	if err != nil {
		g.t.Fatal(err)
	}
	g.db = db
}

func (g *garden) reopen() {
	g.t.Helper()
	if err := g.db.Close(); err != nil {
		g.t.Fatal(err)
	}
	g.open()
}

// do runs fn in a transaction and returns its error.
func (g *garden) do(fn func(tx *kv.Tx) error) error {
	g.t.Helper()
	return g.db.Update(fn)
}

// must is do for what cannot fail.
func (g *garden) must(fn func(tx *kv.Tx) error) {
	g.t.Helper()
	if err := g.do(fn); err != nil {
		g.t.Fatal(err)
	}
}

// make creates nodes from paths, "Europe/" for a folder, and returns the last id.
func (g *garden) make(paths ...string) (id string) {
	g.t.Helper()
	for _, p := range paths {
		kind := Shape
		if strings.HasSuffix(p, "/") {
			kind = Folder
		}
		dir, name := filepath.Split(strings.TrimSuffix(p, "/"))
		g.must(func(tx *kv.Tx) error {
			n, err := g.tree.Create(tx, New{Parent: g.idIn(tx, dir), Type: kind, Name: name})
			id = n.ID
			return err
		})
	}
	return id
}

func (g *garden) idIn(tx *kv.Tx, path string) string {
	g.t.Helper()
	if strings.Trim(path, "/") == "" {
		return Root
	}
	n, err := Find(tx, path)
	if err != nil {
		g.t.Fatal(err)
	}
	return n.ID
}

// id returns the id at a path.
func (g *garden) id(path string) (id string) {
	g.t.Helper()
	g.must(func(tx *kv.Tx) error { id = g.idIn(tx, path); return nil })
	return id
}

// shape draws what parent holds: "Europe(Italy North(Oslo)) World".
func (g *garden) shape(parent string) (s string) {
	g.t.Helper()
	g.must(func(tx *kv.Tx) error { s = draw(g.t, tx, parent); return nil })
	return s
}

func draw(t testing.TB, tx *kv.Tx, parent string) string {
	t.Helper()
	list, err := Children(tx, parent, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, n := range list {
		if n.Type == Folder {
			parts = append(parts, n.Name+"("+draw(t, tx, n.ID)+")")
		} else {
			parts = append(parts, n.Name)
		}
	}
	return strings.Join(parts, " ")
}

func (g *garden) expect(parent, want string) {
	g.t.Helper()
	if got := g.shape(parent); got != want {
		g.t.Errorf("below %q: %s\nwant: %s", parent, got, want)
	}
}

func (g *garden) undo() (what string) {
	g.t.Helper()
	g.must(func(tx *kv.Tx) error { r, err := g.tree.Undo(tx); what = r.What; return err })
	return what
}

func (g *garden) redo() (what string) {
	g.t.Helper()
	g.must(func(tx *kv.Tx) error { r, err := g.tree.Redo(tx); what = r.What; return err })
	return what
}

func (g *garden) move(to string, paths ...string) error {
	g.t.Helper()
	return g.do(func(tx *kv.Tx) error { _, err := g.tree.Move(tx, g.allIn(tx, paths), g.idIn(tx, to)); return err })
}

func (g *garden) delete(paths ...string) error {
	g.t.Helper()
	return g.do(func(tx *kv.Tx) error { _, err := g.tree.Delete(tx, g.allIn(tx, paths)); return err })
}

func (g *garden) allIn(tx *kv.Tx, paths []string) (ids []string) {
	for _, p := range paths {
		ids = append(ids, g.idIn(tx, p))
	}
	return ids
}

func TestEveryCommandIsUndone(t *testing.T) {
	g := newGarden(t)
	g.make("Europe/", "Asia/", "Europe/Italy", "Europe/North/", "Europe/North/Oslo", "Asia/Japan", "World")
	const start = "Asia(Japan) Europe(North(Oslo) Italy) World"
	g.expect(Root, start)
	for _, c := range []struct {
		what  string
		do    func(tx *kv.Tx) error
		after string
	}{
		{"create “Malta”", func(tx *kv.Tx) error {
			_, err := g.tree.Create(tx, New{Parent: g.idIn(tx, "Europe"), Type: Shape, Name: "Malta"})
			return err
		}, "Asia(Japan) Europe(North(Oslo) Italy Malta) World"},
		{"rename “Italy” to “Italia”", func(tx *kv.Tx) error {
			_, err := g.tree.Rename(tx, g.idIn(tx, "Europe/Italy"), 0, "Italia")
			return err
		}, "Asia(Japan) Europe(North(Oslo) Italia) World"},
		{"move “North” to “Asia”", func(tx *kv.Tx) error {
			_, err := g.tree.Move(tx, []string{g.idIn(tx, "Europe/North")}, g.idIn(tx, "Asia"))
			return err
		}, "Asia(North(Oslo) Japan) Europe(Italy) World"},
		{"move 2 items to the top", func(tx *kv.Tx) error {
			_, err := g.tree.Move(tx, g.allIn(tx, []string{"Europe/North", "Europe/North/Oslo", "Asia/Japan", "World"}), Root)
			return err
		}, "Asia() Europe(Italy) North(Oslo) Japan World"},
		{"copy “Europe” to the top", func(tx *kv.Tx) error {
			_, err := g.tree.Copy(tx, []string{g.idIn(tx, "Europe")}, Root)
			return err
		}, "Asia(Japan) Europe(North(Oslo) Italy) Europe (2)(North(Oslo) Italy) World"},
		{"copy “Europe” to “North”", func(tx *kv.Tx) error {
			_, err := g.tree.Copy(tx, []string{g.idIn(tx, "Europe")}, g.idIn(tx, "Europe/North"))
			return err
		}, "Asia(Japan) Europe(North(Europe(North(Oslo) Italy) Oslo) Italy) World"},
		{"delete “Europe”", func(tx *kv.Tx) error {
			_, err := g.tree.Delete(tx, []string{g.idIn(tx, "Europe")})
			return err
		}, "Asia(Japan) World"},
		{"import", func(tx *kv.Tx) error {
			_, err := g.tree.Graft(tx, Graft{What: "import", Nodes: []New{
				{ID: "f", Type: Folder, Name: "Europe"},
				{Parent: "f", Type: Shape, Name: "Malta"},
			}, Trash: []string{g.idIn(tx, "Europe")}})
			return err
		}, "Asia(Japan) Europe(Malta) World"},
	} {
		g.must(c.do)
		g.expect(Root, c.after)
		if what := g.undo(); what != c.what {
			t.Errorf("undone: %s, want %s", what, c.what)
		}
		g.expect(Root, start)
		g.reopen()
		if what := g.redo(); what != c.what {
			t.Errorf("redone: %s, want %s", what, c.what)
		}
		g.expect(Root, c.after)
		g.undo()
		g.expect(Root, start)
		g.expect(Trash, "")
	}
}

func TestCommandsThatAreRefused(t *testing.T) {
	g := newGarden(t)
	g.make("A/", "A/B/", "A/B/C/", "A/x", "y", "Old/", "Old/z", "Gone")
	old := g.id("Old")
	if err := g.delete("Old", "Gone"); err != nil {
		t.Fatal(err)
	}
	g.busy = []Engaged{{ID: g.id("A/x"), Reason: "a run is in progress; stop it first"}}
	before := g.shape(Root)
	for name, c := range map[string]struct {
		do   func(tx *kv.Tx) error
		want error
	}{
		"name taken": {func(tx *kv.Tx) error { _, err := g.tree.Create(tx, New{Type: Folder, Name: "Y"}); return err }, ErrTaken},
		"id taken": {func(tx *kv.Tx) error {
			_, err := g.tree.Create(tx, New{ID: g.idIn(tx, "y"), Type: Shape, Name: "q"})
			return err
		}, ErrExists},
		"reserved id": {func(tx *kv.Tx) error { _, err := g.tree.Create(tx, New{ID: Trash, Type: Shape, Name: "q"}); return err }, ErrExists},
		"below a shape": {func(tx *kv.Tx) error {
			_, err := g.tree.Create(tx, New{Parent: g.idIn(tx, "y"), Type: Shape, Name: "q"})
			return err
		}, ErrNotFolder},
		"in the trash": {func(tx *kv.Tx) error {
			_, err := g.tree.Create(tx, New{Parent: old, Type: Shape, Name: "q"})
			return err
		}, ErrInTrash},
		"trash itself": {func(tx *kv.Tx) error {
			_, err := g.tree.Create(tx, New{Parent: Trash, Type: Shape, Name: "q"})
			return err
		}, ErrNotFolder},
		"no parent": {func(tx *kv.Tx) error {
			_, err := g.tree.Create(tx, New{Parent: "no", Type: Shape, Name: "q"})
			return err
		}, ErrNoNode},
		"rename taken":   {func(tx *kv.Tx) error { _, err := g.tree.Rename(tx, g.idIn(tx, "y"), 0, "a"); return err }, ErrTaken},
		"rename old":     {func(tx *kv.Tx) error { _, err := g.tree.Rename(tx, g.idIn(tx, "y"), 7, "q"); return err }, ErrVersion},
		"rename deleted": {func(tx *kv.Tx) error { _, err := g.tree.Rename(tx, old, 0, "q"); return err }, ErrInTrash},
		"into itself": {func(tx *kv.Tx) error {
			_, err := g.tree.Move(tx, []string{g.idIn(tx, "A/B")}, g.idIn(tx, "A/B"))
			return err
		}, ErrIntoItself},
		"into its child": {func(tx *kv.Tx) error {
			_, err := g.tree.Move(tx, []string{g.idIn(tx, "A/B")}, g.idIn(tx, "A/B/C"))
			return err
		}, ErrIntoItself},
		"into a shape": {func(tx *kv.Tx) error {
			_, err := g.tree.Move(tx, []string{g.idIn(tx, "A/B")}, g.idIn(tx, "y"))
			return err
		}, ErrNotFolder},
		"move to trash": {func(tx *kv.Tx) error { _, err := g.tree.Move(tx, []string{g.idIn(tx, "y")}, Trash); return err }, ErrNotFolder},
		"busy move":     {func(tx *kv.Tx) error { _, err := g.tree.Move(tx, []string{g.idIn(tx, "A/x")}, Root); return err }, ErrBusy},
		"busy delete": {func(tx *kv.Tx) error {
			_, err := g.tree.Delete(tx, []string{g.idIn(tx, "y"), g.idIn(tx, "A")})
			return err
		}, ErrBusy},
		"delete deleted": {func(tx *kv.Tx) error { _, err := g.tree.Delete(tx, []string{old}); return err }, ErrInTrash},
		"restore in":     {func(tx *kv.Tx) error { _, err := g.tree.Restore(tx, []string{g.idIn(tx, "y")}); return err }, ErrNotInTrash},
		"purge in":       {func(tx *kv.Tx) error { _, err := g.tree.Purge(tx, []string{g.idIn(tx, "y")}); return err }, ErrNotInTrash},
		"purge none":     {func(tx *kv.Tx) error { _, err := g.tree.Purge(tx, []string{"no"}); return err }, ErrNoNode},
		"redo":           {func(tx *kv.Tx) error { _, err := g.tree.Redo(tx); return err }, ErrNothing},
		"graft order": {func(tx *kv.Tx) error {
			_, err := g.tree.Graft(tx, Graft{Nodes: []New{{Parent: "f", Type: Shape, Name: "q"}, {ID: "f", Type: Folder, Name: "f"}}})
			return err
		}, ErrNotFolder},
		"graft twice": {func(tx *kv.Tx) error {
			_, err := g.tree.Graft(tx, Graft{Nodes: []New{{ID: "f", Type: Shape, Name: "q"}, {ID: "f", Type: Shape, Name: "r"}}})
			return err
		}, ErrExists},
	} {
		if err := g.do(c.do); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		g.expect(Root, before)
	}
	var busy *BusyError
	if err := g.delete("A"); !errors.As(err, &busy) || busy.Name != "x" || !strings.Contains(err.Error(), "stop it first") {
		t.Errorf("busy: %v", err)
	}
	var version *VersionError
	err := g.do(func(tx *kv.Tx) error { _, err := g.tree.Rename(tx, g.idIn(tx, "y"), 7, "q"); return err })
	if !errors.As(err, &version) || version.Want != 7 || version.Have != 1 {
		t.Errorf("version: %v", err)
	}
}

func TestBusyNodesAreNotUndoneAway(t *testing.T) {
	g := newGarden(t)
	g.make("A/", "A/x")
	g.busy = []Engaged{{ID: g.id("A/x"), Reason: "a run is in progress"}, {ID: "not in the tree yet"}}
	if err := g.do(func(tx *kv.Tx) error { _, err := g.tree.Undo(tx); return err }); !errors.Is(err, ErrBusy) {
		t.Errorf("undo of what is busy: %v", err)
	}
	g.expect(Root, "A(x)")
	g.must(func(tx *kv.Tx) error { _, err := g.tree.Rename(tx, g.busy[0].ID, 0, "X"); return err })
	if g.undo() != "rename “x” to “X”" {
		t.Error("a rename of what is busy was not undone")
	}
}

func TestNestingIsBounded(t *testing.T) {
	g := newGarden(t)
	g.must(func(tx *kv.Tx) error {
		parent := Root
		for i := range MaxDepth {
			n, err := g.tree.Create(tx, New{ID: fmt.Sprint("d", i+1), Parent: parent, Type: Folder, Name: "d"})
			if err != nil {
				return err
			}
			parent = n.ID
		}
		_, err := g.tree.Create(tx, New{ID: "two", Type: Folder, Name: "two"})
		if err == nil {
			_, err = g.tree.Create(tx, New{Parent: "two", Type: Shape, Name: "s"})
		}
		return err
	})
	for name, fn := range map[string]func(tx *kv.Tx) error{
		"create": func(tx *kv.Tx) error {
			_, err := g.tree.Create(tx, New{Parent: "d100", Type: Shape, Name: "q"})
			return err
		},
		"move": func(tx *kv.Tx) error { _, err := g.tree.Move(tx, []string{"two"}, "d99"); return err },
		"copy": func(tx *kv.Tx) error { _, err := g.tree.Copy(tx, []string{"two"}, "d99"); return err },
	} {
		if err := g.do(fn); !errors.Is(err, ErrTooDeep) {
			t.Errorf("%s: %v", name, err)
		}
	}
	g.must(func(tx *kv.Tx) error { _, err := g.tree.Move(tx, []string{"two"}, "d98"); return err })
	// What fitted when it was deleted goes to the top if it does not any more.
	g.must(func(tx *kv.Tx) error {
		if _, err := g.tree.Create(tx, New{ID: "up", Type: Folder, Name: "up"}); err != nil {
			return err
		}
		if _, err := g.tree.Delete(tx, []string{"two"}); err != nil {
			return err
		}
		if _, err := g.tree.Move(tx, []string{"d98"}, "up"); err != nil {
			return err
		}
		list, err := g.tree.Restore(tx, []string{"two"})
		if err != nil || len(list) != 1 || list[0].Parent != "d98" {
			t.Errorf("restored %+v, %v", list, err)
		}
		if _, err := g.tree.Delete(tx, []string{"two"}); err != nil {
			return err
		}
		if _, err := g.tree.Move(tx, []string{"d98"}, "d97"); err != nil {
			return err
		}
		if _, err := g.tree.Create(tx, New{ID: "in", Parent: "d100", Type: Folder, Name: "in"}); !errors.Is(err, ErrTooDeep) {
			t.Errorf("create below the deepest: %v", err)
		}
		return nil
	})
}
