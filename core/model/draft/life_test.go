package draft_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// state of a node's edit.
type state string

const (
	none  state = "none"
	open  state = "open"
	aside state = "draft"
)

func (d *desk) state(node string) state {
	switch w, err := d.get(node); {
	case errors.Is(err, draft.ErrNoEdit):
		return none
	case w.Draft:
		return aside
	default:
		return open
	}
}

// The whole life of an edit: what each operation does in each state.
func TestLife(t *testing.T) {
	ops := map[string]func(d *desk, w draft.WorkingCopy) error{
		"begin":    func(d *desk, w draft.WorkingCopy) error { _, err := d.beginAny(w); return err },
		"write":    func(d *desk, w draft.WorkingCopy) error { _, err := d.write(w, "x"); return err },
		"keep":     func(d *desk, w draft.WorkingCopy) error { _, err := d.keep(w.Node); return err },
		"continue": func(d *desk, w draft.WorkingCopy) error { _, err := d.resume(w.Node); return err },
		"discard":  func(d *desk, w draft.WorkingCopy) error { _, err := d.discard(w.Node); return err },
		"finish":   func(d *desk, w draft.WorkingCopy) error { _, err := d.finish(w.Node); return err },
		"crash":    func(d *desk, w draft.WorkingCopy) error { d.crash(); return nil },
	}
	type outcome struct {
		to  state
		err error
	}
	table := map[state]map[string]outcome{
		none: {
			"begin": {open, nil}, "write": {none, draft.ErrNoEdit}, "keep": {none, draft.ErrNoEdit}, "continue": {none, draft.ErrNoEdit},
			"discard": {none, draft.ErrNoEdit}, "finish": {none, draft.ErrNoEdit}, "crash": {none, nil},
		},
		open: {
			"begin": {open, draft.ErrEditing}, "write": {open, nil}, "keep": {aside, nil}, "continue": {open, draft.ErrEditing},
			"discard": {none, nil}, "finish": {none, nil}, "crash": {aside, nil},
		},
		aside: {
			"begin": {open, nil}, "write": {aside, draft.ErrDraft}, "keep": {aside, draft.ErrDraft}, "continue": {open, nil},
			"discard": {none, nil}, "finish": {aside, draft.ErrDraft}, "crash": {aside, nil},
		},
	}
	for from, row := range table {
		if len(row) != len(ops) {
			t.Fatalf("%s: %d of %d operations in the table", from, len(row), len(ops))
		}
		for op, want := range row {
			for _, isNew := range []bool{false, true} {
				d := onDesk(t)
				w := d.at(from, isNew)
				err := ops[op](d, w)
				if isNew && op == "begin" && from == aside { // a new node begins once
					want = outcome{aside, draft.ErrDraft}
				}
				if !errors.Is(err, want.err) || (err == nil) != (want.err == nil) {
					t.Errorf("%s in state %s (new %v): %v, want %v", op, from, isNew, err, want.err)
				}
				if got := d.state("n"); got != want.to {
					t.Errorf("%s in state %s (new %v): state is %s, want %s", op, from, isNew, got, want.to)
				}
				if err != nil && !strings.ContainsAny(err.Error(), "“\"") {
					t.Errorf("%s in state %s: %v does not name the node", op, from, err)
				}
			}
		}
	}
}

// at brings node n's edit into a state.
func (d *desk) at(s state, isNew bool) draft.WorkingCopy {
	d.t.Helper()
	w := draft.WorkingCopy{Node: "n", New: isNew}
	if !isNew {
		d.node("n")
	}
	if s == none {
		return w
	}
	w = must(d.t)(d.beginAny(w))
	if s == aside {
		w = must(d.t)(d.keep("n"))
	}
	return w
}

func (d *desk) beginAny(w draft.WorkingCopy) (draft.WorkingCopy, error) {
	if w.New {
		return d.beginNew(w.Node, tree.Root)
	}
	return d.begin(w.Node)
}

func TestWhoEdits(t *testing.T) {
	d := onDesk(t)
	d.node("n")
	must(t)(d.begin("n"))
	_, err := d.begin("n")
	var editing *draft.EditingError
	if !errors.As(err, &editing) || editing.Owner != "window" || editing.Node != "n" || !strings.Contains(err.Error(), "by window (last change 2026-01-01 00:00:01 UTC)") {
		t.Error(err)
	}
}

func TestCopiedAtTheFirstChange(t *testing.T) {
	d := onDesk(t)
	o := d.node("n")
	w := must(t)(d.begin("n"))
	if w.Shape != nil || w.Dirty || w.ShapeVersion != 1 || w.NodeVersion != 1 {
		t.Error("begun:", w)
	}
	put := func(change func(*draft.WorkingCopy)) draft.WorkingCopy {
		t.Helper()
		w := must(t)(d.get("n"))
		if w.Shape == nil {
			w.Shape = o.Shape.Clone()
		}
		change(&w)
		must(t)(inEph(d, func(tx *kv.Tx) (draft.WorkingCopy, error) { return draft.Write(tx, w, &o, d.now()) }))
		return must(t)(d.get("n"))
	}
	w = put(func(w *draft.WorkingCopy) { w.Name, w.Step = "m", 3 })
	if w.Shape != nil || !w.Dirty || !slices.Equal(w.Changes, []string{"name"}) || w.Step != 3 {
		t.Error("another name:", w)
	}
	w = put(func(w *draft.WorkingCopy) { w.Shape.Config.VectorTiles.MaxZoom, w.Description = 4, "words" })
	if w.Shape == nil || !slices.Equal(w.Changes, []string{"name", "description", "vectorTiles.maxzoom"}) {
		t.Error("another zoom:", w)
	}
	w = put(func(w *draft.WorkingCopy) { w.Name, w.Description, w.Shape = "n", "", o.Shape.Clone() })
	if w.Shape != nil || w.Dirty || w.Changes != nil {
		t.Error("changed back:", w)
	}
}

// What a screen may not change stays, whatever it hands in.
func TestWriteKeepsWhatIsNotTheScreens(t *testing.T) {
	d := onDesk(t)
	d.node("n")
	w := must(t)(d.begin("n"))
	forged := w
	forged.New, forged.Draft, forged.NodeVersion, forged.ShapeVersion, forged.Owner, forged.Parent = true, true, 9, 9, "x", "y"
	must(t)(d.write(forged, "title"))
	got := must(t)(d.get("n"))
	if diff := cmp.Diff([]any{w.New, w.Draft, w.NodeVersion, w.ShapeVersion, w.Owner, w.Parent},
		[]any{got.New, got.Draft, got.NodeVersion, got.ShapeVersion, got.Owner, got.Parent}); diff != "" {
		t.Error(diff)
	}
}

func TestAnOldHandWritesNoMore(t *testing.T) {
	d := onDesk(t)
	d.node("n")
	old := must(t)(d.begin("n"))
	must(t)(d.keep("n"))
	now := must(t)(d.resume("n"))
	if _, err := d.write(old, "late"); !errors.Is(err, draft.ErrLate) {
		t.Error(err)
	}
	must(t)(d.write(now, "title"))
}

func TestUsable(t *testing.T) {
	d := onDesk(t)
	d.node("old")
	must(t)(d.begin("old"))
	must(t)(d.beginNew("new", tree.Root))
	check := func(node string, want error, words string) {
		t.Helper()
		err := d.eph.View(func(tx *kv.Tx) error { return draft.Usable(tx, node, "exported") })
		if !errors.Is(err, want) || err != nil && err.Error() != words {
			t.Error(node, err)
		}
	}
	check("old", nil, "")
	check("nothing", nil, "")
	check("new", draft.ErrDraft, "“new” has not been finished and cannot be exported: it is a draft; continue it and finish first")
	if _, err := d.finish("new"); err != nil {
		t.Error(err)
	}
	check("new", nil, "")
}

func TestListsAndMoves(t *testing.T) {
	d := onDesk(t)
	d.node("c")
	must(t)(d.begin("c"))
	must(t)(d.beginNew("b", "folder"))
	must(t)(d.beginNew("a", tree.Root))
	names := func(list []draft.WorkingCopy, err error) string {
		t.Helper()
		var all []string
		if err != nil {
			t.Error(err)
		}
		for _, w := range list {
			all = append(all, w.Node)
		}
		return strings.Join(all, " ")
	}
	err := d.eph.Update(func(tx *kv.Tx) error {
		if got := names(draft.List(tx)); got != "a b c" {
			t.Error(got)
		}
		if got := names(draft.Under(tx, tree.Root)); got != "a" {
			t.Error(got)
		}
		if err := draft.Move(tx, "a", "folder", d.now()); err != nil {
			return err
		}
		if got := names(draft.Under(tx, "folder")); got != "a b" {
			t.Error(got)
		}
		if err := draft.Move(tx, "c", "folder", d.now()); err == nil {
			t.Error("the edit of a node in the tree was moved")
		}
		if err := draft.Move(tx, "x", "folder", d.now()); !errors.Is(err, draft.ErrNoEdit) {
			t.Error(err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFinishNamesEveryWrongField(t *testing.T) {
	d := onDesk(t)
	w := must(t)(d.beginNew("n", tree.Root))
	w.Name, w.Description = "a/b", strings.Repeat("x", tree.MaxDescription+1)
	w.Shape.Config.VectorTiles.Buffer, w.Shape.Source, w.Shape.Selection = 300, "mars", shape.Nothing()
	must(t)(inEph(d, func(tx *kv.Tx) (draft.WorkingCopy, error) { return draft.Write(tx, w, nil, d.now()) }))
	_, err := d.finish("n")
	var got []string
	for _, f := range shape.InvalidFields(err) {
		got = append(got, f.Field)
	}
	if diff := cmp.Diff([]string{"name", "description", "source", "vectorTiles.buffer", "selection"}, got); diff != "" {
		t.Error(diff, err)
	}
	if d.state("n") != open || d.marks() != 0 {
		t.Error("the edit was not kept as it was")
	}
	if bad := shape.InvalidFields(w.ValidateStep(shape.StepSource, nil)); len(bad) != 1 || bad[0].Field != "source" {
		t.Error(bad)
	}
	if bad := shape.InvalidFields((&draft.WorkingCopy{Name: "ok"}).Validate(&shape.Shape{})); len(bad) == 0 {
		t.Error("the original's fields are not looked at")
	}
}
