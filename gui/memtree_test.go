package gui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// memTree is an engine's tree in memory: it keeps the rules that the window
// shows, so that tests meet refusals where people do. Undo goes back to a
// picture of the whole.
type memTree struct {
	mu       sync.Mutex
	nodes    map[string]engine.Node
	next     int
	undo     []step
	redo     []step
	sessions []engine.Session
	drafts   map[string]engine.Edit
	watch    []func(engine.Session)
	recovery engine.Recovery
	fail     map[string]error // by method: the next calls fail so
	calls    []string
}

type step struct {
	what          string
	before, after map[string]engine.Node
}

func newMemTree() *memTree {
	return &memTree{nodes: map[string]engine.Node{}, drafts: map[string]engine.Edit{}, fail: map[string]error{}}
}

// grow puts nodes in by path, "/" at the end of a folder's; a shape has tiles.
func (m *memTree) grow(paths ...string) *memTree {
	for _, path := range paths {
		parent, typ := tree.Root, tree.Folder
		names := strings.Split(strings.TrimSuffix(path, "/"), "/")
		for i, name := range names {
			if i == len(names)-1 && !strings.HasSuffix(path, "/") {
				typ = tree.Shape
			}
			parent = m.put(parent, name, typ)
		}
	}
	return m
}

func (m *memTree) put(parent, name string, typ tree.Type) string {
	for id, n := range m.nodes {
		if n.Parent == parent && n.Name == name {
			return id
		}
	}
	m.next++
	id := fmt.Sprintf("n%d", m.next)
	m.nodes[id] = engine.Node{ID: id, Parent: parent, Name: name, Type: typ, HasTiles: typ == tree.Shape, Version: 1}
	return id
}

// at returns the node of a path.
func (m *memTree) at(path string) engine.Node {
	parent := tree.Root
	if rest, in := strings.CutPrefix(path, "trash:"); in {
		parent, path = tree.Trash, rest
	}
	var at engine.Node
	for name := range strings.SplitSeq(path, "/") {
		found := false
		for _, n := range m.list(parent) {
			if n.Name == name {
				at, parent, found = n, n.ID, true
			}
		}
		if !found {
			return engine.Node{}
		}
	}
	return at
}

// begin notes a call and returns the error it is to fail with. The caller
// holds the lock.
func (m *memTree) begin(call string) error {
	m.calls = append(m.calls, call)
	return m.fail[call]
}

func (m *memTree) list(parent string) []engine.Node {
	var list []engine.Node
	for _, n := range m.nodes {
		if n.Parent == parent {
			n.Children = m.count(n.ID)
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b engine.Node) int {
		if a.Type != b.Type {
			return strings.Compare(string(a.Type), string(b.Type))
		}
		return strings.Compare(tree.Fold(a.Name), tree.Fold(b.Name))
	})
	return list
}

func (m *memTree) count(parent string) (n int) {
	for _, node := range m.nodes {
		if node.Parent == parent {
			n++
		}
	}
	return n
}

func (m *memTree) Children(_ context.Context, parent string) ([]engine.Node, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.list(parent), m.begin("Children")
}

func (m *memTree) Recovery(context.Context) engine.Recovery { return m.recovery }

func (m *memTree) path(id string) (way []engine.Node) {
	for id != tree.Root && id != tree.Trash {
		n, known := m.nodes[id]
		if !known {
			return nil
		}
		way = append([]engine.Node{n}, way...)
		id = n.Parent
	}
	return way
}

func (m *memTree) PathOf(_ context.Context, id string) ([]engine.Node, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	way := m.path(id)
	if way == nil {
		return nil, tree.ErrNoNode
	}
	return way, m.begin("PathOf")
}

func (m *memTree) Search(_ context.Context, text string, limit int) ([]engine.Found, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []engine.Found
	for _, n := range m.nodes {
		if strings.Contains(tree.Fold(n.Name), tree.Fold(text)) && n.Parent != tree.Trash {
			var names []string
			for _, p := range m.path(n.Parent) {
				names = append(names, p.Name)
			}
			found = append(found, engine.Found{Node: n, Path: strings.Join(names, " / ")})
		}
	}
	slices.SortFunc(found, func(a, b engine.Found) int { return strings.Compare(a.Node.Name, b.Node.Name) })
	return found[:min(len(found), limit)], m.begin("Search")
}

// change runs a command that can be undone.
func (m *memTree) change(call, what string, run func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.begin(call); err != nil {
		return err
	}
	before := clone(m.nodes)
	if err := run(); err != nil {
		m.nodes = before
		return err
	}
	m.undo = append(m.undo, step{what, before, clone(m.nodes)})
	m.redo = nil
	return nil
}

func clone(nodes map[string]engine.Node) map[string]engine.Node {
	c := make(map[string]engine.Node, len(nodes))
	for id, n := range nodes {
		c[id] = n
	}
	return c
}

func (m *memTree) taken(parent, name, but string) bool {
	for id, n := range m.nodes {
		if id != but && n.Parent == parent && tree.Fold(n.Name) == tree.Fold(name) {
			return true
		}
	}
	return false
}

func (m *memTree) CreateFolder(_ context.Context, parent, name string) (n engine.Node, err error) {
	err = m.change("CreateFolder", "new folder “"+name+"”", func() error {
		if m.taken(parent, name, "") {
			return tree.ErrTaken
		}
		n = m.nodes[m.put(parent, name, tree.Folder)]
		return nil
	})
	return n, err
}

func (m *memTree) Rename(_ context.Context, id, name string) (n engine.Node, err error) {
	err = m.change("Rename", "rename “"+m.nodes[id].Name+"”", func() error {
		clean, err := tree.CleanName(name)
		if err != nil {
			return err
		}
		n = m.nodes[id]
		if m.taken(n.Parent, clean, id) {
			return tree.ErrTaken
		}
		n.Name = clean
		m.nodes[id] = n
		return nil
	})
	return n, err
}

// busy refuses what touches a session that runs.
func (m *memTree) busy(ids []string) error {
	for id, n := range m.nodes {
		if n.Session == "" {
			continue
		}
		for at := id; at != tree.Root && at != tree.Trash; at = m.nodes[at].Parent {
			if slices.Contains(ids, at) {
				return &tree.BusyError{ID: id, Name: n.Name, Reason: "a session runs"}
			}
		}
	}
	return nil
}

func (m *memTree) Move(_ context.Context, ids []string, parent string) error {
	return m.change("Move", "move", func() error {
		if err := m.busy(ids); err != nil {
			return err
		}
		for at := parent; at != tree.Root; at = m.nodes[at].Parent {
			if slices.Contains(ids, at) {
				return tree.ErrIntoItself
			}
		}
		for _, id := range ids {
			n := m.nodes[id]
			if m.taken(parent, n.Name, id) {
				return tree.ErrTaken
			}
			n.Parent = parent
			m.nodes[id] = n
		}
		return nil
	})
}

func (m *memTree) free(parent, name string) string {
	free, _ := tree.FreeName(name, func(s string) (bool, error) { return m.taken(parent, s, ""), nil })
	return free
}

func (m *memTree) Copy(_ context.Context, ids []string, parent string) (made []engine.Node, err error) {
	err = m.change("Copy", "copy", func() error {
		for _, id := range ids {
			made = append(made, m.nodes[m.copyOne(id, parent)])
		}
		return nil
	})
	return made, err
}

func (m *memTree) copyOne(id, parent string) string {
	n := m.nodes[id]
	below := m.list(id)
	made := m.put(parent, m.free(parent, n.Name), n.Type)
	for _, child := range below {
		m.copyOne(child.ID, made)
	}
	return made
}

func (m *memTree) Delete(_ context.Context, ids []string) error {
	return m.change("Delete", "delete", func() error {
		if err := m.busy(ids); err != nil {
			return err
		}
		for _, id := range ids {
			n := m.nodes[id]
			n.From, n.Deleted = "", time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)
			for _, p := range m.path(n.Parent) {
				n.From += p.Name
			}
			n.Parent = tree.Trash
			m.nodes[id] = n
		}
		return nil
	})
}

func (m *memTree) Restore(_ context.Context, ids []string) (back []engine.Node, err error) {
	err = m.change("Restore", "restore", func() error {
		for _, id := range ids {
			n := m.nodes[id]
			n.Name, n.Parent, n.From, n.Deleted = m.free(tree.Root, n.Name), tree.Root, "", time.Time{}
			m.nodes[id] = n
			back = append(back, n)
		}
		return nil
	})
	return back, err
}

func (m *memTree) remove(id string) {
	for _, n := range m.list(id) {
		m.remove(n.ID)
	}
	delete(m.nodes, id)
}

func (m *memTree) Purge(_ context.Context, ids []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		m.remove(id)
	}
	return m.begin("Purge")
}

func (m *memTree) EmptyTrash(context.Context) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.nodes)
	for _, t := range m.list(tree.Trash) {
		m.remove(t.ID)
	}
	return n - len(m.nodes), m.begin("EmptyTrash")
}

func (m *memTree) Undo(context.Context) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.undo) == 0 {
		return "", tree.ErrNothing
	}
	s := m.undo[len(m.undo)-1]
	m.undo, m.redo = m.undo[:len(m.undo)-1], append(m.redo, s)
	m.nodes = clone(s.before)
	return s.what, m.begin("Undo")
}

func (m *memTree) Redo(context.Context) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.redo) == 0 {
		return "", tree.ErrNothing
	}
	s := m.redo[len(m.redo)-1]
	m.redo, m.undo = m.redo[:len(m.redo)-1], append(m.undo, s)
	m.nodes = clone(s.after)
	return s.what, m.begin("Redo")
}

func (m *memTree) UndoState(context.Context) (u engine.UndoState, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.undo); n > 0 {
		u.Undo = m.undo[n-1].what
	}
	if n := len(m.redo); n > 0 {
		u.Redo = m.redo[n-1].what
	}
	return u, nil
}

func (m *memTree) AddFile(_ context.Context, path string) (engine.Fetched, error) {
	return engine.Fetched{Title: "Italy, level 1, of GADM"}, m.fail["AddFile"]
}

func (m *memTree) Restricted(context.Context, []string) error { return m.fail["Restricted"] }

func (m *memTree) Export(_ context.Context, ids []string, path string, o engine.ExportOptions) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, fmt.Sprintf("export %v %s %v", ids, path, o.Tiles))
	return m.fail["Export"]
}

func (m *memTree) Import(_ context.Context, path, parent string, p engine.Policy) (engine.Imported, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, fmt.Sprintf("import %s %s", path, p))
	if err := m.fail["Import"]; err != nil {
		return engine.Imported{}, err
	}
	id := m.put(parent, m.free(parent, "Imported"), tree.Shape)
	return engine.Imported{Nodes: []engine.Node{m.nodes[id]}, Made: 1, Tiles: 1}, nil
}

func (m *memTree) New(_ context.Context, parent string, with engine.NewShape) (engine.Edit, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.begin("New"); err != nil {
		return engine.Edit{}, err
	}
	id := m.put(parent, with.Name, tree.Shape)
	n := m.nodes[id]
	n.New, n.Draft, n.HasTiles = true, true, false
	m.nodes[id] = n
	e := engine.Edit{WorkingCopy: draft.WorkingCopy{Node: id, Parent: parent, New: true, Name: with.Name, Shape: &shape.Shape{}}}
	m.drafts[id] = e
	return e, nil
}

func (m *memTree) Edit(_ context.Context, id string) (engine.Edit, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.begin("Edit"); err != nil {
		return engine.Edit{}, err
	}
	n := m.nodes[id]
	n.Draft = true
	m.nodes[id] = n
	return engine.Edit{WorkingCopy: draft.WorkingCopy{Node: id, Name: n.Name, Shape: &shape.Shape{}}}, nil
}

func (m *memTree) KeepDraft(context.Context, string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.begin("KeepDraft")
}

func (m *memTree) Discard(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.begin("Discard"); err != nil {
		return err
	}
	n := m.nodes[id]
	n.Draft = false
	m.nodes[id] = n
	if n.New {
		delete(m.nodes, id)
	}
	return nil
}

func (m *memTree) Start(_ context.Context, node string) (engine.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.begin("Start"); err != nil {
		return engine.Session{}, err
	}
	n := m.nodes[node]
	if n.Session != "" {
		return engine.Session{}, errors.New("NODE_ALREADY_PROCESSING: a session of “" + n.Name + "” runs")
	}
	n.Session = session.Running
	m.nodes[node] = n
	s := engine.Session{Session: session.Session{ID: "s-" + node, Node: node, Status: session.Running}, NodeName: n.Name}
	m.sessions = append(m.sessions, s)
	return s, nil
}

func (m *memTree) Sessions(context.Context) ([]engine.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sessions), nil
}

func (m *memTree) Resume(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.begin("Resume " + id)
}

func (m *memTree) Cancel(_ context.Context, id, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, s := range m.sessions {
		if s.ID == id {
			m.sessions[i].Status = session.Cancelled
			n := m.nodes[s.Node]
			n.Session = ""
			m.nodes[s.Node] = n
		}
	}
	return m.begin("Cancel " + id)
}

func (m *memTree) Watch(fn func(engine.Session)) func() {
	m.watch = append(m.watch, fn)
	at := len(m.watch) - 1
	return func() { m.watch[at] = func(engine.Session) {} }
}

// tell is the engine telling of a session.
func (m *memTree) tell(s engine.Session) {
	for _, fn := range m.watch {
		fn(s)
	}
}

// draftOf puts the draft of a node to be into a folder.
func (m *memTree) draftOf(folder, name string) {
	parent := m.at(strings.TrimSuffix(folder, "/")).ID
	id := m.put(parent, name, tree.Shape)
	n := m.nodes[id]
	n.New, n.Draft, n.HasTiles = true, true, false
	m.nodes[id] = n
}

func (m *memTree) Change(context.Context, *engine.Edit) error { return nil }

func (m *memTree) Finish(_ context.Context, id string) (engine.Node, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.nodes[id]
	n.New, n.Draft = false, false
	m.nodes[id] = n
	return n, m.begin("Finish")
}

func (m *memTree) Countries(context.Context) ([]engine.Country, error) {
	return []engine.Country{{ISO3: "ITA", Name: "Italy"}, {ISO3: "FRA", Name: "France"}}, nil
}

func (m *memTree) Sources() ([]source.About, error) { return nil, nil }

func (m *memTree) Offers(context.Context, shape.Source, shape.Variant) (engine.Matrix, error) {
	return engine.Matrix{}, nil
}

func (m *memTree) Places(string) ([]admin.Country, error) { return nil, nil }

func (m *memTree) Terms(_ context.Context, s shape.Source, _ shape.Variant, _ shape.Selection) (shape.Terms, error) {
	t, _ := shape.TermsOf(s)
	return t, nil
}

func (m *memTree) Accepted(shape.Source) (*shape.Consent, error) { return nil, nil }

func (m *memTree) Tasks(context.Context, string, string, string, int) ([]engine.Task, error) {
	return nil, nil
}

func (m *memTree) Pause(context.Context, string) error { return nil }

func (m *memTree) Retry(context.Context, string, string) error { return nil }

func (m *memTree) Runs(context.Context, string) ([]shape.RunSummary, error) { return nil, nil }

func (m *memTree) Session(_ context.Context, ref string) (engine.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range slices.Backward(m.sessions) {
		if s.ID == ref || s.Node == ref {
			return s, nil
		}
	}
	return engine.Session{}, engine.ErrNoSession
}

// finish is the engine ending a session well.
func (m *memTree) finish(s engine.Session, tiles int64) {
	n := m.nodes[s.Node]
	n.HasTiles, n.Session = true, ""
	m.nodes[s.Node] = n
	s.Status, s.Tiles, s.Progress.Overall = session.Completed, tiles, 100
	for i := range m.sessions {
		if m.sessions[i].ID == s.ID {
			m.sessions[i] = s
		}
	}
	m.tell(s)
}
