package session

import (
	"math"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// TestProgress goes by weight, within a stage and over all stages.
func TestProgress(t *testing.T) {
	d := newDesk(t)
	at := func(id string, s Stage, w float64) Task { return Task{ID: id, Stage: s, Weight: w} }
	d.run([]Task{at("a", Download, 30), at("b", Download, 10), at("c", Simplify1, 5), at("d", VectorTile, 7)}, nil)
	d.start("a", "b", "c", "d")
	want := func(download, simplify1, tiles, overall float64) {
		t.Helper()
		p := d.session().Progress
		if p.Download != download || p.Simplify1 != simplify1 || p.VectorTile != tiles || math.Abs(p.Overall-overall) > 1e-9 {
			t.Errorf("%+v, want %g %g %g, %g", p, download, simplify1, tiles, overall)
		}
	}
	want(0, 0, 0, 0)
	d.complete("a")
	want(75, 0, 0, 0.75*8)
	d.fail("b") // has ended, too
	want(100, 0, 0, 8)
	d.complete("c")
	want(100, 100, 0, 40)
	// A stage without tasks is over once a later one has begun.
	d.complete("d")
	want(100, 100, 100, 100)
	// It does not go back.
	d.do(func(tx *kv.Tx) error {
		_, err := d.Retry(tx, "s", "b")
		return err
	})
	d.do(func(tx *kv.Tx) error { return d.Add(tx, "s", []Task{at("e", VectorTile, 7)}, nil) })
	want(100, 100, 100, 100)
}

// TestExpected weight keeps a stage whose tasks come little by little from
// being at its end too early.
func TestExpected(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{task("a", "")}, nil)
	d.do(func(tx *kv.Tx) error { return d.Expect(tx, "s", Download, 4) })
	d.start("a")
	d.complete("a")
	if p := d.session().Progress; p.Download != 25 {
		t.Errorf("%+v", p)
	}
	d.do(func(tx *kv.Tx) error { return d.SetStatus(tx, "s", Completed, "") })
	if p := d.session().Progress; p.Download != 100 || p.Overall != 100 {
		t.Errorf("%+v", p)
	}
	if err := d.db.Update(func(tx *kv.Tx) error { return d.Expect(tx, "s", Download, 4) }); code(err) != "INVALID_SESSION_STATE" {
		t.Error(err)
	}
}

// TestRemaining is the rate of the last part, without pauses.
func TestRemaining(t *testing.T) {
	d := newDesk(t)
	var tasks []Task
	for i := range 100 {
		tasks = append(tasks, Task{ID: string(rune('A' + i)), Stage: VectorTile, Weight: 1})
	}
	d.run(tasks, nil)
	if p := d.session().Progress; p.Remaining != 0 {
		t.Errorf("before the first has ended: %s", p.Remaining)
	}
	one := func(i int, took time.Duration) {
		d.start(tasks[i].ID)
		d.clock.t = d.clock.t.Add(took)
		d.complete(tasks[i].ID)
	}
	for i := range 20 {
		one(i, 10*time.Second)
	}
	near := func(want time.Duration) {
		t.Helper()
		if got := d.session().Progress.Remaining; got < want*9/10 || got > want*11/10 {
			t.Errorf("%s to go, want about %s", got, want)
		}
	}
	near(800 * time.Second)
	for i := 20; i < 60; i++ { // it has become faster: only the last part counts
		one(i, 2*time.Second)
	}
	near(80 * time.Second)
	d.do(func(tx *kv.Tx) error { return d.SetStatus(tx, "s", Paused, "") })
	if p := d.session().Progress; p.Remaining != 0 {
		t.Errorf("paused: %s", p.Remaining)
	}
	d.clock.t = d.clock.t.Add(time.Hour)
	d.do(func(tx *kv.Tx) error { return d.SetStatus(tx, "s", Running, "") })
	for i := 60; i < 70; i++ {
		one(i, 4*time.Second)
	}
	near(120 * time.Second)
	d.clock.t = d.clock.t.Add(-time.Hour) // a clock that is set back
	one(70, time.Second)
	if s := d.session(); s.Worked < 320*time.Second || s.Worked > 321*time.Second {
		t.Errorf("worked %s", s.Worked)
	}
}
