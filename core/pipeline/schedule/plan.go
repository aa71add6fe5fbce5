package schedule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// The kinds of tasks.
const (
	kindRead  = "read"  // download: one input
	kindArcs  = "arcs"  // simplify1: the arrangement of all inputs
	kindCell  = "cell"  // simplify1: the records of the features of one raw buffer
	kindZoom  = "zoom"  // simplify2: one zoom
	kindCut   = "cut"   // vectorTile: one zoom into blocks of tiles
	kindBlock = "block" // vectorTile: one block of tiles
	kindStore = "store" // vectorTile: all tiles into the node's tileset
)

// Input is something to read.
type Input struct {
	Name   string  // for ids: letters, digits, "-" and "."
	Title  string  // for people
	Weight float64 // bytes
	Config session.TaskConfig
}

// ids makes the ids of a session's tasks.
type ids struct{ node string }

func (i ids) stage(s session.Stage) string {
	if s == session.VectorTile {
		return i.node + "-vectortile"
	}
	return i.node + "-" + string(s)
}
func (i ids) read(name string) string { return i.node + "-download-" + name }
func (i ids) arcs() string            { return i.node + "-simplify1-arcs" }
func (i ids) cell(name string) string { return i.node + "-simplify1-" + name }
func (i ids) zoom(z int) string       { return fmt.Sprintf("%s-simplify2-z%d", i.node, z) }
func (i ids) tiles(z int) string      { return fmt.Sprintf("%s-vectortile-z%d", i.node, z) }
func (i ids) cut(z int) string        { return i.tiles(z) + "-cut" }
func (i ids) block(z, b int) string   { return fmt.Sprintf("%s-b%d", i.tiles(z), b) }
func (i ids) store() string           { return i.node + "-vectortile-store" }

// storeTry is the nth task that puts tiles in place, from 1 on: what is tried
// again has to be put in place again.
func (i ids) storeTry(n int) string {
	if n == 1 {
		return i.store()
	}
	return fmt.Sprintf("%s-%d", i.store(), n)
}

// dependency makes a dependency of one task on another.
func dependency(source, target string, t session.DependencyType) session.Dependency {
	d := session.Dependency{ID: source + ">" + target, Source: source, Target: target, Type: t, Flow: session.Direct}
	if t == session.Conditional {
		d.Condition = &session.Condition{Type: session.Always}
	}
	return d
}

// Plan returns the tasks that a session begins with. The others are added once
// the borders are known.
func Plan(node string, inputs []Input, maxRetries int) ([]session.Task, []session.Dependency) {
	id := ids{node}
	var tasks []session.Task
	var deps []session.Dependency
	titles := [4]string{"Read the borders", "Find shared borders", "Simplify for each zoom", "Write the tiles"}
	for i, s := range [4]session.Stage{session.Download, session.Simplify1, session.Simplify2, session.VectorTile} {
		tasks = append(tasks, session.Task{ID: id.stage(s), Node: node, Stage: s, Name: titles[i], Priority: i, Group: true})
	}
	arcs := session.Task{
		ID: id.arcs(), Node: node, Parent: id.stage(session.Simplify1), Stage: session.Simplify1,
		Name: "Arrange all borders", Config: session.TaskConfig{Kind: kindArcs, Level: -1},
	}
	for i, in := range inputs {
		t := session.Task{
			ID: id.read(in.Name), Node: node, Parent: id.stage(session.Download), Stage: session.Download,
			Name: in.Title, Priority: i, Weight: in.Weight, MaxRetries: maxRetries, Config: in.Config,
		}
		t.Config.Kind, t.Config.Input = kindRead, i
		tasks = append(tasks, t)
		arcs.Weight += in.Weight
		// The others go on without an input that failed.
		deps = append(deps, dependency(t.ID, arcs.ID, session.Conditional))
	}
	store := id.storeTask(id.store())
	deps = append(deps, dependency(arcs.ID, store.ID, session.Sequential))
	return append(tasks, arcs, store), deps
}

func (i ids) storeTask(id string) session.Task {
	return session.Task{
		ID: id, Node: i.node, Parent: i.stage(session.VectorTile), Stage: session.VectorTile,
		Name: "Put the tiles in place", Priority: lastPriority, Weight: 1, Config: session.TaskConfig{Kind: kindStore, Level: -1},
	}
}

// Again prepares a session for tasks that were given another chance: what they
// make has to be put in place once more. It reports false if that would not be
// enough, since the arrangement was made without an input that is to be read
// again: then the session must be planned anew.
func Again(tx *kv.Tx, board session.Board, s session.Session) (enough bool, err error) {
	id := ids{s.Node}
	arcs, err := board.Task(tx, s.ID, id.arcs())
	if err != nil || arcs.Status != session.Completed {
		return true, err
	}
	reads, err := board.Children(tx, s.ID, id.stage(session.Download), "", session.MaxBatch)
	if err != nil {
		return false, err
	}
	for _, t := range reads {
		if t.Status != session.Completed {
			return false, nil
		}
	}
	last, again := "", []session.Task(nil)
	for n := 1; ; n++ {
		last = id.storeTry(n)
		t, ok, err := session.Tasks().Get(tx, session.TaskKey(s.ID, last))
		if err != nil {
			return false, err
		}
		if !ok {
			again = []session.Task{id.storeTask(last)}
		}
		if !ok || t.Status == session.Pending || t.Status == session.Queued {
			break
		}
		if t.Status != session.Completed {
			return true, nil // it was not asked for, or is under way
		}
	}
	deps, err := id.storeAfter(tx, s.ID, last)
	if err != nil || len(again)+len(deps) == 0 {
		return err == nil, err
	}
	if err := board.Add(tx, s.ID, again, deps); err != nil {
		return false, err
	}
	return true, recant(tx, s.ID)
}

// storeAfter returns the dependencies of a storing task on the tiles of all
// zooms, without those that are there.
func (i ids) storeAfter(tx *kv.Tx, id, store string) (deps []session.Dependency, err error) {
	for z := range tile.MaxZoom + 1 {
		_, ok, err := session.Tasks().Get(tx, session.TaskKey(id, i.tiles(z)))
		if err != nil {
			return nil, err
		}
		d := dependency(i.tiles(z), store, session.Conditional)
		_, there, err := session.Dependencies().Get(tx, kv.Key(nil).Str(id).Str(d.ID))
		if err != nil {
			return nil, err
		}
		if ok && !there {
			deps = append(deps, d)
		}
	}
	return deps, nil
}

// recant takes back that tiles are missing: it is to be seen anew.
func recant(tx *kv.Tx, id string) error {
	s, ok, err := session.Sessions().Get(tx, kv.Key(nil).Str(id))
	if err != nil || !ok {
		return err
	}
	delete(s.Faults, faultMissing)
	s.Samples = slices.DeleteFunc(s.Samples, func(text string) bool { return strings.HasPrefix(text, faultMissing+": ") })
	return session.Sessions().Put(tx, &s)
}

// Anew deletes all tasks of a session that has to be planned from the start,
// and what they came to, but for progress, which never goes back. s is changed
// as it is stored.
func Anew(tx *kv.Tx, s *session.Session) error {
	arcs, ok, err := session.Tasks().Get(tx, session.TaskKey(s.ID, ids{s.Node}.arcs()))
	if err != nil {
		return err
	}
	if ok && string(arcs.Result.Note) == proposed {
		s.Config.VectorTiles.MaxZoom = -1
	}
	if _, err := session.Tasks().DeleteAll(tx, kv.Key(nil).Str(s.ID)); err != nil {
		return err
	}
	if _, err := session.Dependencies().DeleteAll(tx, kv.Key(nil).Str(s.ID)); err != nil {
		return err
	}
	s.Total, s.Completed, s.Failed, s.Stopped = 0, 0, 0, 0
	s.Work, s.Made, s.Faults, s.Samples, s.Inputs = [4]session.Work{}, session.Result{}, nil, nil, nil
	return session.Sessions().Put(tx, s)
}

// lastPriority is that of what comes after all else.
const lastPriority = 1 << 30
