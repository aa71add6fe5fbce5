package nodepage

import (
	"context"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// run is the session of the node that is shown. What is heard of it is written
// on a goroutine of the engine and read by the window.
type run struct {
	node engine.Node
	last engine.Session
}

// heard keeps what was last heard of each session until the window shows it.
type heard struct {
	mu sync.Mutex
	by map[string]engine.Session // by node
}

func (h *heard) put(s engine.Session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.by == nil {
		h.by = map[string]engine.Session{}
	}
	h.by[s.Node] = s
}

// take returns what was heard of a node since the last time, and forgets the
// rest.
func (h *heard) take(node string) (engine.Session, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.by[node]
	clear(h.by)
	return s, ok
}

// showPace is how often progress is shown at most.
const showPace = 100 * time.Millisecond

// follow begins to listen to sessions.
func (p *Page) follow() {
	var news heard
	p.pace = kit.NewPace(p.host.Tasks, showPace, func() {
		if s, ok := news.take(p.node.ID); ok {
			p.moved(s)
		}
	})
	p.unhook = p.host.Engine.Watch(func(s engine.Session) {
		news.put(s)
		p.pace.Call()
	})
}

func active(s session.Status) bool { return s != "" && s.Active() }

// moved shows how the session of the node stands now.
func (p *Page) moved(s engine.Session) {
	switch {
	case active(s.Status) && p.run == nil:
		p.showRun(p.node, s)
	case active(s.Status):
		if p.run.last.Status != s.Status {
			p.progress.ready("Cancel")
		}
		p.run.last = s
		p.progress.set(p.run.node.Name, s)
	case p.run != nil && p.run.last.ID == s.ID:
		p.ended(s)
	}
}

// openRun shows the session of a node that has one.
func (p *Page) openRun(n engine.Node) {
	p.epoch()
	ctx, cancel := context.WithCancel(context.Background())
	p.epoch = cancel
	p.show(loading)
	kit.Load(ctx, p.host.Tasks,
		func(ctx context.Context) (engine.Session, error) { return p.host.Engine.Session(ctx, n.ID) },
		func(s engine.Session, err error) {
			if err != nil || !active(s.Status) { // it has ended meanwhile
				p.load()
				return
			}
			p.showRun(n, s)
		}, nil)
}

func (p *Page) showRun(n engine.Node, s engine.Session) {
	p.epoch()
	p.run = &run{node: n, last: s}
	p.showLast(lastRun{}) // what is told below is of this run
	p.progress.setNode(n)
	p.progress.set(n.Name, s)
	p.show(building)
}

// Build begins a session of the node. While it has one, it does nothing.
func (p *Page) Build() {
	if p.run != nil || p.node.ID == "" || p.node.New {
		return
	}
	n := p.node
	p.host.Say("Building the tiles of " + n.Name)
	kit.Load(context.Background(), p.host.Tasks,
		func(ctx context.Context) (engine.Session, error) { return p.host.Engine.Start(ctx, n.ID) },
		func(s engine.Session, err error) {
			switch {
			case err != nil:
				p.refused("The tiles of "+n.Name+" cannot be built", err)
			case p.node.ID == n.ID && p.run == nil && active(s.Status):
				p.showRun(n, s)
				p.host.Window.Canvas().Focus(p.progress.pause) // a second Enter does no harm
			case p.node.ID == n.ID && p.run == nil:
				p.load()
			}
			p.changed()
		}, nil)
}

// pauseOrResume does what the button says.
func (p *Page) pauseOrResume() {
	if p.run == nil {
		return
	}
	id := p.run.last.ID
	if p.run.last.Status == session.Paused {
		p.progress.asked("Going on…")
		p.tell("The session cannot go on", func(ctx context.Context) error { return p.host.Engine.Resume(ctx, id) })
		return
	}
	p.progress.asked("Pausing…")
	p.tell("The session cannot be paused", func(ctx context.Context) error { return p.host.Engine.Pause(ctx, id) })
}

// cancelBuild cancels the session; ended follows when it has.
func (p *Page) cancelBuild() {
	if p.run == nil {
		return
	}
	id := p.run.last.ID
	p.progress.asked("Stopping; the tiles stay as they were")
	p.tell("The session cannot be cancelled", func(ctx context.Context) error { return p.host.Engine.Cancel(ctx, id, "") })
}

// tell does something with the session in the background and shows how it
// stands then.
func (p *Page) tell(what string, do func(context.Context) error) {
	r := p.run
	kit.Load(context.Background(), p.host.Tasks,
		func(ctx context.Context) (engine.Session, error) {
			if err := do(ctx); err != nil {
				return r.last, err
			}
			return p.host.Engine.Session(ctx, r.last.ID)
		},
		func(s engine.Session, err error) {
			if err != nil {
				p.refused(what, err)
			}
			if p.run == r {
				p.progress.ready("Cancel")
				p.moved(s)
			}
		}, nil)
}

func (p *Page) refused(what string, err error) {
	p.log(err)
	p.host.Say(what)
	kit.ShowProblem(p.host.Window, kit.Problem{
		What: what,
		Why:  err.Error(),
		Kept: "The tiles there were before, if any, are kept as they were.",
		Next: "If it says what to mend, mend it and try again; else please report it with the details.",
	}, p.host.Clipboard)
}

// ended shows what a session came to.
func (p *Page) ended(s engine.Session) {
	n := p.run.node
	p.run = nil
	p.host.Say(outcome(n.Name, s))
	if s.Status == session.Failed {
		kit.ShowProblem(p.host.Window, kit.Problem{
			What: "The tiles of " + n.Name + " could not be built",
			Why:  s.Reason,
			Kept: "The tiles there were before, if any, are kept as they were.",
			Next: "“See why” above shows which task failed, and “Retry” tries it again. " +
				"A file that cannot be fetched from here can be fetched elsewhere and added: File, “Add a fetched file…”.",
		}, p.host.Clipboard)
	}
	if s.Status == session.Completed {
		p.tiles = int(s.Tiles)
	}
	p.show(loading)
	p.load()
	p.changed()
}

func (p *Page) changed() {
	if p.host.Changed != nil {
		p.host.Changed()
	}
}
