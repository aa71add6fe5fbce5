package work

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Results come to use in order and complete, whatever the workers and however
// long tasks take.
func TestOrderedKeepsOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(rt, "n")
		workers := rapid.IntRange(1, 8).Draw(rt, "workers")
		ahead := rapid.IntRange(0, 12).Draw(rt, "ahead")
		cores := rapid.IntRange(1, 8).Draw(rt, "cores")
		took := make([]time.Duration, n)
		for i := range took {
			took[i] = time.Duration(rapid.IntRange(0, 100).Draw(rt, "ms")) * time.Millisecond
		}
		synctest.Test(t, func(t *testing.T) {
			p := NewPool("p", workers, NewCores(cores))
			var got []int
			err := Ordered(t.Context(), p, n, ahead,
				func(_ context.Context, _, i int) (int, error) { time.Sleep(took[i]); return i * i, nil },
				func(i, v int) error {
					if v != i*i {
						rt.Errorf("result %d is %d", i, v)
					}
					got = append(got, i)
					return nil
				})
			if err != nil || len(got) != n || p.Done() != int64(n) || p.Running() != 0 {
				rt.Errorf("%v, %d results of %d, %d done, %d running", err, len(got), n, p.Done(), p.Running())
			}
			for i := range got {
				if got[i] != i {
					rt.Fatalf("order %v", got)
				}
			}
		})
	})
}

// While the first task is stuck, no more than ahead others are begun.
func TestOrderedIsBoundedAhead(t *testing.T) {
	for _, c := range []struct{ workers, ahead, want int }{{2, 5, 5}, {4, 4, 4}, {3, 1, 3}, {1, 9, 1}} {
		synctest.Test(t, func(t *testing.T) {
			p := NewPool("p", c.workers, NewCores(c.workers))
			var begun atomic.Int32
			stuck := make(chan struct{})
			done := make(chan error)
			go func() {
				done <- Ordered(t.Context(), p, 100, c.ahead, func(_ context.Context, _, i int) (int, error) {
					begun.Add(1)
					if i == 0 {
						<-stuck
					}
					return i, nil
				}, func(int, int) error { return nil })
			}()
			synctest.Wait()
			if got := int(begun.Load()); got != c.want {
				t.Errorf("%d workers, %d ahead: %d begun, want %d", c.workers, c.ahead, got, c.want)
			}
			close(stuck)
			if err := <-done; err != nil || begun.Load() != 100 {
				t.Errorf("%v after %d tasks", err, begun.Load())
			}
		})
	}
}

// Pools that share cores run no more tasks at once than there are, nor more of
// one pool than it has workers; no two tasks have the same worker at once.
func TestPoolsShareCores(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cores := NewCores(3)
		pools := []*Pool{NewPool("a", 2, cores), NewPool("b", 8, cores)}
		var all, most atomic.Int32
		done := make(chan error)
		for _, p := range pools {
			busy := make([]atomic.Bool, p.Workers())
			go func() {
				done <- p.Each(t.Context(), 50, func(_ context.Context, worker, i int) error {
					if !busy[worker].CompareAndSwap(false, true) {
						t.Errorf("worker %d has two tasks", worker)
					}
					now := all.Add(1)
					for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
					}
					time.Sleep(time.Duration(1+i%7) * time.Millisecond)
					if p.Running() > p.Workers() {
						t.Errorf("pool %s runs %d tasks", p.Name, p.Running())
					}
					all.Add(-1)
					busy[worker].Store(false)
					return nil
				})
			}()
		}
		for range pools {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if most.Load() != 3 {
			t.Errorf("%d tasks at once, want 3", most.Load())
		}
	})
}

// The first error ends it: it is what comes back, nothing after it is used,
// tasks that run see their context end.
func TestFirstErrorEnds(t *testing.T) {
	broken := errors.New("broken")
	for workers := 1; workers <= 8; workers++ {
		synctest.Test(t, func(t *testing.T) {
			p := NewPool("p", workers, NewCores(workers))
			var begun atomic.Int32
			used := 0
			err := Ordered(t.Context(), p, 1000, 10, func(ctx context.Context, _, i int) (int, error) {
				begun.Add(1)
				switch {
				case i == 5:
					time.Sleep(time.Second)
					return 0, fmt.Errorf("task 5: %w", broken)
				case i > 5:
					<-ctx.Done() // would wait for ever
					return 0, ctx.Err()
				}
				return i, nil
			}, func(i, _ int) error { used = i + 1; return nil })
			if !errors.Is(err, broken) || err.Error() != "task 5: broken" {
				t.Errorf("%d workers: %v", workers, err)
			}
			if used > 5 || int(begun.Load()) > 6+workers {
				t.Errorf("%d workers: %d used, %d begun", workers, used, begun.Load())
			}
		})
	}
}

func TestErrorOfUseEnds(t *testing.T) {
	full := errors.New("disk full")
	for workers := 1; workers <= 8; workers++ {
		p := NewPool("p", workers, NewCores(workers))
		uses := 0
		err := Ordered(t.Context(), p, 1000, 10,
			func(_ context.Context, _, i int) (int, error) { return i, nil },
			func(i, _ int) error {
				if uses++; i == 3 {
					return full
				}
				return nil
			})
		if !errors.Is(err, full) || uses != 4 {
			t.Errorf("%d workers: %v after %d uses", workers, err, uses)
		}
	}
}

// Cancelling ends tasks that wait for a core too, and gives the cause.
func TestCancel(t *testing.T) {
	stopped := errors.New("stopped by the user")
	for _, cores := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			p := NewPool("p", 4, NewCores(cores))
			go func() {
				time.Sleep(time.Second)
				cancel(stopped)
			}()
			began := time.Now()
			err := p.Each(ctx, 10, func(ctx context.Context, _, _ int) error {
				<-ctx.Done()
				return ctx.Err()
			})
			if !errors.Is(err, stopped) || time.Since(began) != time.Second {
				t.Errorf("%d cores: %v after %v", cores, err, time.Since(began))
			}
			if p.Done() != 0 || p.Running() != 0 {
				t.Errorf("%d done, %d running", p.Done(), p.Running())
			}
		})
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := NewPool("p", 2, NewCores(2)).Each(ctx, 3, func(context.Context, int, int) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A panic fails its task like an error does, with the place where it happened.
func TestPanicBecomesAnError(t *testing.T) {
	for workers := 1; workers <= 4; workers++ {
		p := NewPool("cut", workers, NewCores(1))
		err := p.Each(t.Context(), 20, func(_ context.Context, _, i int) error {
			if i == 7 {
				explode()
			}
			return nil
		})
		var pe *PanicError
		if !errors.As(err, &pe) {
			t.Fatalf("%d workers: %v", workers, err)
		}
		if pe.Pool != "cut" || pe.Task != 7 || pe.Value != "a defect" || !strings.Contains(string(pe.Stack), "explode") {
			t.Errorf("%+v", pe)
		}
		if got, want := err.Error(), "task 7 of pool cut failed by an internal error: a defect"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		// The core is free again.
		if err := p.Each(t.Context(), 3, func(context.Context, int, int) error { return nil }); err != nil || p.Running() != 0 {
			t.Errorf("after the panic: %v, %d running", err, p.Running())
		}
	}
}

func explode() { panic("a defect") }

func TestAtLeastOne(t *testing.T) {
	p := NewPool("p", 0, NewCores(-3))
	if p.Workers() != 1 {
		t.Errorf("%d workers", p.Workers())
	}
	n := 0
	if err := p.Each(t.Context(), 4, func(context.Context, int, int) error { n++; return nil }); err != nil || n != 4 {
		t.Errorf("%v after %d tasks", err, n)
	}
	if err := p.Each(t.Context(), 0, func(context.Context, int, int) error { return errors.New("no task") }); err != nil {
		t.Error(err)
	}
}
