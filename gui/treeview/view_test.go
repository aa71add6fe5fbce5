package treeview

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
)

func nodes() []engine.Node {
	return []engine.Node{{ID: "a", Name: "Alpha"}, {ID: "b", Name: "Beta", HasTiles: true}, {ID: "c", Name: "Gamma"}}
}

func newTree(t *testing.T) (*Tree, *[]string, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	tree := New()
	opened := &[]string{}
	tree.OnOpen = func(n engine.Node) { *opened = append(*opened, n.ID) }
	w := test.NewTempWindow(t, tree)
	w.Resize(fyne.NewSize(250, 300))
	return tree, opened, w
}

func TestTheFirstNodeIsChosen(t *testing.T) {
	tree, opened, _ := newTree(t)
	if _, ok := tree.Chosen(); ok {
		t.Error("an empty tree has a choice")
	}
	tree.SetNodes(nodes())
	if len(*opened) != 1 || (*opened)[0] != "a" {
		t.Errorf("opened %v", *opened)
	}
	// The same nodes again, with news of one: the choice stays, and nothing opens.
	again := nodes()
	again[0].HasTiles = true
	tree.SetNodes(again)
	if n, ok := tree.Chosen(); !ok || n.ID != "a" || !n.HasTiles || len(*opened) != 1 {
		t.Errorf("chosen %v, opened %v", n, *opened)
	}
	tree.SetNodes(nodes()[1:])
	if len(*opened) != 2 || (*opened)[1] != "b" {
		t.Errorf("after the chosen one went: opened %v", *opened)
	}
	tree.SetNodes(nil)
	if _, ok := tree.Chosen(); ok {
		t.Error("an emptied tree has a choice")
	}
}

func TestKeys(t *testing.T) {
	tree, opened, w := newTree(t)
	tree.SetNodes(nodes())
	w.Canvas().Focus(tree)
	for _, tt := range []struct {
		key  fyne.KeyName
		want string
	}{
		{fyne.KeyEnd, "c"},
		{fyne.KeyHome, "a"},
		{fyne.KeyPageDown, "c"},
		{fyne.KeyPageUp, "a"},
	} {
		tree.TypedKey(&fyne.KeyEvent{Name: tt.key})
		if got := (*opened)[len(*opened)-1]; got != tt.want {
			t.Errorf("%s opens %s, want %s", tt.key, got, tt.want)
		}
	}
	tree.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	tree.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got := (*opened)[len(*opened)-1]; got != "b" {
		t.Errorf("Down and Enter open %s", got)
	}
}

func TestRowsTellWhetherThereAreTiles(t *testing.T) {
	test.NewTempApp(t)
	row := newRow()
	updateRow(row, nodes()[0])
	icon := row.(*fyne.Container).Objects[1].(*widget.Icon)
	plain := icon.Resource
	updateRow(row, nodes()[1])
	if icon.Resource == plain || icon.Resource.Name() != theme.GridIcon().Name() {
		t.Error("the icon is the same")
	}
	if got := row.(*fyne.Container).Objects[0].(*widget.Label).Text; got != "Beta" {
		t.Errorf("the row says %q", got)
	}
}

func TestStep(t *testing.T) {
	m := newModel(nodes())
	for _, tt := range []struct {
		from string
		by   int
		want string
	}{{"a", 1, "b"}, {"a", -1, "a"}, {"b", 9, "c"}, {"gone", 1, "b"}} {
		if got := m.step(tt.from, tt.by); got != tt.want {
			t.Errorf("%d from %s: %s, want %s", tt.by, tt.from, got, tt.want)
		}
	}
	if got := newModel(nil).step("a", 1); got != "" {
		t.Errorf("in an empty tree: %q", got)
	}
}
