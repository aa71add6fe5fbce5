package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/dustin/go-humanize"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// Sweep deletes what is past its time or belongs to nothing any more; dry only
// tells what it would free.
func (e *Engine) Sweep(ctx context.Context, dry bool) (SweepReport, error) {
	e.nameless.Lock()
	r, err := e.m.Sweep(ctx, entity.SweepOptions{Dry: dry, Thorough: true})
	e.nameless.Unlock()
	out := SweepReport{Dry: dry, Bytes: r.Bytes()}
	for _, row := range r.Rows {
		out.Rows = append(out.Rows, SweepRow{row.Kind, row.Reason, row.Records, row.Bytes})
	}
	if !dry && err == nil {
		var freed int64
		freed, err = e.m.Compact()
		if freed > 0 {
			out.Rows = append(out.Rows, SweepRow{"database", "free pages given back", 0, freed})
			out.Bytes += freed
		}
	}
	return out, err
}

// Check verifies every database, index and reference and every tile file, and
// with repair mends what can be mended.
func (e *Engine) Check(ctx context.Context, repair bool) (CheckReport, error) {
	out, err := e.examine(ctx)
	if err != nil || !repair || len(out.Findings) == 0 {
		return out, err
	}
	e.nameless.Lock()
	_, err = e.m.Repair(ctx)
	e.nameless.Unlock()
	if err != nil {
		return out, err
	}
	if err := e.core(func(tx *kv.Tx) error {
		if _, err := e.tree.Repair(tx); err != nil {
			return err
		}
		return e.repairSettings(tx)
	}); err != nil {
		return out, err
	}
	if err := e.repairSessions(); err != nil {
		return out, err
	}
	left, err := e.examine(ctx)
	if err != nil {
		return out, err
	}
	for i := range out.Findings { // what stays cannot be mended
		for _, f := range left.Findings {
			if f.Where == out.Findings[i].Where && f.What == out.Findings[i].What {
				out.Findings[i].Repair = ""
			}
		}
	}
	out.Repaired = true
	return out, nil
}

// repairSessions counts anew what is kept of sessions that are not under way.
func (e *Engine) repairSessions() error {
	return e.eph(func(tx *kv.Tx) error {
		var ids []string
		for s, err := range session.Sessions().All(tx, nil) {
			if err != nil {
				return err
			}
			if e.runs.get(s.ID) == nil {
				ids = append(ids, s.ID)
			}
		}
		for _, id := range ids {
			if err := e.board.Repair(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// examine looks at everything and changes nothing.
func (e *Engine) examine(ctx context.Context) (CheckReport, error) {
	var out CheckReport
	found := func(where, what, repair string) {
		out.Findings = append(out.Findings, CheckFinding{where, what, repair})
	}
	v := kv.Verifier{Exe: e.exe}
	for _, l := range []entity.Lifetime{entity.Persistent, entity.Ephemeral} {
		db, name := e.m.DB(l), map[entity.Lifetime]string{entity.Persistent: coreFile, entity.Ephemeral: ephemeralFile}[l]
		if err := v.VerifyOpen(ctx, db); err != nil {
			if !errors.Is(err, kv.ErrDamaged) {
				return out, err
			}
			found(name, err.Error(), "")
		}
		stats, err := db.Stats()
		if err != nil {
			return out, err
		}
		records := 0
		for _, t := range stats.Tables {
			records += t.Records
		}
		out.Checked = append(out.Checked, fmt.Sprintf("%s: %d tables, %s records, %s", name, len(stats.Tables),
			humanize.Comma(int64(records)), humanize.IBytes(uint64(stats.File))))
	}
	if err := e.m.Check(ctx, func(f entity.Finding) { found(f.Where, f.What, f.Repair) }); err != nil {
		return out, err
	}
	if err := e.coreView(func(tx *kv.Tx) error {
		if err := tree.Check(tx, func(f tree.Finding) { found(coreFile+", tree", f.What, f.Repair) }); err != nil {
			return err
		}
		bare, odd, err := unpaired(tx)
		for _, n := range bare {
			found(coreFile+", ShapesEntity", fmt.Sprintf("the shape “%s” has no settings", n.Name), "give it those of a new shape")
		}
		for _, n := range odd {
			found(coreFile+", ShapesEntity", fmt.Sprintf("the folder “%s” has settings", n.Name), "delete them")
		}
		return err
	}); err != nil {
		return out, err
	}
	if err := e.ephView(func(tx *kv.Tx) error {
		for s, err := range session.Sessions().All(tx, nil) {
			if err != nil {
				return err
			}
			if err := e.board.Verify(tx, s.ID, func(what string) {
				found(ephemeralFile+", session "+s.ID, what, "count anew")
			}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return out, err
	}
	return out, e.examineTiles(ctx, &out)
}

// examineTiles reads every tile file to its end.
func (e *Engine) examineTiles(ctx context.Context, out *CheckReport) error {
	files := tileFiles{filepath.Join(e.dir, "tiles")}
	nodes, err := files.Nodes()
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if err := (tileset.Verifier{Exe: e.exe}).VerifyInChild(ctx, files.path(n)); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			out.Findings = append(out.Findings, CheckFinding{"tiles/" + n + tileSuffix, err.Error(), ""})
		}
	}
	out.Checked = append(out.Checked, fmt.Sprintf("tiles: %d files, every tile read", len(nodes)))
	return nil
}
