package shape_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"pgregory.net/rapid"
)

// openCore opens a database with the tables of this package.
func openCore(t *testing.T) *kv.DB {
	t.Helper()
	schema := kv.Schema{Name: "core", Version: 1, Tables: []kv.Tabled{
		shape.Shapes(), shape.Templates(), shape.SourceFiles(), shape.Summaries(),
	}}
	db, err := kv.Open(filepath.Join(t.TempDir(), "core.db"), schema, kv.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Check(func(f kv.Finding) { t.Error(f) }); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// attempt runs fn in a transaction that must not be kept.
func attempt(db *kv.DB, fn func(*kv.Tx) error) error {
	var got error
	errAgain := errors.New("given up")
	err := db.Update(func(tx *kv.Tx) error {
		got = fn(tx)
		return errAgain
	})
	if !errors.Is(err, errAgain) {
		return err
	}
	return got
}

func day(n int) time.Time { return time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC) }

func update(t *testing.T, db *kv.DB, fn func(*kv.Tx) error) {
	t.Helper()
	if err := db.Update(fn); err != nil {
		t.Fatal(err)
	}
}

// deep returns the defaults with another last zoom.
func deep(zoom int) shape.Config {
	c := shape.Defaults()
	c.VectorTiles.MaxZoom = zoom
	return c
}

func putShape(tx *kv.Tx, node string, c shape.Config, template string) error {
	s := shape.Shape{Node: node, Source: shape.Sample, Config: c, Template: template, Version: 1, Created: day(1), Updated: day(1)}
	if err := shape.Relate(tx, &s, day(1)); err != nil {
		return err
	}
	return shape.Shapes().Put(tx, &s)
}

func TestEqualTemplatesAreOneRecord(t *testing.T) {
	db := openCore(t)
	update(t, db, func(tx *kv.Tx) error {
		first, made, err := shape.CreateTemplate(tx, "t1", "  Deep ", deep(9), day(1))
		if err != nil || !made || first.Name != "Deep" || first.Version != 1 {
			t.Error(first, made, err)
		}
		same := deep(9)
		same.VectorTiles.MinZoom = map[uint8]uint8{2: 0}
		again, made, err := shape.CreateTemplate(tx, "t2", "Other", same, day(2))
		if err != nil || made || again.ID != "t1" {
			t.Error(again, made, err)
		}
		_, _, err = shape.CreateTemplate(tx, "t3", "DEEP", deep(8), day(2))
		if !errors.Is(err, shape.ErrTemplateTaken) {
			t.Error(err)
		}
		if _, _, err = shape.CreateTemplate(tx, "t3", "Bad", deep(19), day(2)); len(shape.InvalidFields(err)) != 1 {
			t.Error(err)
		}
		for _, name := range list("", " ", "a\nb", string(make([]rune, 256)), "\xff") {
			if _, _, err = shape.CreateTemplate(tx, "t3", name, deep(8), day(2)); len(shape.InvalidFields(err)) != 1 {
				t.Errorf("%q: %v", name, err)
			}
		}
		if named, err := shape.TemplateNamed(tx, "deep"); err != nil || named.ID != "t1" {
			t.Error(named, err)
		}
		if _, err := shape.TemplateNamed(tx, "dee"); !errors.Is(err, shape.ErrNoTemplate) {
			t.Error(err)
		}
		all, err := shape.ListTemplates(tx)
		if len(all) != 1 {
			t.Error(all)
		}
		return err
	})
}

func TestRenameTemplate(t *testing.T) {
	db := openCore(t)
	update(t, db, func(tx *kv.Tx) error {
		_, _, err1 := shape.CreateTemplate(tx, "t1", "b", deep(1), day(1))
		_, _, err2 := shape.CreateTemplate(tx, "t2", "c", deep(2), day(1))
		return errors.Join(err1, err2)
	})
	for _, c := range []struct {
		id, name string
		want     error
	}{
		{"t1", "B", nil}, {"t1", "a", nil}, {"t1", "C", shape.ErrTemplateTaken}, {"t9", "x", shape.ErrNoTemplate},
	} {
		err := attempt(db, func(tx *kv.Tx) error {
			got, err := shape.RenameTemplate(tx, c.id, c.name, day(2))
			if err == nil && (got.Version != 2 || got.Name != c.name || !got.Updated.Equal(day(2))) {
				t.Error(got)
			}
			return err
		})
		if !errors.Is(err, c.want) || err == nil != (c.want == nil) {
			t.Errorf("%s to %s: %v", c.id, c.name, err)
		}
	}
}

// A node follows its template until its settings are changed by hand.
func TestNodesFollowTheirTemplate(t *testing.T) {
	db := openCore(t)
	update(t, db, func(tx *kv.Tx) error {
		tpl, _, err := shape.CreateTemplate(tx, "t1", "Deep", deep(9), day(1))
		if err != nil {
			return err
		}
		var s shape.Shape
		s.Apply(&tpl)
		return errors.Join(err, putShape(tx, "follows", s.Config, s.Template), putShape(tx, "copied", deep(8), "t1"), putShape(tx, "alone", deep(9), ""))
	})
	update(t, db, func(tx *kv.Tx) error {
		if err := shape.DeleteTemplate(tx, "t1"); !errors.Is(err, shape.ErrTemplateInUse) {
			t.Error(err)
		}
		got, err := shape.TemplateOf(tx, "t1")
		if err != nil {
			return err
		}
		want := shape.References{Strong: list("follows"), Weak: list("copied")}
		if diff := cmp.Diff(want, got.References); diff != "" || got.Sharing.ShareCount != 2 {
			t.Error(diff, got)
		}
		return nil
	})
	wantZoom(t, db, "follows", 9, "t1")
	wantZoom(t, db, "copied", 8, "t1")
	wantZoom(t, db, "alone", 9, "")
	update(t, db, func(tx *kv.Tx) error { // moves on by hand, then the template may go
		if err := putShape(tx, "follows", deep(4), "t1"); err != nil {
			return err
		}
		return shape.DeleteTemplate(tx, "t1")
	})
	wantZoom(t, db, "follows", 4, "")
	wantZoom(t, db, "copied", 8, "")
}

func wantZoom(t *testing.T, db *kv.DB, node string, zoom int, template string) {
	t.Helper()
	update(t, db, func(tx *kv.Tx) error {
		s, found, err := shape.Shapes().Get(tx, kv.Key(nil).Str(node))
		if !found || s.Config.VectorTiles.MaxZoom != zoom || s.Template != template {
			t.Errorf("%s: %v, zoom %d, template %q", node, found, s.Config.VectorTiles.MaxZoom, s.Template)
		}
		return err
	})
}

func TestRelateLetsGo(t *testing.T) {
	db := openCore(t)
	update(t, db, func(tx *kv.Tx) error {
		for i, id := range list("t1", "t2") {
			if _, _, err := shape.CreateTemplate(tx, id, id, deep(i), day(1)); err != nil {
				return err
			}
		}
		if err := errors.Join(putShape(tx, "n", deep(0), "t1"), putShape(tx, "n", deep(1), "t2")); err != nil {
			return err
		}
		one, err1 := shape.TemplateOf(tx, "t1")
		two, err2 := shape.TemplateOf(tx, "t2")
		if one.References.Count() != 0 || two.References.Count() != 1 {
			t.Error(one.References, two.References)
		}
		lost := shape.Shape{Node: "m", Config: deep(0), Template: "gone"}
		err := shape.Relate(tx, &lost, day(2))
		if lost.Template != "" {
			t.Error("a template that is gone is remembered")
		}
		return errors.Join(err, err1, err2, shape.Unrelate(tx, "n", ""))
	})
	update(t, db, func(tx *kv.Tx) error {
		two, err := shape.TemplateOf(tx, "t2")
		if two.References.Count() != 0 {
			t.Error(two.References)
		}
		return err
	})
}

func TestReferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r shape.References
		model := map[string]bool{} // node → strong
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			node := rapid.SampledFrom(list("a", "b", "c", "d")).Draw(t, "node")
			before := fmt.Sprint(r)
			old := r
			switch rapid.IntRange(0, 2).Draw(t, "op") {
			case 0:
				r = r.Drop(node)
				delete(model, node)
			case 1:
				r, model[node] = r.Add(node, true), true
			case 2:
				r, model[node] = r.Add(node, false), false
			}
			if fmt.Sprint(old) != before {
				t.Fatal("the operand was changed")
			}
		}
		if r.Count() != len(model) || !slices.IsSorted(r.Strong) || !slices.IsSorted(r.Weak) {
			t.Fatal(r, model)
		}
		for _, node := range list("a", "b", "c", "d") {
			strong, any := r.Has(node)
			if want, ok := model[node]; strong != (ok && want) || any != ok {
				t.Fatal(node, r, model)
			}
		}
	})
}

func TestFrequencySettlesAtTheRate(t *testing.T) {
	var s shape.Sharing
	for n := range 200 { // twice a day
		s = s.Accessed(day(1).Add(time.Duration(n) * 12 * time.Hour))
	}
	if s.Frequency < 1.9 || s.Frequency > 2.2 {
		t.Error(s.Frequency)
	}
	back := s.Accessed(day(1))
	if !back.LastAccess.Equal(s.LastAccess) || back.Frequency < s.Frequency {
		t.Error("a clock that was set back:", back)
	}
}

func TestSummariesKeepTheLast(t *testing.T) {
	db := openCore(t)
	update(t, db, func(tx *kv.Tx) error {
		for n := range 2*shape.KeptSummaries + 1 { // in an order that is not that of time
			at := (n * 7) % (2*shape.KeptSummaries + 1)
			for _, node := range list("a", "b") {
				if err := shape.AddSummary(tx, &shape.RunSummary{Node: node, Ended: day(1).Add(time.Duration(at) * time.Minute), Tiles: at}); err != nil {
					return err
				}
			}
		}
		return shape.AddSummary(tx, &shape.RunSummary{Node: "ab", Ended: day(2)})
	})
	update(t, db, func(tx *kv.Tx) error {
		got, err := shape.ListSummaries(tx, "a")
		if len(got) != shape.KeptSummaries {
			t.Errorf("%d summaries", len(got))
		}
		for i, s := range got {
			if s.Tiles != 2*shape.KeptSummaries-i || s.Node != "a" {
				t.Errorf("at %d: %v", i, s)
			}
		}
		return err
	})
	// After the clock was set back the run that has just ended is known all the same.
	update(t, db, func(tx *kv.Tx) error {
		if err := shape.AddSummary(tx, &shape.RunSummary{Node: "a", Ended: day(1).Add(-time.Hour), Session: "back"}); err != nil {
			return err
		}
		got, err := shape.ListSummaries(tx, "a")
		if n := len(got); n != shape.KeptSummaries || got[n-1].Session != "back" || got[0].Tiles != 2*shape.KeptSummaries {
			t.Errorf("%d summaries: %+v", n, got)
		}
		return err
	})
}

func TestImages(t *testing.T) {
	db := openCore(t)
	node := func(tx *kv.Tx) shape.Shape {
		s, _, err := shape.Shapes().Get(tx, kv.Key(nil).Str("n"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	update(t, db, func(tx *kv.Tx) error {
		if err := putShape(tx, "n", deep(3), ""); err != nil {
			return err
		}
		before := node(tx)
		after := before.Clone()
		after.Config, after.Version, after.SourceData, after.Session = deep(5), 2, list("aa"), "running"
		from, err1 := before.Image()
		to, err2 := after.Image()
		if err := errors.Join(err1, err2, shape.Shapes().Put(tx, after)); err != nil {
			return err
		}
		if err := shape.PutImage(tx, "n", from, to, day(3)); !errors.Is(err, shape.ErrChanged) {
			t.Error("redo of what is done:", err)
		}
		if err := shape.PutImage(tx, "n", to, from, day(3)); err != nil {
			return err
		}
		got := node(tx)
		if got.Config.VectorTiles.MaxZoom != 3 || got.Version != 3 || got.Session != "running" || len(got.SourceData) != 1 || !got.Created.Equal(day(1)) {
			t.Error(got)
		}
		if err := shape.PutImage(tx, "gone", to, from, day(3)); !errors.Is(err, shape.ErrChanged) {
			t.Error(err)
		}
		if err := shape.PutImage(tx, "n", from, []byte{0xff}, day(3)); !errors.Is(err, kv.ErrDamaged) {
			t.Error(err)
		}
		return shape.PutImage(tx, "n", from, to, day(4))
	})
}
