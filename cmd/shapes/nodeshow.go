package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

func newNodeShow(v env) *cobra.Command {
	var all, asJSON bool
	c := &cobra.Command{
		Use:   "show REF",
		Short: "Show a node: its settings, tiles and runs",
		Long: `show tells what is known of a node: where its boundaries come from, which are
chosen, the settings that differ from the defaults (--all: every one, with what it
may be), its tiles, its session and its last runs.

--json writes one node as node ls does, with source, licence, maxzoom, selection,
variant, accepted_by, accepted, files (path, layer), settings and runs (session, status,
started, ended, worked_seconds, cpu_seconds, features, drawn, vertices, tiles,
bytes, minzoom, maxzoom, faults, inputs).`,
		Args: exactly("REF"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				k, err := know(ctx, e, args[0])
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(v.s.out, k.json())
				}
				k.write(v.s.out, all)
				return nil
			})
		},
	}
	c.Flags().BoolVar(&all, "all", false, "show every setting")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// known is all that there is to show of a node.
type known struct {
	node    engine.Node
	path    string
	shape   *shape.Shape // nil of a folder
	runs    []shape.RunSummary
	session *engine.Session // nil if it has none
}

func know(ctx context.Context, e *engine.Engine, ref string) (known, error) {
	n, err := e.Find(ctx, ref)
	if err != nil {
		return known{}, found(err)
	}
	k := known{node: n}
	way, err := e.PathOf(ctx, n.ID)
	if err != nil {
		return k, err
	}
	k.path = pathName(way)
	if n.Type != tree.Shape {
		return k, nil
	}
	if k.shape, err = e.Settings(ctx, n.ID); err != nil {
		return k, err
	}
	if k.runs, err = e.Runs(ctx, n.ID); err != nil {
		return k, err
	}
	switch s, err := e.Session(ctx, n.ID); {
	case err == nil:
		k.session = &s
	case !errors.Is(err, engine.ErrNoSession):
		return k, err
	}
	return k, nil
}

func (k known) json() nodeJSON {
	out := nodeOf(k.node, k.path)
	if k.shape == nil {
		return out
	}
	out.Selection = k.shape.Selection.String()
	out.Variant = variantMap(k.shape.Variant)
	if c := k.shape.License; c != nil {
		out.AcceptedBy, out.Accepted = c.Who, moment(c.When)
	}
	for _, f := range k.shape.Files {
		out.Files = append(out.Files, fileJSON(f))
	}
	out.Settings = map[string]string{}
	for _, f := range shape.Fields() {
		out.Settings[f.Name] = f.Get(&k.shape.Config)
	}
	for _, r := range k.runs {
		out.Runs = append(out.Runs, runOf(r, ""))
	}
	return out
}

// factsOf writes one fact a line; empty facts are left out.
func factsOf(w io.Writer) func(label, format string, args ...any) {
	return func(label, format string, args ...any) {
		if text := oneRow(fmt.Sprintf(format, args...)); text != "" {
			fmt.Fprintf(w, "%-12s %s\n", label, text)
		}
	}
}

func (k known) write(w io.Writer, all bool) {
	n := k.node
	fact := factsOf(w)
	fact(string(n.Type), "%s", k.path)
	fact("id", "%s", n.ID)
	fact("description", "%s", n.Description)
	if k.shape == nil {
		fact("holds", "%s", count(n.Children, "node"))
		return
	}
	switch {
	case n.New:
		fact("draft", "it is not in the tree yet: finish it with shapes node edit --continue %s", n.ID)
	case n.Draft:
		fact("draft", "there is an unfinished edit: --continue or --discard it with shapes node edit %s", n.ID)
	}
	fact("source", "%s", sourceText(k.shape, n.Source))
	for _, f := range k.shape.Files {
		fact("file", "%s%s", f.Path, layerText(f.Layer))
	}
	fact("licence", "%s%s", n.License, acceptedText(k.shape.License))
	fact("selection", "%s", k.shape.Selection)
	k.writeSettings(fact, all)
	if n.HasTiles {
		fact("tiles", "%s on disk, to zoom %d, of %s", humanize.Bytes(uint64(n.Bytes)), n.MaxZoom, n.Built.Local().Format("2006-01-02 15:04"))
	} else {
		fact("tiles", "none yet")
	}
	if s := k.session; s != nil {
		fact("session", "%s: %s at %.0f %%%s", s.ID, s.Status, s.Progress.Overall, because(s.Reason))
	}
	for i, r := range k.runs {
		if i == shownRuns && !all {
			fact("", "and %d before", len(k.runs)-i)
			break
		}
		fact("run", "%s", runText(r))
	}
}

// sourceText names a shape's source, what people call it, and its edition.
func sourceText(s *shape.Shape, name string) string {
	text := string(s.Source)
	if name != "" && name != text {
		text += " (" + name + ")"
	}
	for _, key := range variantKeys() {
		if value := s.Variant.Get(key); value != "" {
			text += ", " + key + "=" + value
		}
	}
	return text
}

// acceptedText says who accepted a licence and when.
func acceptedText(c *shape.Consent) string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf(", accepted by %s on %s", c.Who, c.When.Local().Format("2006-01-02 15:04"))
}

// variantMap is a variant for JSON, nil for that of the source.
func variantMap(v shape.Variant) map[string]string {
	var out map[string]string
	for _, key := range variantKeys() {
		if value := v.Get(key); value != "" {
			if out == nil {
				out = map[string]string{}
			}
			out[key] = value
		}
	}
	return out
}

// shownRuns is how many runs are told without --all.
const shownRuns = 5

func layerText(layer string) string {
	if layer == "" {
		return ""
	}
	return " as layer " + layer
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + strings.TrimSuffix(oneLine(reason), ".")
}

func (k known) writeSettings(fact func(label, format string, args ...any), all bool) {
	shown := 0
	for _, f := range shape.Fields() {
		value := f.Get(&k.shape.Config)
		if all {
			fact("setting", "%s=%s  (%s: %s)", f.Name, value, f.Help, strings.TrimSpace(f.Range))
		} else if value != f.Default {
			fact("setting", "%s=%s", f.Name, value)
		}
		if all || value != f.Default {
			shown++
		}
	}
	if shown == 0 {
		fact("settings", "the defaults (--all shows them)")
	}
}

// runText says in a line what a run did.
func runText(r shape.RunSummary) string {
	text := r.Ended.Local().Format("2006-01-02 15:04") + " " + r.Status
	if r.Tiles > 0 {
		text += fmt.Sprintf(", %s tiles, %s of tile data, zooms %d to %d", comma(r.Tiles), humanize.Bytes(uint64(r.Bytes)), r.MinZoom, r.MaxZoom)
	}
	return text + fmt.Sprintf(", %.1f s", r.Worked.Seconds()) + because(r.Reason)
}
