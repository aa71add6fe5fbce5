package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
)

func newSweep(v env) *cobra.Command {
	v.unswept = true
	var dry, asJSON bool
	c := &cobra.Command{
		Use:   "sweep",
		Short: "Delete what is past its time or belongs to nothing",
		Long: `sweep deletes what sessions, drafts and nodes have left behind, and says what and
why. Every other command and the window do so when they start; this one also
gives free pages of the databases back.

--json writes an object: dry_run, bytes, rows (kind, reason, records, bytes).`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				r, err := e.Sweep(ctx, dry)
				if err != nil {
					return fmt.Errorf("sweep: %w; what was deleted before that stays deleted", err)
				}
				return writeSweep(v.s, r, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "delete nothing, only tell")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

type sweepJSON struct {
	Dry   bool           `json:"dry_run"`
	Bytes int64          `json:"bytes"`
	Rows  []sweepRowJSON `json:"rows"`
}

type sweepRowJSON struct {
	Kind    string `json:"kind"`
	Reason  string `json:"reason"`
	Records int    `json:"records"`
	Bytes   int64  `json:"bytes"`
}

func writeSweep(s std, r engine.SweepReport, asJSON bool) error {
	if asJSON {
		out := sweepJSON{Dry: r.Dry, Bytes: r.Bytes, Rows: []sweepRowJSON{}}
		for _, row := range r.Rows {
			out.Rows = append(out.Rows, sweepRowJSON(row))
		}
		return writeJSON(s.out, out)
	}
	if len(r.Rows) == 0 {
		_, err := fmt.Fprintln(s.out, "nothing to delete")
		return err
	}
	t := table{elastic: 1, right: map[int]bool{2: true, 3: true}}
	t.row("KIND", "REASON", "RECORDS", "BYTES")
	for _, row := range r.Rows {
		t.row(row.Kind, row.Reason, comma(row.Records), humanize.Bytes(uint64(row.Bytes)))
	}
	t.write(s.out, s.columns())
	did := "freed"
	if r.Dry {
		did = "would free"
	}
	_, err := fmt.Fprintf(s.out, "%s %s\n", did, humanize.Bytes(uint64(r.Bytes)))
	return err
}

func newCheck(v env) *cobra.Command {
	v.unswept = true
	var repair, asJSON bool
	rescue := choiceFlag{"", []string{string(engine.FromBackup), string(engine.Empty)}}
	c := &cobra.Command{
		Use:   "check",
		Short: "Verify the data directory, and repair it",
		Long: `check verifies every database, index, reference and tile file of the data directory
and lists what is wrong, with what --repair would do about it. A core database
that is damaged is not opened; --rescue takes its backup, or begins with an empty
tree, and keeps the old files under other names.

Exit code 0: all is well, or everything was repaired; 1: something is wrong.

--json writes an object: checked (texts), findings (where, what, repair), repaired.`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			if rescue.value != "" {
				return v.rescue(c.Context(), engine.Way(rescue.value))
			}
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				r, err := e.Check(ctx, repair)
				if err != nil {
					return fmt.Errorf("check: %w", err)
				}
				if err := writeCheck(v.s, r, asJSON); err != nil {
					return err
				}
				return v.verdict(r)
			})
		},
	}
	c.Flags().BoolVar(&repair, "repair", false, "repair what can be repaired")
	rescue.addTo(c, "rescue", "of a damaged core database: take its backup, or begin with an empty tree")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func (v env) rescue(ctx context.Context, way engine.Way) error {
	if err := isFolder(v.g.dataDir); err != nil {
		return err
	}
	kept, err := v.eng.Rescue(ctx, v.g.dataDir, way)
	if err != nil {
		return fmt.Errorf("rescue: %w", err)
	}
	fmt.Fprintln(v.s.out, "the data directory can be opened again; kept aside:", firstOf(strings.Join(kept, ", "), "nothing"))
	return nil
}

type checkJSON struct {
	Checked  []string      `json:"checked"`
	Findings []findingJSON `json:"findings"`
	Repaired bool          `json:"repaired"`
}

type findingJSON struct {
	Where  string `json:"where"`
	What   string `json:"what"`
	Repair string `json:"repair,omitempty"` // what repairing does; none: nothing can
}

func writeCheck(s std, r engine.CheckReport, asJSON bool) error {
	if asJSON {
		out := checkJSON{Checked: r.Checked, Findings: []findingJSON{}, Repaired: r.Repaired}
		for _, f := range r.Findings {
			out.Findings = append(out.Findings, findingJSON(f))
		}
		return writeJSON(s.out, out)
	}
	for _, text := range r.Checked {
		fmt.Fprintln(s.out, "checked  "+oneRow(text))
	}
	for _, f := range r.Findings {
		did := "repair: "
		switch {
		case f.Repair == "":
			did = "cannot be repaired"
		case r.Repaired:
			did = "repaired: "
		}
		fmt.Fprintf(s.out, "found    %s: %s (%s%s)\n", oneRow(f.Where), oneLine(f.What), did, oneLine(f.Repair))
	}
	if len(r.Findings) == 0 {
		fmt.Fprintln(s.out, "all is well")
	}
	return nil
}

// verdict is an error if something stays wrong.
func (v env) verdict(r engine.CheckReport) error {
	able := 0
	for _, f := range r.Findings {
		if f.Repair != "" {
			able++
		}
	}
	left := len(r.Findings)
	if r.Repaired {
		left -= able
	}
	switch {
	case left == 0:
		return nil
	case r.Repaired:
		return fmt.Errorf("%s cannot be repaired; all else was", count(left, "finding"))
	case able == 0:
		return fmt.Errorf("%s, none of which can be repaired; nothing was changed", count(left, "finding"))
	}
	return fmt.Errorf("%s; nothing was changed; %s repairs %d of them", count(left, "finding"), v.command("check --repair"), able)
}
