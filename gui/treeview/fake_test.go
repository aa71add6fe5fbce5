package treeview

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// folders is an engine of folders: the nodes of each, by its id. A node whose
// name ends in "/" is a folder; a node's id is its name.
type folders struct {
	of    map[string][]string
	fault map[string]error
	asked []string
}

func (f *folders) node(parent, name string) engine.Node {
	n := engine.Node{ID: name, Parent: parent, Name: strings.TrimSuffix(name, "/"), Type: tree.Shape, HasTiles: true}
	if strings.HasSuffix(name, "/") {
		n.Type, n.HasTiles, n.Children = tree.Folder, false, len(f.of[name])
	}
	return n
}

func (f *folders) Children(_ context.Context, parent string) ([]engine.Node, error) {
	f.asked = append(f.asked, parent)
	nodes := make([]engine.Node, 0, len(f.of[parent]))
	for _, name := range f.of[parent] {
		nodes = append(nodes, f.node(parent, name))
	}
	return nodes, f.fault[parent]
}

func (f *folders) path(ids ...string) []engine.Node {
	parent := tree.Root
	var way []engine.Node
	for _, id := range ids {
		way = append(way, f.node(parent, id))
		parent = id
	}
	return way
}

// bench is a tree in a window.
type bench struct {
	*Tree
	t       *testing.T
	w       fyne.Window
	f       *folders
	now     time.Time
	opened  []string
	chosen  []string
	moved   string
	said    string
	deleted int
}

func newBench(t *testing.T, of map[string][]string) *bench {
	t.Helper()
	test.NewTempApp(t)
	b := &bench{t: t, f: &folders{of: of, fault: map[string]error{}}, now: time.Unix(1000, 0)}
	b.Tree = New(Host{Tasks: kit.InlineTasks(), Engine: b.f, Now: func() time.Time { return b.now }})
	b.OnOpen = func(n engine.Node) { b.opened = append(b.opened, n.ID) }
	b.OnChosen = func(nodes []engine.Node, _ bool) {
		b.chosen = nil
		for _, n := range nodes {
			b.chosen = append(b.chosen, n.ID)
		}
	}
	b.OnMove = func(ids []string, parent string) { b.moved = strings.Join(ids, ",") + ">" + parent }
	b.OnSay = func(s string) { b.said = s }
	b.OnDelete = func() { b.deleted++ }
	b.w = test.NewTempWindow(t, b.Tree)
	b.w.Resize(fyne.NewSize(300, 400))
	b.Reload()
	return b
}

func europe() map[string][]string {
	return map[string][]string{"": {"Asia/", "Europe/", "World"}, "Europe/": {"North/", "France", "Italy"}, "North/": {"Norway"}}
}

// rows are the rows as words, indented.
func (b *bench) rows() []string {
	var out []string
	for _, r := range b.model.rows {
		word := r.id
		if r.kind == noteRow {
			word = "(" + r.note + ")"
		}
		out = append(out, strings.Repeat(" ", r.depth)+word)
	}
	return out
}

func (b *bench) want(rows ...string) {
	b.t.Helper()
	if got := b.rows(); !slices.Equal(got, append(rows, "trash")) {
		b.t.Errorf("rows %q, want %q and the trash", got, rows)
	}
}

func (b *bench) key(keys ...fyne.KeyName) {
	for _, k := range keys {
		b.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

// view returns the view of a row that can be seen.
func (b *bench) view(id string) *rowView {
	b.t.Helper()
	for _, r := range b.pool {
		if r.at >= 0 && r.id() == id && r.Visible() {
			return r
		}
	}
	b.t.Fatalf("no row of %q to be seen", id)
	return nil
}

// texts are the words that can be seen.
func (b *bench) texts() string {
	var texts []string
	for _, o := range test.LaidOutObjects(b.Tree) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			texts = append(texts, l.Text)
		}
	}
	return strings.Join(texts, "|")
}

// errDisk is a failure of the engine.
func errDisk() error { return errors.New("disk error") }

// many makes n names.
func many(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("node %06d", i)
	}
	return names
}
