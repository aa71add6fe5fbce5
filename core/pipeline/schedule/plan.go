package schedule

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/model/session"
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
	store := session.Task{
		ID: id.store(), Node: node, Parent: id.stage(session.VectorTile), Stage: session.VectorTile,
		Name: "Put the tiles in place", Priority: lastPriority, Weight: 1, Config: session.TaskConfig{Kind: kindStore, Level: -1},
	}
	deps = append(deps, dependency(arcs.ID, store.ID, session.Sequential))
	return append(tasks, arcs, store), deps
}

// lastPriority is that of what comes after all else.
const lastPriority = 1 << 30
