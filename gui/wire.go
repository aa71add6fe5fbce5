package gui

import (
	"context"
	"os/user"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/monitor"
	"github.com/shapes-desktop/shapes/gui/shapeform"
)

// openSessions shows the page of sessions and a session on it, if one is
// named.
func (w *Window) openSessions(id string) {
	if w.monitor == nil {
		w.monitor = monitor.New(w.monitorHost())
		w.pages.add(w.monitor.Content)
	} else {
		w.monitor.Refresh()
	}
	w.pages.show(w.monitor.Content)
	w.where.SetText("")
	if id != "" {
		w.monitor.Show(id)
	}
}

// monitorHost is the window around the page of sessions, and around the dialog
// of earlier runs.
func (w *Window) monitorHost() monitor.Host {
	return monitor.Host{
		Window: w.Window, Clipboard: w.opt.App.Clipboard(), Tasks: w.opt.Tasks, Engine: w.opt.Engine,
		Say: w.say, OpenNode: w.goTo, Log: w.log, Leave: w.toggleSessions,
	}
}

// openRuns shows what the last runs of a node came to.
func (w *Window) openRuns(n engine.Node) { monitor.ShowRuns(w.ctx, w.monitorHost(), n.ID, n.Name) }

// seeRun shows the session of a node, or if it is gone what is left of it.
func (w *Window) seeRun(n engine.Node, session string) {
	if session == "" {
		w.openRuns(n)
		return
	}
	w.openSessions(session)
	w.monitor.Focus()
}

// started is told of a session that has begun. Who looks at the sessions is
// shown it.
func (w *Window) started(s engine.Session) {
	switch {
	case w.monitor == nil:
	case w.pages.front == w.monitor.Content:
		w.monitor.Show(s.ID)
	default:
		w.monitor.Refresh()
	}
}

// openForm shows the form of an edit.
func (w *Window) openForm(e engine.Edit) {
	shapeform.Open(shapeform.Host{
		Window: w.Window, Clipboard: w.opt.App.Clipboard(), Tasks: w.opt.Tasks, Engine: w.opt.Engine,
		Countries: w.countries, Done: w.formDone, Say: w.say, Log: w.log, Who: account(),
	}, e)
}

// formDone shows what a form has made or changed.
func (w *Window) formDone(end shapeform.End, n engine.Node) {
	w.changed()
	if end != shapeform.Discarded && n.ID != "" {
		w.goTo(n.ID)
	}
}

// countries lists the countries as the form wants them.
func (w *Window) countries(ctx context.Context) ([]shapeform.Country, error) {
	all, err := w.opt.Engine.Countries(ctx)
	list := make([]shapeform.Country, len(all))
	for i, c := range all {
		list[i] = shapeform.Country{ISO3: c.ISO3, Name: c.Name, NameJa: c.NameJa}
	}
	return list, err
}

// account names the user, for the record of what was accepted; "" if the
// system does not tell.
func account() string {
	u, err := user.Current()
	switch {
	case err != nil:
		return ""
	case u.Name != "":
		return u.Name
	}
	return u.Username
}
