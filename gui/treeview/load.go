package treeview

import (
	"context"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Engine is what the tree needs of the engine. Its methods are called off the
// window's goroutine.
type Engine interface {
	// Children lists a folder: folders first, then by name.
	Children(ctx context.Context, parent string) ([]engine.Node, error)
}

// loads are the folders that wait to be listed. One job lists at a time, so
// that an older list never replaces a newer one.
type loads struct {
	ctx    context.Context //nolint:containedctx // the tree's life, ended by Close
	wanted []string
	busy   bool
	then   []func() // run when nothing waits any more
}

// listing is a folder as the engine gave it.
type listing struct {
	parent string
	nodes  []engine.Node
	err    error
}

// Reload lists anew every folder that is open; the others when they are opened
// next.
func (t *Tree) Reload() {
	t.model.stale()
	t.load(t.model.openFolders()...)
}

// load lists folders in the background.
func (t *Tree) load(parents ...string) {
	t.loads.wanted = append(t.loads.wanted, parents...)
	t.loadNext()
}

func (t *Tree) loadNext() {
	if t.loads.busy {
		return
	}
	if len(t.loads.wanted) == 0 {
		then := t.loads.then
		t.loads.then = nil
		for _, f := range then {
			f()
		}
		return
	}
	t.loads.busy = true
	wanted := unique(t.loads.wanted)
	t.loads.wanted = nil
	kit.Load(t.loads.ctx, t.host.Tasks, func(ctx context.Context) ([]listing, error) {
		lists := make([]listing, 0, len(wanted))
		for _, parent := range wanted {
			nodes, err := t.host.Engine.Children(ctx, parent)
			lists = append(lists, listing{parent, nodes, err})
		}
		return lists, nil
	}, func(lists []listing, _ error) { t.loaded(lists) }, nil)
}

func unique(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	out := ids[:0]
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// loaded takes lists. A folder that has gone since tells of itself in its
// parent's list, so its own fault is not shown then.
func (t *Tree) loaded(lists []listing) {
	t.loads.busy = false
	wasAt, wasDepth := t.model.at[t.model.current], 0
	if t.model.current != "" {
		wasDepth = t.model.rows[wasAt].depth
	}
	for _, l := range lists {
		_, known := t.model.nodes[l.parent]
		switch {
		case !known && l.parent != tree.Root:
			delete(t.model.folders, l.parent)
		case l.err != nil:
			t.model.setFault(l.parent, l.err)
			if t.OnFault != nil {
				t.OnFault(t.model.nodes[l.parent], l.err)
			}
		default:
			t.model.setChildren(l.parent, l.nodes)
		}
	}
	t.model.lay()
	changed := t.model.keep(wasAt, wasDepth)
	if _, still := t.model.nodes[t.rename.id]; !still {
		t.endRename(false)
	}
	t.refit()
	switch {
	case changed:
		t.chosenChanged(false)
	case t.OnNews != nil:
		t.OnNews(t.Chosen(), t.TrashChosen())
	}
	t.loadNext()
}

// Reveal opens the folders on the way to a node and chooses it; then, which may
// be nil, is called after that. path goes from the top, the node last, as the
// engine's PathOf gives it.
func (t *Tree) Reveal(path []engine.Node, then func()) {
	if len(path) == 0 {
		return
	}
	var load []string
	parent := tree.Root
	for _, n := range path {
		if f := t.model.folder(parent); !f.loaded || !contains(f.children, n.ID) {
			load = append(load, parent)
		}
		t.model.folder(parent).open = true
		if _, known := t.model.nodes[n.ID]; !known {
			t.model.nodes[n.ID] = n // until its folder's list says more
		}
		parent = n.ID
	}
	t.model.lay()
	t.refit()
	id := path[len(path)-1].ID
	t.loads.then = append(t.loads.then, func() {
		if _, seen := t.model.at[id]; !seen {
			return // it has gone since
		}
		t.Choose(id)
		if then != nil {
			then()
		}
	})
	t.load(load...)
}

func contains(ids []string, id string) bool {
	for _, other := range ids {
		if other == id {
			return true
		}
	}
	return false
}
