package entity_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// inBatches makes n records in transactions of some thousand.
func (w *world) inBatches(l entity.Lifetime, n int, fn func(tx *kv.Tx, i int) error) {
	for from := 0; from < n; from += 5000 {
		w.update(l, func(tx *kv.Tx) error {
			for i := from; i < min(n, from+5000); i++ {
				if err := fn(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// A sweep over 100,000 nodes and a session of 100,000 tasks that all stay.
func BenchmarkSweep(b *testing.B) {
	w := newWorld(b)
	const n = 100_000
	w.inBatches(entity.Persistent, n, func(tx *kv.Tx, i int) error {
		id := fmt.Sprintf("node%06d", i)
		return firstErr(nodes().Put(tx, &rec{ID: id}), w.k.shape.Create(tx, &rec{Node: id}, w.now))
	})
	w.create(w.k.session, rec{ID: "s", Session: "s", Node: "node000000", Active: true})
	w.inBatches(entity.Ephemeral, n, func(tx *kv.Tx, i int) error {
		return w.k.task.Create(tx, &rec{ID: fmt.Sprintf("task%06d", i), Session: "s"}, w.now)
	})
	for _, thorough := range []bool{false, true} {
		b.Run(fmt.Sprintf("thorough=%v", thorough), func(b *testing.B) {
			for b.Loop() {
				w.sweep(entity.SweepOptions{Thorough: thorough})
			}
		})
	}
}

// The end of a session of 20,000 tasks, and the longest time it keeps others
// from writing.
func BenchmarkSessionComplete(b *testing.B) {
	w := newWorld(b)
	w.node("n")
	const n = 20_000
	var longest time.Duration
	for b.Loop() {
		b.StopTimer()
		w.create(w.k.session, rec{ID: "s", Session: "s", Node: "n"})
		w.inBatches(entity.Ephemeral, n, func(tx *kv.Tx, i int) error {
			return w.k.task.Create(tx, &rec{ID: fmt.Sprintf("task%06d", i), Session: "s"}, w.now)
		})
		before := time.Time{}
		w.m.AtBoundary(func() {
			if now := time.Now(); before.IsZero() {
				before = now
			} else {
				longest, before = max(longest, now.Sub(before)), time.Time{}
			}
		})
		b.StartTimer()
		_, err := w.m.SessionComplete(context.Background(), "s", false)
		w.check(err)
	}
	b.ReportMetric(float64(longest.Milliseconds()), "ms/longest-tx")
}
