package gui

import (
	"slices"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// followPace is how often the tree's badges change at most.
const followPace = 200 * time.Millisecond

// follower shows in the tree how far sessions are.
type follower struct {
	window *Window
	pace   *kit.Pace
	unhook func()

	mu    sync.Mutex
	heard map[string]engine.Session // by id, since the last update

	shown map[string]engine.Session // those that are active, by id, as shown last
}

// follow begins to follow the engine's sessions.
func follow(w *Window) *follower {
	f := &follower{window: w, heard: map[string]engine.Session{}, shown: map[string]engine.Session{}}
	f.pace = kit.NewPace(w.opt.Tasks, followPace, f.show)
	f.unhook = w.opt.Engine.Watch(f.hear)
	return f
}

// hear is called by the engine, on any goroutine.
func (f *follower) hear(s engine.Session) {
	f.mu.Lock()
	f.heard[s.ID] = s
	f.mu.Unlock()
	f.pace.Call()
}

// show brings what was heard to the tree. A session that began, ended or
// paused has the nodes listed anew, since they tell of it.
func (f *follower) show() {
	f.mu.Lock()
	heard := f.heard
	f.heard = map[string]engine.Session{}
	f.mu.Unlock()
	turned := false
	for id, s := range heard {
		f.window.panel.tree.SetProgress(s)
		turned = turned || f.shown[id].Status != s.Status
		f.shown[id] = s
		if !active(s.Status) {
			delete(f.shown, id)
		}
	}
	f.window.panel.showRunning(len(f.running()))
	if turned {
		f.window.changed()
	}
}

// running names the nodes whose sessions run, in order.
func (f *follower) running() []string {
	var names []string
	for _, id := range f.runningIDs() {
		names = append(names, f.shown[id].NodeName)
	}
	slices.Sort(names)
	return names
}

// runningIDs are the sessions that run, in order.
func (f *follower) runningIDs() []string {
	var ids []string
	for id, s := range f.shown {
		if s.Status == session.Running || s.Status == session.Pending {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (f *follower) stop() {
	f.unhook()
	f.pace.Stop()
}
