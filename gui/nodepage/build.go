package nodepage

import (
	"context"
	"errors"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Build makes the node's tiles in the background. While a build runs it does
// nothing.
func (p *Page) Build() {
	if p.run != nil || p.node.ID == "" {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &run{node: p.node, cancel: cancel}
	p.run = r
	p.epoch()
	p.progress.setNode(p.node)
	p.showProgress()
	p.show(building)
	p.host.Window.Canvas().Focus(p.progress.cancel)
	p.host.Say("Building the tiles of " + p.node.Name)

	update := kit.NewBatch(p.host.Tasks, p.showProgress)
	p.host.Tasks.Go(func() {
		stats, err := p.host.Engine.BuildNode(ctx, r.node.ID, func(now pipeline.Progress) {
			r.set(now)
			update.Call()
		})
		p.host.Tasks.Do(func() { p.built(r, stats, err) })
	})
}

func (p *Page) showProgress() {
	if p.run != nil {
		p.progress.set(p.run.get())
	}
}

// cancelBuild asks the build to end; built follows when it has.
func (p *Page) cancelBuild() {
	if p.run != nil {
		p.progress.cancelling()
		p.run.cancel()
	}
}

// built is called on the window's goroutine when a build has ended.
func (p *Page) built(r *run, stats engine.Stats, err error) {
	cancelled := errors.Is(err, context.Canceled)
	r.cancel()
	p.run = nil
	switch {
	case cancelled:
		p.host.Say("The build was cancelled; the tiles are as they were before")
	case err != nil:
		p.log(err)
		p.host.Say("The build of " + r.node.Name + " failed")
		kit.ShowProblem(p.host.Window, kit.Problem{
			What: "The tiles of " + r.node.Name + " could not be built",
			Why:  err.Error(),
			Kept: "The tiles there were before, if any, are kept as they were.",
			Next: "If it says what to mend, mend it and build again; else please report it with the details.",
		}, p.host.Clipboard)
	default:
		p.tiles = stats.Tiles
		p.host.Say(outcome(stats))
	}
	if p.node.ID == r.node.ID {
		p.show(loading)
		p.load()
	}
	if p.host.Changed != nil {
		p.host.Changed()
	}
}
