package kit

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// looped are Tasks whose window's goroutine is a queue that the test runs.
type looped struct {
	*Tasks
	queue chan func()
}

func newLooped() looped {
	q := make(chan func(), 1000)
	t := &Tasks{do: func(f func()) { q <- f }, after: timer}
	t.start = func(f func()) { t.wait.Go(f) }
	return looped{t, q}
}

func (l looped) runAll() (n int) {
	for {
		select {
		case f := <-l.queue:
			f()
			n++
		default:
			return n
		}
	}
}

func TestLoadShowsOnTheWindowsGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLooped()
		got := 0
		Load(t.Context(), l.Tasks, func(context.Context) (int, error) { return 7, nil }, func(v int, err error) { got = v }, nil)
		synctest.Wait()
		if got != 0 {
			t.Error("shown in the background")
		}
		if l.runAll(); got != 7 {
			t.Errorf("shown %d", got)
		}
	})
}

func TestLoadOfAScreenThatHasGoneIsDropped(t *testing.T) {
	for _, failed := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			l := newLooped()
			ctx, cancel := context.WithCancel(t.Context())
			dropped := 0
			var err error
			if failed {
				err = errors.New("no")
			}
			Load(ctx, l.Tasks, func(context.Context) (int, error) { return 7, err },
				func(int, error) { t.Error("shown") }, func(v int) { dropped = v })
			synctest.Wait()
			cancel()
			l.runAll()
			if want := map[bool]int{false: 7, true: 0}[failed]; dropped != want {
				t.Errorf("dropped %d, want %d", dropped, want)
			}
		})
	}
}

func TestBatchRunsOnceForManyCalls(t *testing.T) {
	l := newLooped()
	runs := 0
	b := NewBatch(l.Tasks, func() { runs++ })
	for range 50 {
		b.Call()
	}
	l.runAll()
	b.Call()
	l.runAll()
	if runs != 2 {
		t.Errorf("ran %d times", runs)
	}
}

func TestLatestSkipsWhatWasOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLatest(newLooped().Tasks)
		var ran []int
		hold := make(chan struct{})
		l.Submit(func() { <-hold; ran = append(ran, 0) })
		synctest.Wait()
		for i := 1; i < 10; i++ {
			l.Submit(func() { ran = append(ran, i) })
		}
		close(hold)
		synctest.Wait()
		if len(ran) != 2 || ran[1] != 9 {
			t.Errorf("ran %v", ran)
		}
		l.Submit(func() { ran = append(ran, 10) })
		synctest.Wait()
		if len(ran) != 3 {
			t.Errorf("ran %v", ran)
		}
	})
}

func TestLatestMaySubmitFromItsJob(t *testing.T) {
	l := NewLatest(InlineTasks())
	n := 0
	var job func()
	job = func() {
		if n++; n < 5 {
			l.Submit(job)
		}
	}
	l.Submit(job)
	if n != 5 {
		t.Errorf("ran %d times", n)
	}
}

func TestEndWaitsAndThenIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLooped()
		var ended atomic.Bool
		l.Go(func() { time.Sleep(time.Second); l.Do(func() { t.Error("shown after the end") }); ended.Store(true) })
		if !l.End(time.Minute) || !ended.Load() {
			t.Error("did not wait")
		}
		l.runAll()
	})
	synctest.Test(t, func(t *testing.T) {
		l := newLooped()
		l.Go(func() { time.Sleep(time.Hour) })
		if l.End(time.Second) {
			t.Error("work that goes on is reported as ended")
		}
		time.Sleep(2 * time.Hour) // of the bubble: the work ends in it
	})
}
