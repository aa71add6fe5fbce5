package nodepage

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/gui/mapview"
)

// Host is the window around a page.
type Host struct {
	Window    fyne.Window
	Clipboard fyne.Clipboard
	Tasks     *kit.Tasks
	Engine    Engine
	Fonts     *preview.Fonts
	Say       func(string)         // in the status bar
	Status    func(mapview.Status) // of the map, in the status bar
	Edit      func()               // the form of the node that is shown is wanted
	Changed   func()               // a node's tiles changed: list the nodes anew
	Log       func(error)          // what a person need not see at once

	// SeeRun shows the last run of a node: its session, or if that is "" what is
	// left of it. It may be nil.
	SeeRun func(n engine.Node, session string)
}

// Page is the page of the chosen node.
type Page struct {
	Content fyne.CanvasObject
	Map     *mapview.Map

	// SetLanguage is called when another language of labels is chosen.
	SetLanguage func(preview.Language)
	// SetMode is called when another theme is chosen.
	SetMode func(kit.Mode)

	host   Host
	node   engine.Node
	phase  phase
	look   mapview.Look
	tiles  int  // of the build that just ended; 0 if not known
	run    *run // the session of the node that is shown, if it has not ended
	unhook func()
	pace   *kit.Pace
	epoch  context.CancelFunc // ends loads for the node before

	blank    *blankView
	progress *progressView
	mapped   *mapView
	note     *runNote
	last     lastRun // of the node that is shown
}

// New makes an empty page.
func New(h Host, look mapview.Look) *Page {
	p := &Page{host: h, look: look, epoch: func() {}}
	p.Map = mapview.New(h.Tasks, h.Fonts, look)
	p.blank = newBlankView(p.Build, p.edit)
	p.progress = newProgressView(p.pauseOrResume, p.cancelBuild)
	p.mapped = newMapView(p)
	p.note = newRunNote(p.retryLast, p.seeWhy)
	p.Content = container.NewBorder(p.note.content, nil, nil, nil,
		container.NewStack(p.blank.content, p.progress.content, p.mapped.content))
	p.show(loading)
	p.follow()
	return p
}

// Open shows a node. If it is the one that is shown, only its words change.
func (p *Page) Open(n engine.Node) {
	same := n.ID == p.node.ID
	if same {
		n.Source, n.License, n.MaxZoom = p.node.Source, p.node.License, p.node.MaxZoom
	} else {
		p.tiles = 0
	}
	p.setNode(n)
	p.loadWords()
	if same {
		return
	}
	p.run = nil
	p.showLast(lastRun{})
	if active(n.Session) {
		p.openRun(n)
		return
	}
	p.load()
}

// setNode shows the words on a node.
func (p *Page) setNode(n engine.Node) {
	p.node = n
	p.mapped.setNode(n, p.tiles)
	p.blank.setNode(n)
}

// loadWords asks for what the tree does not tell of a node: its source, its
// licence, its zooms.
func (p *Page) loadWords() {
	id := p.node.ID
	kit.Load(context.Background(), p.host.Tasks,
		func(ctx context.Context) (engine.Node, error) { return p.host.Engine.Node(ctx, id) },
		func(n engine.Node, err error) {
			if err == nil && p.node.ID == id { // else it has gone, and so will this page
				p.setNode(n)
			}
		}, nil)
}

// load opens the node's tiles in the background and then shows them.
func (p *Page) load() {
	p.epoch()
	ctx, cancel := context.WithCancel(context.Background())
	p.epoch = cancel
	id := p.node.ID
	if p.phase != mapped {
		p.show(loading)
	}
	p.loadLast()
	kit.Load(ctx, p.host.Tasks,
		func(ctx context.Context) (engine.Tiles, error) { return p.host.Engine.OpenNode(ctx, id) },
		p.opened,
		func(t engine.Tiles) {
			if t != nil {
				p.log(t.Close())
			}
		})
}

func (p *Page) opened(t engine.Tiles, err error) {
	switch {
	case errors.Is(err, engine.ErrNoTiles) || err == nil && t == nil:
		p.show(empty)
	case err != nil:
		p.show(empty)
		p.host.Say("The tiles of " + p.node.Name + " cannot be opened")
		kit.ShowProblem(p.host.Window, kit.Problem{
			What: "The tiles of " + p.node.Name + " cannot be opened",
			Why:  err.Error(),
			Kept: "The data they were made from is kept; nothing was deleted.",
			Next: "Build the tiles again: the new ones replace the old file.",
		}, p.host.Clipboard)
	default:
		if c, ok := t.(interface{ Count() int }); ok {
			p.tiles = c.Count()
			p.mapped.setNode(p.node, p.tiles)
		}
		p.show(mapped)
		p.Map.Open(t)
		p.mapped.focusMap()
	}
}

func (p *Page) edit() {
	if p.host.Edit != nil {
		p.host.Edit()
	}
}

// show puts one of the three views in front.
func (p *Page) show(ph phase) {
	p.phase = ph
	shown := map[fyne.CanvasObject]bool{
		p.blank.content:    ph == loading || ph == empty,
		p.progress.content: ph == building,
		p.mapped.content:   ph == mapped,
	}
	for o, on := range shown {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
	p.blank.setReady(ph == empty)
	if ph == empty && p.keysAreFree() {
		p.host.Window.Canvas().Focus(p.blank.first())
	}
	if ph != mapped {
		p.Map.Close()
		p.mapped.hideDetails()
		p.host.Status(mapview.Status{})
	}
}

// keysAreFree tells whether the page may take the keys: nobody has them, or a
// button of this page has that led to what is shown now. The tree's stay its
// own, and so do those of what lies over the window.
func (p *Page) keysAreFree() bool {
	c := p.host.Window.Canvas()
	if c.Overlays().Top() != nil {
		return false
	}
	switch c.Focused() {
	case nil, p.blank.build, p.blank.goOn, p.progress.pause, p.progress.cancel, p.Map:
		return true
	}
	return false
}

// SetLook changes how the map is drawn.
func (p *Page) SetLook(l mapview.Look) {
	p.look = l
	p.Map.SetLook(l)
	p.mapped.setLanguage(l.Language)
}

// Close lets go of the tiles. Sessions go on.
func (p *Page) Close() {
	p.unhook()
	p.pace.Stop()
	p.epoch()
	p.Map.Close()
}

func (p *Page) log(err error) {
	if err != nil && p.host.Log != nil {
		p.host.Log(err)
	}
}
