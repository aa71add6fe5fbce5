package draft

import (
	"time"

	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Recovered is what Recover did.
type Recovered struct {
	// Finished are the commits that were cut short and are complete now.
	Finished []Commit
	// Drafts are the edits that were open when the program ended, drafts now, and
	// what was written to an edit after it was saved.
	Drafts []WorkingCopy
	// Adopted are drafts of nodes that are not in the core database any more, as
	// after an older copy of it was put back: they are drafts of new nodes now.
	Adopted []WorkingCopy
	// Dropped are edits of such nodes in which nothing was changed.
	Dropped []WorkingCopy
}

// Recover puts in order what the last end of the program left: it completes
// commits that were cut between their steps, and makes drafts of edits that
// were open. It is for the start, before anything else is done with edits, and
// may itself be cut and repeated.
func Recover(core, eph *kv.DB, now time.Time) (Recovered, error) {
	r := recovery{now: now}
	if err := core.View(r.readMarks); err != nil {
		return r.Recovered, err
	}
	if err := eph.Update(r.finish); err != nil {
		return r.Recovered, err
	}
	if err := core.View(r.findLost); err != nil {
		return r.Recovered, err
	}
	if err := eph.Update(r.settle); err != nil {
		return r.Recovered, err
	}
	if len(r.Finished) == 0 {
		return r.Recovered, nil
	}
	return r.Recovered, core.Update(func(tx *kv.Tx) error {
		for _, c := range r.Finished {
			if err := Forget(tx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

type recovery struct {
	Recovered
	now    time.Time
	copies []WorkingCopy   // that are left after commits were completed
	lost   map[string]bool // node is not there, though it should be
	strays map[string]bool // folder of a node to be is not there
}

func (r *recovery) readMarks(core *kv.Tx) error {
	for c, err := range Commits().All(core, nil) {
		if err != nil {
			return err
		}
		r.Finished = append(r.Finished, c)
	}
	return nil
}

// finish takes the second step of the commits.
func (r *recovery) finish(eph *kv.Tx) (err error) {
	for _, c := range r.Finished {
		w, late, err := Remove(eph, c)
		if err != nil {
			return err
		}
		if late {
			r.Drafts = append(r.Drafts, w)
		}
	}
	r.copies, err = List(eph)
	return err
}

// findLost notes which edits have lost their node, or the folder it is to be
// in.
func (r *recovery) findLost(core *kv.Tx) error {
	r.lost, r.strays = map[string]bool{}, map[string]bool{}
	for _, w := range r.copies {
		there, err := exists(core, w.Node)
		if err != nil {
			return err
		}
		r.lost[w.Node] = !w.New && !there
		folder, err := exists(core, w.Parent)
		if err != nil {
			return err
		}
		r.strays[w.Node] = !folder && !there
	}
	return nil
}

func exists(core *kv.Tx, id string) (bool, error) {
	if id == tree.Root {
		return true, nil
	}
	_, found, err := tree.Nodes().Get(core, tree.Key(id))
	return found, err
}

// settle makes drafts.
func (r *recovery) settle(eph *kv.Tx) error {
	for _, w := range r.copies {
		lost := r.lost[w.Node]
		if lost && w.Shape == nil {
			r.Dropped = append(r.Dropped, w)
			if _, err := Copies().Delete(eph, key(w.Node)); err != nil {
				return err
			}
			continue
		}
		if w.Draft && !lost && !r.strays[w.Node] {
			continue // as it should be
		}
		w = r.draft(w)
		if err := Copies().Put(eph, &w); err != nil {
			return err
		}
		if lost {
			r.Adopted = append(r.Adopted, w)
		} else if w.Recovered {
			r.Drafts = append(r.Drafts, w)
		}
	}
	return nil
}

// draft returns w as the draft that it becomes.
func (r *recovery) draft(w WorkingCopy) WorkingCopy {
	if !w.Draft {
		w.Draft, w.Recovered, w.Owner = true, true, ""
	}
	if r.strays[w.Node] {
		w.Parent = tree.Root
	}
	if r.lost[w.Node] {
		w.New, w.NodeVersion, w.ShapeVersion, w.Changes = true, 0, 0, nil
	}
	w.Updated = r.now
	return w
}
