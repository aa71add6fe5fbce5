package work

import (
	"runtime/debug"
)

// Crew runs tasks as they are handed in, no more at once than it has hands,
// and no more of one pool than that pool may have. It is for one goroutine,
// which hands tasks in and takes their results from Done.
type Crew[T any] struct {
	sizes   map[string]int
	running map[string]int
	hands   []int // numbers of the workers that are free
	total   int
	done    chan Done[T]
}

// Done is the end of a task.
type Done[T any] struct {
	Pool, Task string
	Value      T
	Err        error // *PanicError for a defect of ours

	hand int
}

// NewCrew makes a crew of so many hands for pools of the given sizes.
func NewCrew[T any](hands int, sizes map[string]int) *Crew[T] {
	c := &Crew[T]{sizes: sizes, running: map[string]int{}, total: max(1, hands)}
	c.done = make(chan Done[T], c.total) // room for all: no task waits to end
	for i := c.total - 1; i >= 0; i-- {
		c.hands = append(c.hands, i)
	}
	return c
}

// Free returns how many tasks a pool could take on now.
func (c *Crew[T]) Free(pool string) int {
	return max(0, min(c.sizes[pool]-c.running[pool], len(c.hands)))
}

// Running returns how many tasks are under way.
func (c *Crew[T]) Running() int { return c.total - len(c.hands) }

// Go starts a task, for which Free must have told of room. worker is below the
// number of hands, and no two tasks run with the same one at once.
func (c *Crew[T]) Go(pool, task string, fn func(worker int) (T, error)) {
	hand := c.hands[len(c.hands)-1]
	c.hands = c.hands[:len(c.hands)-1]
	c.running[pool]++
	go func() {
		d := Done[T]{Pool: pool, Task: task, hand: hand}
		defer func() {
			if r := recover(); r != nil {
				d.Err = &PanicError{Pool: pool, Name: task, Value: r, Stack: debug.Stack()}
			}
			c.done <- d
		}()
		d.Value, d.Err = fn(hand)
	}()
}

// Done gives the ends of tasks. Each must be handed to Back.
func (c *Crew[T]) Done() <-chan Done[T] { return c.done }

// Back makes the hand of a task that has ended free again.
func (c *Crew[T]) Back(d Done[T]) {
	c.hands = append(c.hands, d.hand)
	c.running[d.Pool]--
}

// Quiet returns a channel that is closed once no task is under way any more.
// Their results are dropped; nothing else may be called after it.
func (c *Crew[T]) Quiet() <-chan struct{} {
	quiet := make(chan struct{})
	left := c.Running()
	if left == 0 {
		close(quiet)
		return quiet
	}
	go func() {
		defer close(quiet)
		for range left {
			<-c.done
		}
	}()
	return quiet
}
