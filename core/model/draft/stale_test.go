package draft_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

func TestStale(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*tree.Node, *shape.Shape)
		want   string
	}{
		"node":     {func(n *tree.Node, _ *shape.Shape) { n.Version = 7 }, "the node changed since the edit began (version 1 was copied, it is 7 now)"},
		"settings": {func(_ *tree.Node, s *shape.Shape) { s.Version = 7 }, "the settings changed since the edit began (version 1 was copied, it is 7 now)"},
	} {
		d := onDesk(t)
		o := d.node("n")
		w := must(t)(d.write(must(t)(d.begin("n")), "title"))
		c.change(&o.Node, o.Shape)
		d.put(o.Node, *o.Shape)
		_, err := d.finish("n")
		if !errors.Is(err, draft.ErrStale) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if got := must(t)(d.get("n")); got.Edit != w.Edit || got.Shape.Metadata.Title != "title" || d.marks() != 0 {
			t.Errorf("%s: the edit was not kept: %v", name, got)
		}
	}
}

func TestStaleIfGoneOrThere(t *testing.T) {
	d := onDesk(t)
	d.node("n")
	must(t)(d.begin("n"))
	d.purge("n")
	if _, err := d.finish("n"); !errors.Is(err, draft.ErrStale) || !strings.Contains(err.Error(), "it is gone") {
		t.Error(err)
	}
	must(t)(d.beginNew("m", tree.Root))
	d.node("m")
	if _, err := d.finish("m"); !errors.Is(err, draft.ErrStale) || !strings.Contains(err.Error(), "it is there already") {
		t.Error(err)
	}
}

// After an older core database was put back, edits may have lost their nodes:
// what was changed in them is not lost.
func TestRecoverAdoptsWhatLostItsNode(t *testing.T) {
	d := onDesk(t)
	for _, id := range []string{"changed", "same", "kept", "fine"} {
		d.node(id)
	}
	must(t)(d.write(must(t)(d.begin("changed")), "title"))
	must(t)(d.begin("same"))
	must(t)(d.write(must(t)(d.begin("kept")), "title"))
	must(t)(d.keep("kept"))
	must(t)(d.begin("fine"))
	must(t)(d.keep("fine"))
	must(t)(d.beginNew("stray", "folder"))
	for _, id := range []string{"changed", "same", "kept"} {
		d.purge(id)
	}
	r := d.crash()
	names := func(list []draft.WorkingCopy) (out []string) {
		for _, w := range list {
			out = append(out, w.Node)
		}
		return out
	}
	got := [][]string{names(r.Drafts), names(r.Adopted), names(r.Dropped)}
	if diff := cmp.Diff([][]string{{"stray"}, {"changed", "kept"}, {"same"}}, got); diff != "" {
		t.Error(diff)
	}
	if w := must(t)(d.get("stray")); w.Parent != tree.Root {
		t.Error("the folder is gone, and the draft with it:", w)
	}
	for _, id := range []string{"changed", "kept", "stray"} {
		must(t)(d.resume(id))
		if s, err := d.finish(id); err != nil || s.Version != 1 {
			t.Error(id, s.Version, err)
		}
	}
	if r := d.crash(); r.Adopted != nil || r.Drafts != nil || r.Dropped != nil {
		t.Error(r)
	}
	if d.state("fine") != aside {
		t.Error("a draft that was well was touched")
	}
}
