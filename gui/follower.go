package gui

import (
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

	status map[string]session.Status // as it was shown last
}

// follow begins to follow the engine's sessions.
func follow(w *Window) *follower {
	f := &follower{window: w, heard: map[string]engine.Session{}, status: map[string]session.Status{}}
	f.pace = kit.NewPace(w.opt.Tasks, followPace, f.show)
	f.unhook = w.opt.Tree.Watch(f.hear)
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
		turned = turned || f.status[id] != s.Status
		f.status[id] = s.Status
		if !active(s.Status) {
			delete(f.status, id)
		}
	}
	if turned {
		f.window.changed()
	}
}

func (f *follower) stop() {
	f.unhook()
	f.pace.Stop()
}
