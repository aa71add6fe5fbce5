package schedule

import (
	"fmt"

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
	last := id.store()
	for n := 2; ; n++ {
		t, ok, err := session.Tasks().Get(tx, session.TaskKey(s.ID, last))
		switch {
		case err != nil:
			return false, err
		case ok && t.Status != session.Completed:
			return true, nil // it is still to come
		case ok:
			last = fmt.Sprintf("%s-%d", id.store(), n)
			continue
		}
		break
	}
	var deps []session.Dependency
	for z := range tile.MaxZoom + 1 {
		if _, ok, err := session.Tasks().Get(tx, session.TaskKey(s.ID, id.tiles(z))); err != nil {
			return false, err
		} else if ok {
			deps = append(deps, dependency(id.tiles(z), last, session.Conditional))
		}
	}
	return true, board.Add(tx, s.ID, []session.Task{id.storeTask(last)}, deps)
}

// lastPriority is that of what comes after all else.
const lastPriority = 1 << 30
