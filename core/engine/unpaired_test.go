package engine

import (
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// A shape without settings, and a folder with some, are found and mended.
func TestSettingsAreChecked(t *testing.T) {
	e := openEngine(t, t.TempDir())
	folder, err := e.CreateFolder(t.Context(), tree.Root, "Folder")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.core(func(tx *kv.Tx) error {
		s, _, err := shape.Shapes().Get(tx, kv.Key(nil).Str(SampleNode))
		if err != nil {
			return err
		}
		if _, err := shape.Shapes().Delete(tx, kv.Key(nil).Str(SampleNode)); err != nil {
			return err
		}
		s.Node = folder.ID
		return shape.Shapes().Put(tx, &s)
	}); err != nil {
		t.Fatal(err)
	}
	for what, fn := range map[string]func() error{
		"settings": func() error { _, err := e.Settings(t.Context(), SampleNode); return err },
		"edit":     func() error { _, err := e.Edit(t.Context(), SampleNode); return err },
		"start":    func() error { _, err := e.Start(t.Context(), SampleNode); return err },
		"export": func() error {
			return e.Export(t.Context(), []string{SampleNode}, t.TempDir()+"/x.zip", ExportOptions{})
		},
	} {
		if err := fn(); err == nil || !strings.Contains(err.Error(), "its settings are not there; run a check") {
			t.Errorf("%s: %v", what, err)
		}
	}
	r, err := e.Check(t.Context(), true)
	if err != nil || len(r.Findings) != 2 || !r.Repaired || r.Findings[0].Repair == "" || r.Findings[1].Repair == "" {
		t.Errorf("check: %+v, %v", r, err)
	}
	if r, err = e.Check(t.Context(), false); err != nil || len(r.Findings) != 0 {
		t.Errorf("check after the repair: %+v, %v", r, err)
	}
	if s, err := e.Settings(t.Context(), SampleNode); err != nil || s.Source != shape.Sample || s.Validate() != nil {
		t.Errorf("settings: %+v, %v", s, err)
	}
}
