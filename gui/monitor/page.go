package monitor

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// How often what is shown may change: sessions as they are told, tasks as they
// are read again.
const (
	sessionPace = 100 * time.Millisecond
	taskPace    = 500 * time.Millisecond
)

// Host is the window around a page.
type Host struct {
	Window    fyne.Window
	Clipboard fyne.Clipboard
	Tasks     *kit.Tasks
	Engine    Engine
	Say       func(string)     // in the status bar
	OpenNode  func(id string)  // shows a node's page
	Leave     func()           // may be nil: Escape leaves the page
	Log       func(error)      // what a person need not see at once
	Now       func() time.Time // nil: time.Now
	Running   func(n int)      // may be nil: told how many sessions run
}

// Page is the page of sessions. All its methods are called on the window's
// goroutine.
type Page struct {
	Content fyne.CanvasObject

	host   Host
	ctx    context.Context // of the page: ends with Close
	cancel context.CancelFunc
	stop   func() // ends the watch

	roster roster
	chosen string // id of the session shown, "" if none
	wanted string // to be shown once it is in the list
	loaded bool
	keys   bool // the list is to get the focus once it is there

	mu    sync.Mutex
	heard map[string]engine.Session // since the last update

	update *kit.Pace
	reread *kit.Pace
	list   *sessionList
	detail *detail
	blank  *blankView
}

// New makes the page, begins to load the sessions and to follow them.
func New(h Host) *Page {
	if h.Now == nil {
		h.Now = time.Now
	}
	p := &Page{host: h, heard: map[string]engine.Session{}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.update = kit.NewPace(h.Tasks, sessionPace, p.applyHeard)
	p.blank = newBlankView(p.Refresh)
	p.detail = newDetail(p)
	p.reread = kit.NewPace(h.Tasks, taskPace, p.detail.tasks.reread)
	p.list = newSessionList(p)
	split := container.NewHSplit(p.list.content, p.detail.content)
	split.SetOffset(0.27)
	p.blank.over = split
	p.Content = container.NewStack(split, p.blank.content)
	p.show()
	p.stop = h.Engine.Watch(p.hear)
	p.Refresh()
	return p
}

// Refresh reads the sessions anew.
func (p *Page) Refresh() {
	kit.Load(p.ctx, p.host.Tasks, p.host.Engine.Sessions, func(list []engine.Session, err error) {
		p.loaded = true
		if p.blank.setError(err); err == nil {
			p.roster = p.roster.replace(list)
		}
		p.show()
	}, nil)
}

// Show chooses a session, now or as soon as it is in the list.
func (p *Page) Show(sessionID string) {
	p.wanted = sessionID
	p.show()
	if p.wanted != "" {
		p.Refresh()
	}
}

// Focus gives the keys to the list of sessions, now or as soon as it is there.
func (p *Page) Focus() {
	p.keys = true
	p.takeKeys()
}

func (p *Page) takeKeys() {
	if c := p.host.Window.Canvas(); p.keys && p.loaded && c.Overlays().Top() == nil {
		p.keys = false
		c.Focus(p.list.list) // which does nothing if there are none to list
	}
}

// Close ends the page: nothing changes it any more.
func (p *Page) Close() {
	p.cancel()
	p.stop()
	p.update.Stop()
	p.reread.Stop()
	p.detail.close()
}

// hear is called by the engine, on any goroutine.
func (p *Page) hear(s engine.Session) {
	p.mu.Lock()
	p.heard[s.ID] = s
	p.mu.Unlock()
	p.update.Call()
}

func (p *Page) applyHeard() {
	p.mu.Lock()
	heard := p.heard
	p.heard = map[string]engine.Session{}
	p.mu.Unlock()
	if p.ctx.Err() != nil {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(heard)) {
		p.roster = p.roster.put(heard[id])
	}
	p.show()
	if _, ok := heard[p.chosen]; ok {
		p.reread.Call()
	}
}

// show brings list, detail and blank in line with the sessions.
func (p *Page) show() {
	switch {
	case p.wanted != "" && find(p.roster, p.wanted) >= 0:
		p.chosen, p.wanted = p.wanted, ""
	case find(p.roster, p.chosen) < 0 && len(p.roster) > 0:
		p.chosen = p.roster[0].ID
	}
	p.blank.set(p.loaded, len(p.roster))
	p.list.show()
	if i := find(p.roster, p.chosen); i >= 0 {
		p.detail.show(p.roster[i])
	}
	if p.host.Running != nil {
		p.host.Running(active(p.roster))
	}
	p.takeKeys()
}

// choose is called when a row of the list is chosen.
func (p *Page) choose(id string) {
	p.chosen, p.wanted = id, ""
	if i := find(p.roster, id); i >= 0 {
		p.detail.show(p.roster[i])
	}
}

func (p *Page) log(err error) {
	if err != nil && p.host.Log != nil {
		p.host.Log(err)
	}
}

func (p *Page) say(text string) {
	if p.host.Say != nil {
		p.host.Say(text)
	}
}
