package kit

import "sync"

// QueueTasks makes Tasks for tests of what goes on in the background: work and
// timers are real, and what is brought to the window's goroutine waits until
// the test, being that goroutine, calls run.
func QueueTasks() (t *Tasks, run func()) {
	var mu sync.Mutex
	var queue []func()
	t = &Tasks{after: timer, do: func(f func()) {
		mu.Lock()
		defer mu.Unlock()
		queue = append(queue, f)
	}}
	t.start = func(f func()) { t.wait.Go(f) }
	t.serve = t.start
	run = func() {
		for {
			mu.Lock()
			if len(queue) == 0 {
				mu.Unlock()
				return
			}
			f := queue[0]
			queue = queue[1:]
			mu.Unlock()
			f()
		}
	}
	return t, run
}
