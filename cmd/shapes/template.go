package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

func newTemplate(v env) *cobra.Command {
	return group(v.s, "template", "Keep settings under a name, and apply them",
		`template keeps settings (zooms, tolerance and the like; not source and selection)
under a name. NAME is the template's name in any case, or its id. A shape that a
template was applied to follows it as long as its settings are the same, and keeps
it from being removed.`,
		newTemplateLs(v), newTemplateSave(v), newTemplateApply(v), newTemplateRename(v), newTemplateRm(v))
}

// templateJSON is what template ls --json writes of each.
type templateJSON struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Settings  map[string]string `json:"settings"` // as --set takes them
	Followers []string          `json:"followers,omitempty"`
	Copies    []string          `json:"copies,omitempty"`
	Taken     int               `json:"taken"` // how often it was applied
	Created   *time.Time        `json:"created"`
	Updated   *time.Time        `json:"updated"`
}

func templateRow(t engine.Template) templateJSON {
	out := templateJSON{
		ID: t.ID, Name: t.Name, Settings: map[string]string{}, Followers: t.Followers, Copies: t.Copies,
		Taken: t.Sharing.ShareCount, Created: moment(t.Created), Updated: moment(t.Updated),
	}
	for _, f := range shape.Fields() {
		out.Settings[f.Name] = f.Get(&t.Config)
	}
	return out
}

func newTemplateLs(v env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "ls",
		Short: "List templates, by name",
		Long: `ls lists templates, with the settings that differ from the defaults and the shapes
that follow them.

--json writes an array of: id, name, settings, followers and copies (shapes that have
the settings, and that had them and were changed), taken, created, updated.`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				all, err := e.Templates(ctx)
				if err != nil {
					return err
				}
				return v.templates(all, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func (v env) templates(all []engine.Template, asJSON bool) error {
	if asJSON {
		out := make([]templateJSON, 0, len(all))
		for _, t := range all {
			out = append(out, templateRow(t))
		}
		return writeJSON(v.s.out, out)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(v.s.out, "there are no templates (shapes template save makes one)")
		return err
	}
	t := table{elastic: 1}
	t.row("NAME", "SETTINGS", "FOLLOWERS", "ID")
	for _, x := range all {
		t.row(x.Name, unusual(&x.Config), strings.Join(x.Followers, ", "), x.ID)
	}
	t.write(v.s.out, v.s.columns())
	return nil
}

// unusual names the settings that are not the defaults.
func unusual(c *shape.Config) string {
	var out []string
	usual := shape.Defaults()
	for _, f := range shape.Fields() {
		if value := f.Get(c); value != f.Get(&usual) {
			out = append(out, f.Name+"="+value)
		}
	}
	if len(out) == 0 {
		return "the defaults"
	}
	return strings.Join(out, " ")
}

func newTemplateSave(v env) *cobra.Command {
	var from string
	var set []string
	c := &cobra.Command{
		Use:   "save NAME",
		Short: "Keep settings as a template",
		Long: `save keeps the settings of a shape (--from), or the defaults, changed as --set says.
If a template has the same settings already, that one is kept and named: equal
settings are one template.`,
		Example: `  shapes template save Coarse --from Europe/Italy
  shapes template save Deep --set vectorTiles.maxzoom=12 --set simplify2.tolerance=1`,
		Args: exactly("NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			config := shape.Defaults()
			for _, text := range set { // refused before the data directory is touched
				if err := shape.Assign(&config, text); err != nil {
					return usagef("--set: %w", err)
				}
			}
			return v.withEngine(c, mayMake, func(ctx context.Context, e *engine.Engine) error {
				return v.saveTemplate(ctx, e, args[0], from, set, config)
			})
		},
	}
	c.Flags().StringVar(&from, "from", "", "the shape `REF` with the settings")
	c.Flags().StringArrayVar(&set, "set", nil, "a setting, as `NAME=VALUE`; may be repeated")
	return c
}

func (v env) saveTemplate(ctx context.Context, e *engine.Engine, name, from string, set []string, config shape.Config) error {
	if from != "" {
		n, err := e.Find(ctx, from)
		if err != nil {
			return found(err)
		}
		s, err := e.Settings(ctx, n.ID)
		if err != nil {
			return unchanged(err)
		}
		config = s.Config
		for _, text := range set {
			if err := shape.Assign(&config, text); err != nil {
				return usagef("--set: %w", err)
			}
		}
	}
	t, made, err := e.SaveTemplate(ctx, name, engine.TemplateFrom{Config: &config})
	if err != nil {
		return unchanged(fmt.Errorf("save the template: %w", err))
	}
	if !made {
		fmt.Fprintf(v.s.out, "there already is “%s” with these settings  %s\n", oneRow(t.Name), t.ID)
		return nil
	}
	v.tellTemplate("saved", t)
	return nil
}

func (v env) tellTemplate(what string, t engine.Template) {
	fmt.Fprintf(v.s.out, "%s the template “%s”  %s\n", what, oneRow(t.Name), t.ID)
}

// missing adds what to do to the error of a template that is not there.
func missing(err error) error {
	if errors.Is(err, engine.ErrNoTemplate) {
		return fmt.Errorf("%w; nothing was changed (shapes template ls lists them)", err)
	}
	return err
}

func newTemplateApply(v env) *cobra.Command {
	return &cobra.Command{
		Use:   "apply NAME REF...",
		Short: "Give shapes the settings of a template",
		Long: `apply gives each shape the settings of a template, as one change that node undo
takes back. Source and selection stay, and so do tiles until the next run.`,
		Args: atLeast(2, "a NAME and a REF"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				if _, err := e.Template(ctx, args[0]); err != nil {
					return missing(err)
				}
				nodes, err := find(ctx, e, args[1:])
				if err != nil {
					return err
				}
				for i, n := range nodes {
					done, err := e.ApplyTemplate(ctx, args[0], n.ID)
					if err != nil {
						return fmt.Errorf("%w; %s", err, appliedTo(i))
					}
					v.tell("applied to", done)
				}
				return nil
			})
		},
	}
}

// appliedTo says what was done before an error.
func appliedTo(n int) string {
	if n == 0 {
		return "nothing was changed"
	}
	return "it was applied to the " + count(n, "shape") + " before, and to no other"
}

func newTemplateRename(v env) *cobra.Command {
	return &cobra.Command{
		Use:   "rename NAME NEW",
		Short: "Give a template another name",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usagef("%s needs a NAME and a NEW name, got %d", c.Name(), len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				t, err := e.RenameTemplate(ctx, args[0], args[1])
				if errors.Is(err, engine.ErrNoTemplate) {
					return missing(err)
				}
				if err != nil {
					return unchanged(err)
				}
				v.tellTemplate("renamed", t)
				return nil
			})
		},
	}
}

func newTemplateRm(v env) *cobra.Command {
	return &cobra.Command{
		Use:   "rm NAME",
		Short: "Remove a template that no shape follows",
		Long: `rm removes a template for good. Shapes that had its settings and were changed since
keep theirs. One that shapes follow stays, and the shapes are named.`,
		Args: exactly("NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				t, err := e.DeleteTemplate(ctx, args[0])
				if err != nil {
					return missing(err)
				}
				v.tellTemplate("removed", t)
				return nil
			})
		},
	}
}
