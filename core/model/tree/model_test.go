package tree

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"pgregory.net/rapid"
)

// plot is what a person can tell of a node.
type plot struct {
	Parent, Name, Text, From string
	Type                     Type
}

// world is the tree and the trash, by id: a plain model.
type world map[string]plot

func (w world) below(id, top string) bool {
	for id != Root && id != Trash {
		if id == top {
			return true
		}
		id = w[id].Parent
	}
	return false
}

func (w world) root(id string) string {
	for id != Root && id != Trash {
		id = w[id].Parent
	}
	return id
}

func (w world) taken(parent, name, but string) bool {
	for id, p := range w {
		if p.Parent == parent && id != but && Fold(p.Name) == Fold(name) {
			return true
		}
	}
	return false
}

// spare names a node in a folder as commands do.
func (w world) spare(parent, name, but string) string {
	name, _ = FreeName(name, func(name string) (bool, error) { return w.taken(parent, name, but), nil })
	return name
}

func (w world) ids(in func(plot) bool) (ids []string) {
	for id, p := range w {
		if in(p) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// moment is a step of the model's journal: the worlds around it.
type moment struct{ before, after world }

// touched returns the nodes that the step is about: of what is new, only what
// does not come along with a new folder.
func (m moment) touched() (ids []string) {
	for id, p := range m.after {
		_, old := m.before[id]
		_, within := m.after[p.Parent]
		_, oldUp := m.before[p.Parent]
		if m.before[id] != p && (old || !within || oldUp) {
			ids = append(ids, id)
		}
	}
	for id := range m.before {
		if _, there := m.after[id]; !there {
			ids = append(ids, id)
		}
	}
	return ids
}

// machine drives a tree and its model.
type machine struct {
	*garden
	now  world
	done []moment
	redo []moment
}

// step carries out a command on both; what says how the model changes, or is
// nil if the command must fail with want.
func (m *machine) step(t *rapid.T, do func(tx *kv.Tx) error, want error, after world) {
	err := m.do(do)
	if want != nil {
		if !errors.Is(err, want) {
			t.Fatalf("%v, want %v", err, want)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if maps.Equal(m.now, after) {
		return
	}
	m.done, m.redo = append(m.done, moment{m.now, after}), nil
	if len(m.done) > MaxUndo {
		m.done = m.done[1:]
	}
	m.now = after
}

func (m *machine) pick(t *rapid.T, in func(plot) bool) []string {
	ids := m.now.ids(in)
	if len(ids) == 0 {
		return nil
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, min(3, len(ids)), rapid.ID).Draw(t, "nodes")
}

func (m *machine) shown(p plot) bool { return p.Parent != Trash && m.now.root(p.Parent) == Root }

func (m *machine) folder(t *rapid.T) string {
	return rapid.SampledFrom(append(m.now.ids(func(p plot) bool { return p.Type == Folder && m.shown(p) }), Root)).Draw(t, "folder")
}

// tops leaves out what lies below another of ids.
func (m *machine) tops(ids []string) (tops []string) {
	for _, id := range ids {
		if !slices.ContainsFunc(ids, func(o string) bool { return o != id && m.now.below(id, o) }) {
			tops = append(tops, id)
		}
	}
	return tops
}

func names() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"a", "A", "b", "a (2)", "São", "SÃO", "Sao", "Level 10", "Level 2"})
}

func (m *machine) Create(t *rapid.T) {
	n := New{Parent: m.folder(t), Type: rapid.SampledFrom([]Type{Folder, Folder, Shape}).Draw(t, "type"), Name: names().Draw(t, "name")}
	after := maps.Clone(m.now)
	var want error
	if m.now.taken(n.Parent, n.Name, "") {
		want = ErrTaken
	}
	var made Node
	m.step(t, func(tx *kv.Tx) (err error) {
		if made, err = m.tree.Create(tx, n); err == nil {
			after[made.ID] = plot{Parent: n.Parent, Name: n.Name, Type: n.Type}
		}
		return err
	}, want, after)
}

func (m *machine) Edit(t *rapid.T) {
	ids := m.pick(t, m.shown)
	if ids == nil {
		return
	}
	p, name, text := m.now[ids[0]], names().Draw(t, "name"), rapid.SampledFrom([]string{"", "x"}).Draw(t, "text")
	var want error
	if m.now.taken(p.Parent, name, ids[0]) {
		want = ErrTaken
	}
	after := maps.Clone(m.now)
	p.Name, p.Text = name, text
	after[ids[0]] = p
	m.step(t, func(tx *kv.Tx) error {
		_, err := m.tree.Edit(tx, ids[0], Edit{Name: name, Description: text})
		return err
	}, want, after)
}

func (m *machine) Move(t *rapid.T) {
	ids, to := m.pick(t, m.shown), m.folder(t)
	if ids == nil {
		return
	}
	after := maps.Clone(m.now)
	var want error
	for _, id := range m.tops(ids) {
		if m.now.below(to, id) {
			want = ErrIntoItself
		}
		if p := after[id]; p.Parent != to {
			p.Name, p.Parent = after.spare(to, p.Name, id), to
			after[id] = p
		}
	}
	m.step(t, func(tx *kv.Tx) error { _, err := m.tree.Move(tx, ids, to); return err }, want, after)
}

func (m *machine) Copy(t *rapid.T) {
	ids, to := m.pick(t, m.shown), m.folder(t)
	if ids == nil || len(m.now) > 60 {
		return
	}
	after := maps.Clone(m.now)
	m.step(t, func(tx *kv.Tx) error {
		c, err := m.tree.Copy(tx, ids, to)
		for old, id := range c.IDs {
			p := m.now[old]
			if up, along := c.IDs[p.Parent]; along {
				p.Parent = up
				after[id] = p
			}
		}
		for _, top := range m.tops(ids) { // names get their numbers in order
			p := m.now[top]
			p.Parent, p.Name = to, after.spare(to, p.Name, "")
			after[c.IDs[top]] = p
		}
		return err
	}, nil, after)
}

func (m *machine) Delete(t *rapid.T) {
	ids := m.pick(t, m.shown)
	if ids == nil {
		return
	}
	after := maps.Clone(m.now)
	for _, id := range m.tops(ids) {
		p := after[id]
		p.From, p.Parent = p.Parent, Trash
		after[id] = p
	}
	m.step(t, func(tx *kv.Tx) error { _, err := m.tree.Delete(tx, ids); return err }, nil, after)
}

func (m *machine) Restore(t *rapid.T) {
	ids := m.pick(t, func(p plot) bool { return p.Parent == Trash })
	if ids == nil {
		return
	}
	id, after := ids[0], maps.Clone(m.now) // several at once have a test of their own
	p := after[id]
	to := p.From
	if up, there := after[to]; to != Root && (!there || up.Type != Folder || after.root(to) != Root) {
		to = Root
	}
	p.Parent, p.From, p.Name = to, "", after.spare(to, p.Name, id)
	after[id] = p
	m.step(t, func(tx *kv.Tx) error { _, err := m.tree.Restore(tx, []string{id}); return err }, nil, after)
}

func (m *machine) Purge(t *rapid.T) {
	ids := m.pick(t, func(p plot) bool { return p.Parent == Trash })
	if ids == nil {
		return
	}
	want := m.now.ids(func(plot) bool { return true })
	want = slices.DeleteFunc(want, func(id string) bool {
		return !slices.ContainsFunc(ids, func(top string) bool { return m.now.below(id, top) })
	})
	var got []string
	m.must(func(tx *kv.Tx) (err error) { got, err = m.tree.Purge(tx, ids); return err })
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("purged (-want +got):\n%s", diff)
	}
	m.forget(got)
}

// forget takes nodes out of the model's past, as far as it still fits.
func (m *machine) forget(gone []string) {
	dead := func(id string) bool { return slices.Contains(gone, id) }
	without := func(w world) world {
		w = maps.Clone(w)
		maps.DeleteFunc(w, func(id string, _ plot) bool { return dead(id) })
		return w
	}
	var kept []moment
	for _, s := range slices.Backward(m.done) {
		some, others := false, false
		for _, id := range s.touched() {
			led := dead(s.before[id].Parent) || dead(s.after[id].Parent)
			some, others = some || dead(id) || led, others || !dead(id)
		}
		if some && others {
			break
		}
		if !some {
			kept = append(kept, moment{without(s.before), without(s.after)})
		}
	}
	slices.Reverse(kept)
	m.done, m.redo, m.now = kept, nil, without(m.now)
}

func (m *machine) Undo(t *rapid.T) {
	if len(m.done) == 0 {
		m.step(t, func(tx *kv.Tx) error { _, err := m.tree.Undo(tx); return err }, ErrNothing, nil)
		return
	}
	m.undo()
	last := m.done[len(m.done)-1]
	m.done, m.redo, m.now = m.done[:len(m.done)-1], append(m.redo, last), last.before
}

func (m *machine) Redo(t *rapid.T) {
	if len(m.redo) == 0 {
		m.step(t, func(tx *kv.Tx) error { _, err := m.tree.Redo(tx); return err }, ErrNothing, nil)
		return
	}
	m.garden.redo()
	next := m.redo[len(m.redo)-1]
	m.redo, m.done, m.now = m.redo[:len(m.redo)-1], append(m.done, next), next.after
}

func (m *machine) Reclaim(t *rapid.T) {
	m.must(func(tx *kv.Tx) error {
		_, _, err := m.tree.Reclaim(tx, rapid.IntRange(1, 5).Draw(t, "limit"))
		return err
	})
}

func (m *machine) Reopen(*rapid.T) { m.reopen() }

// check compares tree and model and looks at what must always hold.
func (m *machine) check(t *rapid.T) {
	m.must(func(tx *kv.Tx) error {
		got := world{}
		for _, top := range []string{Root, Trash} {
			for n, err := range Descendants(tx, top) {
				if err != nil {
					return err
				}
				got[n.ID] = plot{n.Parent, n.Name, n.Description, n.From, n.Type}
			}
		}
		if diff := cmp.Diff(m.now, got); diff != "" {
			t.Fatalf("tree (-model +tree):\n%s", diff)
		}
		hidden := 0
		for _, err := range Descendants(tx, Undone) {
			if err != nil {
				return err
			}
			hidden++
		}
		if all, err := Nodes().Count(tx, nil); err != nil || all != hidden+len(got) {
			t.Fatalf("%d nodes, of which %d are reached: %v", all, hidden+len(got), err)
		}
		undo, redo, err := History(tx)
		if err != nil || (undo != "") != (len(m.done) > 0) || (redo != "") != (len(m.redo) > 0) {
			t.Fatalf("history %q, %q, %v; the model has %d and %d", undo, redo, err, len(m.done), len(m.redo))
		}
		return Check(tx, func(f Finding) { t.Fatalf("found: %+v", f) })
	})
}

func TestTheTreeIsAsAPlainOneWouldBe(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{garden: newGarden(t), now: world{}}
		rt.Repeat(map[string]func(*rapid.T){
			"create": m.Create, "create 2": m.Create, "edit": m.Edit, "move": m.Move, "copy": m.Copy, "delete": m.Delete,
			"restore": m.Restore, "purge": m.Purge, "undo": m.Undo, "undo 2": m.Undo, "redo": m.Redo,
			"reclaim": m.Reclaim, "reopen": m.Reopen, "": m.check,
		})
		for len(m.done) > 0 { // all the way back
			m.Undo(rt)
			m.check(rt)
		}
		// The indexes are those of a full scan.
		if err := m.db.Check(func(f kv.Finding) { rt.Fatalf("found: %v", f) }); err != nil {
			rt.Fatal(err)
		}
	})
}
