package entity

import (
	"context"
	"errors"
	"fmt"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Finding is something that is not as it should be.
type Finding struct {
	Where string // file, and table or record
	What  string
	// Repair says what Repair does about it; "" if it can do nothing.
	Repair string
}

func (f Finding) String() string { return f.Where + ": " + f.What }

// Check compares every index with its table in all databases and scratch
// files, looks at each record for what its class asks of it, and at what the
// databases say of each other: that nodes and sessions which are named exist.
// What is merely past its time is no finding.
func (m *Manager) Check(ctx context.Context, found func(Finding)) error {
	errs := []error{
		checkDB(m.core, coreFile, found),
		checkDB(m.eph, ephemeralFile, found),
		m.checkScratch(ctx, found),
		m.examine(ctx, false, found),
	}
	dry, err := m.Sweep(ctx, SweepOptions{Dry: true, Thorough: true})
	for _, row := range dry.Rows {
		if f, ok := m.findingOf(row); ok {
			found(f)
		}
	}
	return errors.Join(append(errs, err)...)
}

// Repair writes all indexes anew, mends records, and sweeps thoroughly. What it
// cannot mend stays as it is, and Check goes on telling of it.
func (m *Manager) Repair(ctx context.Context) (Report, error) {
	err := errors.Join(m.core.Repair(), m.eph.Repair())
	if err == nil {
		err = m.examine(ctx, true, func(Finding) {})
	}
	if err != nil {
		return Report{}, fmt.Errorf("repair: %w", err)
	}
	return m.Sweep(ctx, SweepOptions{Thorough: true})
}

func checkDB(db *kv.DB, name string, found func(Finding)) error {
	err := db.Check(func(f kv.Finding) {
		found(Finding{Where: name + ", table " + f.Table, What: f.Detail, Repair: f.Repair})
	})
	if errors.Is(err, kv.ErrDamaged) {
		found(Finding{Where: name, What: err.Error()})
		return nil
	}
	return err
}

// checkScratch looks into the scratch files that are noted.
func (m *Manager) checkScratch(ctx context.Context, found func(Finding)) error {
	all, err := m.allNotes()
	if err != nil {
		return err
	}
	for _, n := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		k := m.bulkNamed(n.Kind)
		if k == nil || n.Dropped != "" {
			continue
		}
		f, err := m.scratchOf(n.Session).file(k)
		if err != nil {
			return err
		}
		where := "scratch of session " + n.Session
		err = f.peek(func(db *kv.DB) error { return checkDB(db, where, found) })
		if errors.Is(err, ErrLost) {
			found(Finding{Where: where, What: err.Error(), Repair: "made again when the session goes on"})
		} else if err != nil {
			return err
		}
	}
	return nil
}

// examine looks at every record by itself.
func (m *Manager) examine(ctx context.Context, mend bool, found func(Finding)) error {
	for _, k := range m.records {
		var next kv.Key
		for more := true; more; more = next != nil {
			if err := ctx.Err(); err != nil {
				return err
			}
			err := m.run(m.db(k.Class().Lifetime), !mend, func(tx *kv.Tx) (err error) {
				next, err = k.examine(tx, next, batch, mend, found)
				return err
			})
			switch {
			case errors.Is(err, kv.ErrDamaged): // checkDB tells of it
				next = nil
			case err != nil:
				return err
			}
		}
	}
	return nil
}

// findingOf tells what a thorough sweep would delete since it should not be
// there.
func (m *Manager) findingOf(row Row) (Finding, bool) {
	where := "scratch folder"
	for _, k := range m.opt.Kinds {
		if k.Name() == row.Kind {
			where = fmt.Sprintf("%s, %s", k.Home(), row.Kind)
		}
	}
	what, repair := "", "delete them"
	switch row.Reason {
	case whySessionGone:
		what = fmt.Sprintf("%d of a session that is gone", row.Records)
	case whyNodeGone:
		what = fmt.Sprintf("%d of a node that is gone", row.Records)
	case whyStray:
		what = fmt.Sprintf("%d of no session", row.Records)
	case whyRefNode:
		what, repair = fmt.Sprintf("%d references of nodes that are gone", row.Records), "take them back"
	case whyLastRef:
		what = fmt.Sprintf("%d that only nodes refer to which are gone", row.Records)
	case string(SessionCompleted), string(DialogClosed), string(WorkingCopyDiscarded), string(NodePurged):
		what, repair = fmt.Sprintf("%d left of a deletion that was cut short (%s)", row.Records, row.Reason), "finish it"
	default:
		return Finding{}, false
	}
	return Finding{Where: where, What: what, Repair: repair}, true
}
