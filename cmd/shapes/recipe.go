package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// recipeFlags are the settings of a shape as flags.
type recipeFlags struct {
	source      choiceFlag
	variant     variantFlags
	files, set  []string
	accept      bool
	selection   string
	description string
	draft       bool
}

func newRecipeFlags() *recipeFlags {
	return &recipeFlags{source: choiceFlag{"", append([]string{string(shape.Sample), string(shape.Local)}, sourceNames()...)}}
}

func (f *recipeFlags) register(c *cobra.Command) {
	fs := c.Flags()
	f.source.addTo(c, "source", "where boundaries come from: sample (the bundled world), local (files), or one that is fetched (shapes sources)")
	f.variant.register(c)
	fs.BoolVar(&f.accept, "accept", false, "I accept the licence of the source; who and when is recorded")
	fs.StringArrayVar(&f.files, "file", nil, "an input of source local, as `FILE[=LAYER]`; may be repeated, in the order of the layers")
	fs.StringVar(&f.selection, "select", "", "countries and levels, as `JPN:0-1,ITA,*:0`, everything, or nothing")
	fs.StringArrayVar(&f.set, "set", nil, "a setting, as `NAME=VALUE`, such as vectorTiles.maxzoom=8; may be repeated (node show --all lists them)")
	fs.StringVar(&f.description, "description", "", "`TEXT` for people")
	fs.BoolVar(&f.draft, "draft", false, "keep it as a draft: unfinished, checked later, and not run until then")
}

// given reports whether one of the flags that change a shape was given.
func (f *recipeFlags) given(c *cobra.Command) bool {
	for _, name := range []string{"source", "variant", "accept", "file", "select", "set"} {
		if c.Flags().Changed(name) {
			return true
		}
	}
	return false
}

// apply changes a shape as the flags say. The error is one of usage; s may be
// half changed then.
func (f *recipeFlags) apply(c *cobra.Command, s *shape.Shape) error {
	if f.source.value == string(shape.Sample) && len(f.files) > 0 {
		return usagef("--file: works with --source local only; the sample is built in")
	}
	switch {
	case f.source.value != "":
		s.SetSource(shape.Source(f.source.value))
	case len(f.files) > 0:
		s.SetSource(shape.Local)
	}
	if err := f.variant.apply(&s.Variant); err != nil {
		return err
	}
	if len(f.files) > 0 {
		s.Files = nil
		for _, text := range f.files {
			file, err := parseFile(text)
			if err != nil {
				return err
			}
			s.Files = append(s.Files, file)
		}
	}
	if c.Flags().Changed("select") {
		selection, err := shape.ParseSelection(f.selection)
		if err != nil {
			return usagef("--select: %w", err)
		}
		s.Selection = selection
	}
	if t, _ := shape.TermsOf(s.Source); f.accept {
		s.License = t.Accept(engine.UserName(), time.Now()) // consent adds what depends on the selection
	}
	for _, text := range f.set {
		if err := shape.Assign(&s.Config, text); err != nil {
			return usagef("--set: %w", err)
		}
	}
	return nil
}

// consent records, if the flags say so, that the source's licence is accepted,
// with the licences of what is selected.
func (f *recipeFlags) consent(ctx context.Context, e *engine.Engine, s *shape.Shape) error {
	if !f.accept {
		return nil
	}
	t, err := e.Terms(ctx, s.Source, s.Variant, s.Selection)
	if err != nil {
		return usageOf(err)
	}
	s.License = t.Accept(engine.UserName(), time.Now())
	return nil
}

// acceptHint says how to accept the licence that a shape still needs.
func acceptHint(s *shape.Shape) string {
	if t, _ := shape.TermsOf(s.Source); !t.Required || s.License != nil && s.License.Source == s.Source {
		return ""
	}
	return fmt.Sprintf(" (shapes sources %s shows the licence; --accept accepts it, and records that you did)", s.Source)
}

// parseFile reads FILE[=LAYER]. A file may have = in its name: it is looked
// for whole first.
func parseFile(text string) (shape.File, error) {
	path, layer := text, ""
	if i := strings.LastIndex(text, "="); i >= 0 && !exists(text) {
		path, layer = text[:i], text[i+1:]
	}
	if path == "" {
		return shape.File{}, usagef("--file %q: must be FILE or FILE=LAYER", text)
	}
	info, err := os.Stat(path)
	if err != nil {
		return shape.File{}, fmt.Errorf("--file: %w; nothing was changed", err)
	}
	if info.IsDir() {
		return shape.File{}, fmt.Errorf("--file %s: is a folder; name the files in it one by one; nothing was changed", path)
	}
	abs, err := filepath.Abs(path)
	return shape.File{Path: abs, Layer: layer}, err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
