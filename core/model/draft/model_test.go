package draft_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"pgregory.net/rapid"
)

// saved and edit are the plain model of a node and of its edit.
type saved struct {
	version uint64
	title   string
}

type edit struct {
	state state
	isNew bool
	base  uint64 // version that was copied
	title string
	wrote bool // there are settings of its own
}

// house compares the two databases with a plain model under random
// operations, ends of the program among them.
type house struct {
	t     *rapid.T
	d     *desk
	nodes map[string]saved
	edits map[string]edit
}

func TestAgainstAModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, remove := tempDir(t)
		defer remove()
		h := &house{t, newDesk(t, dir), map[string]saved{}, map[string]edit{}}
		defer h.d.close()
		for _, id := range []string{"a", "b"} {
			h.d.node(id)
			h.nodes[id] = saved{version: 1}
		}
		t.Repeat(map[string]func(*rapid.T){
			"begin": h.begin, "write": h.write, "keep": h.keep, "continue": h.resume, "discard": h.discard,
			"finish": h.finish, "cut": h.cut, "crash": h.crash, "change": h.change,
			"": h.check,
		})
	})
}

func (h *house) pick(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "node")
}

// want compares an error with what the model says; true if there is none.
func (h *house) want(t *rapid.T, got, want error) bool {
	t.Helper()
	if !errors.Is(got, want) || (got == nil) != (want == nil) {
		t.Fatalf("%v, want %v", got, want)
	}
	return got == nil
}

// must is why an operation that needs an edit of a state fails.
func (e edit) must(be state) error {
	switch {
	case e.state == be:
		return nil
	case e.state == "":
		return draft.ErrNoEdit
	case e.state == open:
		return draft.ErrEditing
	}
	return draft.ErrDraft
}

func (h *house) begin(t *rapid.T) {
	id := h.pick(t)
	node, there := h.nodes[id]
	e := h.edits[id]
	var want error
	switch {
	case e.state == open:
		want = draft.ErrEditing
	case e.state == aside && !there:
		want = draft.ErrDraft
	}
	var err error
	if there {
		_, err = h.d.begin(id)
	} else {
		_, err = h.d.beginNew(id, tree.Root)
	}
	if !h.want(t, err, want) {
		return
	}
	if e.state == "" {
		e = edit{isNew: !there, base: node.version, title: node.title, wrote: !there}
	}
	e.state = open
	h.edits[id] = e
}

func (h *house) write(t *rapid.T) {
	id := h.pick(t)
	e := h.edits[id]
	w, _ := h.d.get(id)
	w.Node = id
	title := rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "title")
	_, err := h.d.write(w, title)
	if h.want(t, err, e.must(open)) {
		e.title, e.wrote = title, e.isNew || title != h.nodes[id].title
		h.edits[id] = e
	}
}

func (h *house) keep(t *rapid.T) {
	id := h.pick(t)
	e := h.edits[id]
	_, err := h.d.keep(id)
	if h.want(t, err, e.must(open)) {
		e.state = aside
		h.edits[id] = e
	}
}

func (h *house) resume(t *rapid.T) {
	id := h.pick(t)
	e := h.edits[id]
	_, err := h.d.resume(id)
	if h.want(t, err, e.must(aside)) {
		e.state = open
		h.edits[id] = e
	}
}

func (h *house) discard(t *rapid.T) {
	id := h.pick(t)
	_, err := h.d.discard(id)
	var want error
	if h.edits[id].state == "" {
		want = draft.ErrNoEdit
	}
	if h.want(t, err, want) {
		delete(h.edits, id)
	}
}

// save is what a commit does to the model.
func (h *house) save(id string) error {
	e := h.edits[id]
	if err := e.must(open); err != nil {
		return err
	}
	if e.base != h.nodes[id].version {
		return draft.ErrStale
	}
	next := saved{e.base + 1, h.nodes[id].title}
	if e.wrote {
		next.title = e.title
	}
	h.nodes[id] = next
	delete(h.edits, id)
	return nil
}

func (h *house) finish(t *rapid.T) {
	id := h.pick(t)
	_, err := h.d.finish(id)
	h.want(t, err, h.save(id))
}

// cut ends the program between two steps of a commit.
func (h *house) cut(t *rapid.T) {
	id := h.pick(t)
	if h.edits[id].state != open {
		t.Skip("no edit is open")
	}
	w, err := h.d.get(id)
	if err != nil {
		t.Fatal(err)
	}
	n := rapid.IntRange(0, steps).Draw(t, "steps")
	err = h.d.cutFinish(w, n)
	if n > 0 {
		h.want(t, err, h.save(id))
	}
	h.crash(t)
}

// crash need not open the databases anew: nothing is kept outside them.
func (h *house) crash(t *rapid.T) {
	h.d.recover()
	for id, e := range h.edits {
		e.state = aside
		h.edits[id] = e
	}
}

// change has somebody else change a node.
func (h *house) change(t *rapid.T) {
	id := h.pick(t)
	o, there := h.d.original(id)
	if !there {
		t.Skip("no such node")
	}
	o.Shape.Version++
	o.Shape.Metadata.Title = "z"
	h.d.put(o.Node, *o.Shape)
	h.nodes[id] = saved{o.Shape.Version, "z"}
}

func (h *house) check(t *rapid.T) {
	for _, id := range []string{"a", "b", "c", "d"} {
		o, there := h.d.original(id)
		n, want := h.nodes[id]
		if there != want || there && (o.Shape.Version != n.version || o.Shape.Metadata.Title != n.title) {
			t.Fatalf("%s: %+v, want %+v", id, o.Shape, n)
		}
		h.checkEdit(t, id)
	}
	if n := h.d.marks(); n != 0 {
		t.Fatalf("%d marks are left", n)
	}
}

func (h *house) checkEdit(t *rapid.T, id string) {
	t.Helper()
	e, want := h.edits[id]
	w, err := h.d.get(id)
	if errors.Is(err, draft.ErrNoEdit) != !want {
		t.Fatalf("%s: edit %v, want %v", id, err, want)
	}
	if !want {
		return
	}
	got := fmt.Sprint(w.Draft, w.New, w.ShapeVersion, w.Shape != nil)
	if got != fmt.Sprint(e.state == aside, e.isNew, e.base, e.wrote) || e.wrote && title(w.Shape) != e.title {
		t.Fatalf("%s: %+v, want %+v", id, w, e)
	}
	err = h.d.eph.View(func(tx *kv.Tx) error { return draft.Usable(tx, id, "run") })
	if errors.Is(err, draft.ErrDraft) != e.isNew {
		t.Fatalf("%s: usable: %v", id, err)
	}
}

func title(s *shape.Shape) string { return s.Metadata.Title }
