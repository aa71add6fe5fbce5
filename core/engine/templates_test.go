package engine

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// shelf is an engine with two shapes, the second in a folder.
func shelf(t *testing.T) (e *Engine, a, b string) {
	t.Helper()
	dir := t.TempDir()
	e = openEngine(t, filepath.Join(dir, "data"))
	in := write(t, dir, "squares.geojson", twoSquares)
	f, err := e.CreateFolder(t.Context(), tree.Root, "Folder")
	if err != nil {
		t.Fatal(err)
	}
	a, b = newShape(t, e, "A", in).ID, newShape(t, e, "B", in).ID
	if err := e.Move(t.Context(), []string{b}, f.ID); err != nil {
		t.Fatal(err)
	}
	return e, a, b
}

func tolerance(t *testing.T, e *Engine, node string) float64 {
	t.Helper()
	s, err := e.Settings(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	return s.Config.Simplify2.Tolerance
}

func TestTemplatesAreSavedAndApplied(t *testing.T) {
	e, a, b := shelf(t)
	change(t, e, a, func(s *shape.Shape) { s.Config.Simplify2.Tolerance = 5 })
	made, isNew, err := e.SaveTemplate(t.Context(), " Coarse ", TemplateFrom{Node: a})
	if err != nil || !isNew || made.Name != "Coarse" || len(made.Followers)+len(made.Copies) > 0 {
		t.Fatalf("%+v, %v", made, err)
	}
	if again, isNew, err := e.SaveTemplate(t.Context(), "Other", TemplateFrom{Node: a}); err != nil || isNew || again.ID != made.ID {
		t.Errorf("the same settings: %+v, %v", again, err)
	}
	fine := shape.Defaults()
	if _, _, err := e.SaveTemplate(t.Context(), "COARSE", TemplateFrom{Config: &fine}); !errors.Is(err, ErrTemplateTaken) {
		t.Errorf("a name that is taken: %v", err)
	}
	if _, _, err := e.SaveTemplate(t.Context(), "Nobody's", TemplateFrom{Node: "nobody"}); !errors.Is(err, ErrNoNode) {
		t.Errorf("of no node: %v", err)
	}
	for range 2 { // the second time there is nothing to do
		n, err := e.ApplyTemplate(t.Context(), "coarse", b)
		if err != nil || n.ID != b || tolerance(t, e, b) != 5 {
			t.Fatalf("%+v, %v", n, err)
		}
	}
	if s, err := e.Settings(t.Context(), b); err != nil || s.Version != 2 || s.Template != made.ID {
		t.Fatalf("version %d, template %q (%v)", s.Version, s.Template, err)
	}
	if what, err := e.Undo(t.Context()); err != nil || tolerance(t, e, b) != 2 {
		t.Fatalf("undo %q: %v", what, err)
	}
	if got, err := e.Template(t.Context(), made.ID); err != nil || len(got.Followers) > 0 {
		t.Fatalf("after undo: %+v, %v", got, err)
	}
	if _, err := e.Redo(t.Context()); err != nil || tolerance(t, e, b) != 5 {
		t.Fatal(err)
	}
	if got, err := e.Template(t.Context(), made.ID); err != nil || !slices.Equal(got.Followers, []string{"Folder / B"}) {
		t.Fatalf("after redo: %+v, %v", got, err)
	}
}

func TestFollowersKeepATemplate(t *testing.T) {
	e, a, b := shelf(t)
	if _, _, err := e.SaveTemplate(t.Context(), "Plain", TemplateFrom{Node: a}); err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{a, b} {
		if _, err := e.ApplyTemplate(t.Context(), "Plain", n); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(words ...string) {
		t.Helper()
		_, err := e.DeleteTemplate(t.Context(), "Plain")
		if !errors.Is(err, ErrTemplateInUse) {
			t.Fatalf("in use: %v", err)
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q: want %q in it", err, w)
			}
		}
	}
	refused("used by “A” and “Folder / B”", "nothing was deleted")
	if err := e.Delete(t.Context(), []string{a}); err != nil {
		t.Fatal(err)
	}
	refused("“A (in the trash)”")
	if err := e.Purge(t.Context(), []string{a}); err != nil {
		t.Fatal(err)
	}
	change(t, e, b, func(s *shape.Shape) { s.Config.Simplify2.Tolerance = 7 })
	all, err := e.Templates(t.Context())
	if err != nil || len(all) != 1 || len(all[0].Followers) > 0 || !slices.Equal(all[0].Copies, []string{"Folder / B"}) {
		t.Fatalf("%+v, %v", all, err)
	}
	if _, err := e.RenameTemplate(t.Context(), "plain", "Was plain"); err != nil {
		t.Fatal(err)
	}
	if _, err := e.DeleteTemplate(t.Context(), "was plain"); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Template(t.Context(), "Was plain"); !errors.Is(err, ErrNoTemplate) {
		t.Errorf("it is still there: %v", err)
	}
	if _, err := e.Undo(t.Context()); err != nil || tolerance(t, e, b) != 2 {
		t.Errorf("undo of an edit when its template is gone: %v", err)
	}
	if _, err := e.Redo(t.Context()); err != nil || tolerance(t, e, b) != 7 {
		t.Errorf("redo of it: %v", err)
	}
	if r, err := e.Check(t.Context(), false); err != nil || len(r.Findings) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTemplatesAreNotAppliedToDrafts(t *testing.T) {
	e, a, b := shelf(t)
	if _, _, err := e.SaveTemplate(t.Context(), "Plain", TemplateFrom{Node: a}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Edit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if _, err := e.ApplyTemplate(t.Context(), "Plain", b); !errors.Is(err, ErrEditing) {
		t.Errorf("while it is edited: %v", err)
	}
	if err := e.KeepDraft(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if _, err := e.ApplyTemplate(t.Context(), "Plain", b); !errors.Is(err, ErrDraft) {
		t.Errorf("a draft: %v", err)
	}
	folder, err := e.Find(t.Context(), "Folder")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.ApplyTemplate(t.Context(), "Plain", folder.ID); !errors.Is(err, ErrNotShape) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := e.ApplyTemplate(t.Context(), "None", b); !errors.Is(err, ErrNoTemplate) {
		t.Errorf("no template: %v", err)
	}
}

func TestRecentShapes(t *testing.T) {
	e, a, b := shelf(t)
	change(t, e, a, func(s *shape.Shape) { s.Config.Simplify2.Tolerance = 7 })
	names := func(created bool, limit int) (out []string) {
		t.Helper()
		got, err := e.RecentShapes(t.Context(), created, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range got {
			out = append(out, r.Path+"/"+r.Node.Name)
		}
		return out
	}
	if got := names(false, 2); !slices.Equal(got, []string{"/A", "Folder/B"}) {
		t.Errorf("changed last: %q", got)
	}
	if got := names(true, 10); !slices.Equal(got, []string{"Folder/B", "/A", "/" + sampleName}) {
		t.Errorf("made last: %q", got)
	}
	if err := e.Delete(t.Context(), []string{b}); err != nil {
		t.Fatal(err)
	}
	if got := names(true, 1); !slices.Equal(got, []string{"/A"}) {
		t.Errorf("without the trash: %q", got)
	}
	if got := names(true, 0); got != nil {
		t.Errorf("none: %q", got)
	}
}
