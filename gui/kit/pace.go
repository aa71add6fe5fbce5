package kit

import (
	"sync"
	"time"
)

// Pace turns any number of calls, from any goroutine, into one run on the
// window's goroutine at most every so often: the first call is answered after
// the wait, and those that come until then share its run. Nothing asked for is
// left undone, and nothing waits longer than the wait.
type Pace struct {
	tasks *Tasks
	wait  time.Duration
	run   func()

	mu      sync.Mutex
	waiting bool
	stop    func() // ends the timer that waits
}

// NewPace makes a Pace of run.
func NewPace(t *Tasks, wait time.Duration, run func()) *Pace {
	return &Pace{tasks: t, wait: wait, run: run, stop: func() {}}
}

// Call asks for run.
func (p *Pace) Call() {
	p.mu.Lock()
	if p.waiting {
		p.mu.Unlock()
		return
	}
	p.waiting = true
	p.mu.Unlock()
	stop := p.tasks.after(p.wait, func() { p.tasks.Do(p.Flush) })
	p.mu.Lock()
	p.stop = stop
	p.mu.Unlock()
}

// Flush runs at once what was asked for, on the caller's goroutine, which must
// be the window's. If nothing was, it does nothing.
func (p *Pace) Flush() {
	if p.take() {
		p.run()
	}
}

// Stop forgets what was asked for.
func (p *Pace) Stop() { p.take() }

// take reports whether a run was asked for, and forgets it.
func (p *Pace) take() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stop()
	p.stop = func() {}
	was := p.waiting
	p.waiting = false
	return was
}

// timer runs f once, after d, on a goroutine of its own; stop ends the wait.
func timer(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}
