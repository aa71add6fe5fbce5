package draft_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// steps of a commit.
const steps = 3

// A commit that is cut at any point is after the next start either through,
// once, or a draft.
func TestCutCommit(t *testing.T) {
	for _, isNew := range []bool{false, true} {
		for cut := range steps + 1 {
			t.Run(fmt.Sprintf("new %v, %d steps", isNew, cut), func(t *testing.T) {
				d := onDesk(t)
				base := uint64(0)
				if !isNew {
					d.node("n")
					base = 1
				}
				w := must(t)(d.beginAny(draft.WorkingCopy{Node: "n", New: isNew}))
				w = must(t)(d.write(w, "title"))
				if err := d.cutFinish(w, cut); err != nil {
					t.Fatal(err)
				}
				r := d.crash()
				if cut == 0 {
					wantDraft(t, d, r)
					return
				}
				wantSaved(t, d, base+1)
				if got := len(r.Finished); got != 0 && cut == steps || got != 1 && cut < steps || r.Drafts != nil {
					t.Error(r)
				}
				if r := d.crash(); r.Finished != nil || r.Drafts != nil {
					t.Error("a second start found more to do:", r)
				}
				wantSaved(t, d, base+1)
			})
		}
	}
}

func wantSaved(t *testing.T, d *desk, version uint64) {
	t.Helper()
	o, found := d.original("n")
	if !found || o.Shape.Version != version || o.Node.Version != version || o.Shape.Metadata.Title != "title" {
		t.Errorf("found %v, %+v", found, o)
	}
	if d.state("n") != none || d.marks() != 0 {
		t.Errorf("left behind: %s edit, %d marks", d.state("n"), d.marks())
	}
}

// wantDraft finds the edit as a draft, and finishes it all the same.
func wantDraft(t *testing.T, d *desk, r draft.Recovered) {
	t.Helper()
	if len(r.Drafts) != 1 || !r.Drafts[0].Recovered || r.Drafts[0].Owner != "" || d.state("n") != aside {
		t.Fatal(r)
	}
	w := must(t)(d.resume("n"))
	if w.Recovered || w.Shape.Metadata.Title != "title" {
		t.Error(w)
	}
	s, err := d.finish("n")
	if err != nil {
		t.Fatal(err)
	}
	wantSaved(t, d, s.Version)
}

// Recover may be cut between any of its own steps.
func TestCutRecovery(t *testing.T) {
	d := onDesk(t)
	d.node("n")
	d.node("m")
	must(t)(d.begin("m"))
	w := must(t)(d.write(must(t)(d.begin("n")), "title"))
	if err := d.cutFinish(w, 2); err != nil { // the first recovery came so far
		t.Fatal(err)
	}
	r := d.crash()
	if len(r.Finished) != 1 || r.Finished[0].Node != "n" || len(r.Drafts) != 1 || r.Drafts[0].Node != "m" {
		t.Error(r)
	}
	wantSaved(t, d, 2)
}

// Every step done again does nothing, and a later edit of the node is safe
// from the end of an earlier one.
func TestStepsRepeat(t *testing.T) {
	d := onDesk(t)
	d.node("n")
	w := must(t)(d.write(must(t)(d.begin("n")), "title"))
	for range 3 {
		if err := d.cutFinish(w, 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.cutFinish(w, 2); err != nil {
		t.Fatal(err)
	}
	later := must(t)(d.begin("n"))
	if err := d.cutFinish(w, steps); err != nil {
		t.Fatal(err)
	}
	if d.state("n") != open {
		t.Error("the later edit was removed with the earlier one")
	}
	if err := d.cutFinish(w, steps); !errors.Is(err, draft.ErrStale) {
		t.Error("an edit that is over was saved again:", err)
	}
	if o, _ := d.original("n"); o.Shape.Version != 2 || later.ShapeVersion != 2 {
		t.Error(o.Shape.Version, later.ShapeVersion)
	}
}

// What is written between the first and the second step is a draft
// afterwards, on top of what was saved.
func TestWrittenWhileItIsSaved(t *testing.T) {
	for _, isNew := range []bool{false, true} {
		for _, restart := range []bool{false, true} {
			d := onDesk(t)
			if !isNew {
				d.node("n")
			}
			w := must(t)(d.write(must(t)(d.beginAny(draft.WorkingCopy{Node: "n", New: isNew})), "title"))
			var late draft.WorkingCopy
			_, err := draft.Finish(d.core, d.eph, "n", d.now(), func(tx *kv.Tx, c draft.Change) error {
				w.Description = "late"
				late = must(t)(inEph(d, func(tx *kv.Tx) (draft.WorkingCopy, error) { return draft.Write(tx, w, nil, d.now()) }))
				if restart {
					return errors.New("cut")
				}
				return apply(tx, c)
			})
			if restart { // the same, cut before the second step
				if _, err := d.save(w); err != nil {
					t.Fatal(err)
				}
				r := d.crash()
				if len(r.Drafts) != 1 || len(r.Finished) != 1 {
					t.Errorf("new %v: %+v", isNew, r)
				}
			} else if !errors.Is(err, draft.ErrLate) {
				t.Errorf("new %v: %v", isNew, err)
			}
			got := must(t)(d.get("n"))
			if !got.Draft || got.New || got.Description != "late" || got.Writes != late.Writes || d.marks() != 0 {
				t.Errorf("new %v, restart %v: %+v", isNew, restart, got)
			}
			saved, _ := d.original("n")
			must(t)(d.resume("n"))
			s, err := d.finish("n")
			if now, _ := d.original("n"); err != nil || s.Version != saved.Shape.Version+1 || now.Node.Description != "late" || s.Metadata.Title != "title" {
				t.Errorf("new %v, restart %v: %+v, %v", isNew, restart, now, err)
			}
		}
	}
}

func TestFinishAfterAFailureOfTheSecondStep(t *testing.T) {
	d := onDesk(t)
	d.node("n")
	w := must(t)(d.write(must(t)(d.begin("n")), "title"))
	if err := d.cutFinish(w, 1); err != nil { // what is left if step 2 fails
		t.Fatal(err)
	}
	s, err := d.finish("n")
	if err != nil || s.Version != 2 {
		t.Error(s.Version, err)
	}
	wantSaved(t, d, 2)
}

func TestCommitWhoseNodeWasPurged(t *testing.T) {
	d := onDesk(t)
	w := must(t)(d.write(must(t)(d.beginNew("n", tree.Root)), "title"))
	if err := d.cutFinish(w, 1); err != nil {
		t.Fatal(err)
	}
	d.purge("n")
	if _, err := d.finish("n"); !errors.Is(err, draft.ErrStale) {
		t.Error("what was deleted for good came back:", err)
	}
	if d.crash(); d.state("n") != none || d.marks() != 0 {
		t.Error("left behind")
	}
}

func (d *desk) purge(node string) {
	d.t.Helper()
	err := d.core.Update(func(tx *kv.Tx) error {
		_, err1 := tree.Nodes().Delete(tx, tree.Key(node))
		_, err2 := shape.Shapes().Delete(tx, kv.Key(nil).Str(node))
		return errors.Join(err1, err2)
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func TestNothingIsSavedIfTheTreeRefuses(t *testing.T) {
	d := onDesk(t)
	d.node("n")
	must(t)(d.write(must(t)(d.begin("n")), "title"))
	before, _ := d.original("n")
	for name, c := range map[string]struct {
		refuse draft.Apply
		begins string
	}{
		"error": {func(*kv.Tx, draft.Change) error { return tree.ErrTaken }, tree.ErrTaken.Error()}, // once, in its own words
		"forgetful": {func(tx *kv.Tx, c draft.Change) error {
			_, err := tree.Nodes().Delete(tx, tree.Key(c.Copy.Node))
			return err
		}, "finish “n”: "},
	} {
		_, err := draft.Finish(d.core, d.eph, "n", d.now(), c.refuse)
		if err == nil || !strings.HasPrefix(err.Error(), c.begins) {
			t.Errorf("%s: %v", name, err)
		}
		after, _ := d.original("n")
		if diff := cmp.Diff(before, after); diff != "" || d.state("n") != open || d.marks() != 0 {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What the program noted while the edit was open is not undone by the commit,
// and what people spell in many ways is stored in one.
func TestCommitKeepsBookkeeping(t *testing.T) {
	d := onDesk(t)
	o := d.node("n")
	w := must(t)(d.begin("n"))
	w.Shape = o.Shape.Clone()
	w.Name, w.Shape.Selection = "  Cafe\u0301 ", shape.Selection{"JPN": {0}, "*": {0}}
	w.Shape.Config.VectorTiles.MinZoom = map[uint8]uint8{1: 0}
	w.Shape.SourceData, w.Shape.Node = []string{"forged"}, "other"
	must(t)(inEph(d, func(tx *kv.Tx) (draft.WorkingCopy, error) { return draft.Write(tx, w, &o, d.now()) }))
	running := *o.Shape
	running.Session, running.SourceData = "s1", []string{"aa"}
	d.put(o.Node, running)
	if _, err := d.finish("n"); err != nil {
		t.Fatal(err)
	}
	got, _ := d.original("n")
	s := got.Shape
	if got.Node.Name != "Café" || s.Session != "s1" || !slices.Equal(s.SourceData, running.SourceData) || !s.Created.Equal(o.Shape.Created) {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff(shape.Selection{"*": {0}}, s.Selection); diff != "" || s.Config.VectorTiles.MinZoom != nil {
		t.Error(diff, s.Config.VectorTiles.MinZoom)
	}
}

func TestCommitTellsWhatChanges(t *testing.T) {
	d := onDesk(t)
	d.node("n")
	must(t)(d.write(must(t)(d.begin("n")), "title"))
	must(t)(d.beginNew("m", "folder"))
	see := func(node string) (c draft.Change) {
		_, err := draft.Finish(d.core, d.eph, node, d.now(), func(tx *kv.Tx, change draft.Change) error {
			c = change
			return apply(tx, change)
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := see("n"); c.Before == nil || c.Before.Version != 1 || c.After.Version != 2 || !slices.Equal(c.Copy.Changes, []string{"metadata.title"}) {
		t.Errorf("%+v", c)
	}
	if c := see("m"); c.Before != nil || c.After.Version != 1 || c.Copy.Parent != "folder" || !c.Copy.New {
		t.Errorf("%+v", c)
	}
}

func TestCommitRefersToTheTemplate(t *testing.T) {
	d := onDesk(t)
	w := must(t)(d.beginNew("n", tree.Root))
	err := d.core.Update(func(tx *kv.Tx) error {
		tpl, _, err := shape.CreateTemplate(tx, "t", "T", shape.Defaults(), d.now())
		w.Shape.Apply(&tpl)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	must(t)(d.write(w, "title"))
	if _, err := d.finish("n"); err != nil {
		t.Fatal(err)
	}
	err = d.core.View(func(tx *kv.Tx) error {
		tpl, err := shape.TemplateOf(tx, "t")
		if strong, _ := tpl.References.Has("n"); !strong {
			t.Error(tpl.References)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
