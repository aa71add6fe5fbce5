package schedule

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func tiling(maxzoom int) pipeline.Config {
	cfg := pipeline.DefaultConfig()
	cfg.MaxZoom = maxzoom
	return cfg
}

// sameTiles compares what was gathered with what was wanted.
func (p *play) sameTiles(t *testing.T, want []pipeline.Tile) {
	t.Helper()
	if len(p.out.tiles) != len(want) {
		t.Fatalf("%d tiles, want %d", len(p.out.tiles), len(want))
	}
	for i, w := range want {
		if got := p.out.tiles[i]; got.ID != w.ID || !bytes.Equal(got.Data, w.Data) {
			t.Fatalf("tile %v differs from %v", got.ID, w.ID)
		}
	}
	if p.out.res.Tiles != len(want) {
		t.Fatalf("the result tells of %d tiles, there are %d", p.out.res.Tiles, len(want))
	}
}

// settled makes sure that no task is left over, and that all counts are true.
func (p *play) settled(t *testing.T) {
	t.Helper()
	if err := p.board.View(func(tx *kv.Tx) error {
		for k, err := range session.Tasks().All(tx, nil) {
			if err != nil {
				return err
			}
			if !k.Status.Ended() && !(k.Group && k.Children == 0) {
				t.Errorf("task %s is %s", k.ID, k.Status)
			}
		}
		return p.board.Verify(tx, "s", func(what string) { t.Error(what) })
	}); err != nil {
		t.Fatal(err)
	}
}

// disturbance is what happens to a session on its way.
type disturbance struct {
	inputs, side, zoom, hands int
	pauses                    []int // after so many transactions
	cancels                   map[int]string
	loseAt                    int
	busy, panics              int // of the first input
}

func drawDisturbance(t *rapid.T) disturbance {
	d := disturbance{
		inputs: rapid.IntRange(1, 3).Draw(t, "inputs"), side: rapid.IntRange(1, 4).Draw(t, "side"),
		zoom: rapid.IntRange(0, 3).Draw(t, "zoom"), hands: rapid.SampledFrom([]int{1, 2, 5}).Draw(t, "hands"),
		pauses:  rapid.SliceOfN(rapid.IntRange(1, 25), 0, 4).Draw(t, "pauses"),
		cancels: map[int]string{}, busy: rapid.IntRange(0, 4).Draw(t, "busy"),
	}
	if rapid.IntRange(0, 2).Draw(t, "lose") == 0 {
		d.loseAt = rapid.IntRange(1, 20).Draw(t, "at read")
	}
	if rapid.IntRange(0, 3).Draw(t, "cancel") == 0 {
		ids := []string{"n-vectortile-z0", "n-simplify2-z1", "n-vectortile-z1-b0", "n-download-0", "n-simplify1", "n-vectortile"}
		d.cancels[rapid.IntRange(1, 15).Draw(t, "when")] = rapid.SampledFrom(ids).Draw(t, "task")
	}
	if rapid.IntRange(0, 4).Draw(t, "panic") == 0 {
		d.panics = 1
	}
	return d
}

// Whatever happens to a session, it ends with every task ended, no goroutine
// left, and, once all that failed or was cancelled was tried again, with the
// tiles of a plain run.
func TestDisturbedSessions(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := drawDisturbance(rt)
		ok := t.Run("", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { d.play(t) })
		})
		if !ok {
			rt.Fatalf("%+v", d)
		}
	})
}

func (d disturbance) play(t *testing.T) {
	inputs := inputsOf(d.inputs, d.side)
	plain := want(t, inputs, tiling(d.zoom))
	inputs[0].busy, inputs[0].panics = d.busy, d.panics
	p := newPlay(t, inputs, tiling(d.zoom), d.hands)
	p.mem.loseAt = d.loseAt
	p.report = watchReports(t)
	for tries := 0; ; tries++ {
		d.carryOut(t, p)
		p.settled(t)
		s := p.get(t)
		if s.Status == session.Completed && s.Failed+s.Stopped == 0 {
			break
		}
		if tries == 5 {
			t.Fatalf("%s %q after %d tries; failed %v", s.Status, s.Reason, tries, p.failed)
		}
		d.cancels, d.pauses = nil, nil
		p.again(t)
	}
	p.sameTiles(t, plain)
	if p.tooOften > 0 {
		t.Errorf("%d reports came too often", p.tooOften)
	}
	if s := p.get(t); s.Progress.Overall != 100 || s.Faults[faultMissing] != 0 {
		t.Errorf("%+v, %v", s.Progress, s.Faults)
	}
}

// again gives all of an ended session another chance, as the engine does.
func (p *play) again(t *testing.T) {
	t.Helper()
	if err := p.board.DB.Update(func(tx *kv.Tx) error {
		if n, err := p.board.Retry(tx, "s", ""); err != nil || n == 0 {
			return errors.Join(err, errors.New("nothing to try again"))
		}
		s, err := p.board.Get(tx, "s")
		if err != nil {
			return err
		}
		enough, err := Again(tx, p.board.Board, s)
		if err == nil && !enough {
			p.mem.clear()
			if err = Anew(tx, &s); err == nil {
				err = p.plan(tx)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// carryOut runs the session to its end, over all pauses and losses.
func (d disturbance) carryOut(t *testing.T, p *play) {
	t.Helper()
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		stopped, over := make(chan string), make(chan struct{})
		var acts sync.WaitGroup
		p.board.after = func(n int) {
			for _, at := range d.pauses {
				if n == at {
					cancel()
				}
			}
			if id := d.cancels[n]; id != "" {
				acts.Go(func() { p.cancelTask(id, stopped, over) })
			}
		}
		err := p.run(ctx, stopped)
		close(over)
		cancel()
		acts.Wait()
		switch {
		case err == nil:
			return
		case errors.Is(err, ErrLost):
			p.mem.mu.Lock()
			p.mem.loseAt = 0
			p.mem.mu.Unlock()
			p.pause(t)
			p.anew(t)
		case errors.Is(err, context.Canceled):
			p.pause(t)
		default:
			t.Fatal(err)
		}
	}
	t.Fatal("it does not come to an end")
}

func (p *play) pause(t *testing.T) {
	t.Helper()
	if err := p.status(session.Paused, ""); err != nil {
		t.Fatal(err)
	}
	if n := p.count(t, session.Running); n > 0 {
		t.Fatalf("%d tasks still run", n)
	}
}

func (p *play) anew(t *testing.T) {
	t.Helper()
	if err := p.board.DB.Update(func(tx *kv.Tx) error {
		s, err := p.board.Get(tx, "s")
		if err == nil {
			err = Anew(tx, &s)
		}
		if err == nil {
			err = p.plan(tx)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func (p *play) count(t *testing.T, st session.Status) (n int) {
	t.Helper()
	if err := p.board.View(func(tx *kv.Tx) error {
		for k, err := range session.Tasks().By(tx, "status", kv.Key(nil).Str("s").Str(string(st))) {
			if err != nil {
				return err
			}
			if !k.Group {
				n++
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// cancelTask cancels a subtree, if it is there, as the engine does.
func (p *play) cancelTask(id string, stopped chan<- string, over <-chan struct{}) {
	err := p.board.DB.Update(func(tx *kv.Tx) error { return p.board.Cancel(tx, "s", id) })
	if err != nil {
		return // not there yet, or the session has ended
	}
	select {
	case stopped <- id:
	case <-over:
	}
}

// watchReports makes sure that progress never goes back.
func watchReports(t *testing.T) func(Live) {
	var last session.Progress
	return func(l Live) {
		p := l.Session.Progress
		if p.Download < last.Download || p.Simplify1 < last.Simplify1 || p.Simplify2 < last.Simplify2 || p.VectorTile < last.VectorTile || p.Overall < last.Overall {
			t.Errorf("progress went from %+v to %+v", last, p)
		}
		last = p
	}
}

// An input that cannot be read skips nothing but itself.
func TestFailedInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inputs := inputsOf(3, 2)
		inputs[1].fail = errors.New("no such file")
		p := newPlay(t, inputs, tiling(2), 2)
		if err := p.run(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		p.settled(t)
		s := p.get(t)
		if s.Status != session.Completed || s.Failed != 1 || s.Stopped != 0 || len(s.Inputs) != 3 || s.Inputs[1] != "" || s.Inputs[2] == "" {
			t.Errorf("%s %q: %d failed, %d stopped, inputs %q", s.Status, s.Reason, s.Failed, s.Stopped, s.Inputs)
		}
		if len(p.failed) != 1 || !strings.HasPrefix(p.failed[0], "n-download-1: ") {
			t.Errorf("told of %v", p.failed)
		}
		p.sameTiles(t, want(t, inputs, tiling(2)))
	})
}

func TestAllInputsFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inputs := inputsOf(2, 1)
		inputs[0].fail, inputs[1].fail = errors.New("no such file"), errors.New("no such host")
		p := newPlay(t, inputs, tiling(2), 2)
		if err := p.run(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		p.settled(t)
		if s := p.get(t); s.Status != session.Failed || !strings.Contains(s.Reason, "no such file") {
			t.Errorf("%s %q", s.Status, s.Reason)
		}
		if p.out.times > 0 {
			t.Error("tiles were put in place")
		}
	})
}

// A busy source is asked again after 1, 2 and 4 s, and then no more; a pause in
// between does not lose the time.
func TestBusySourceIsAskedAgain(t *testing.T) {
	for busy, took := range map[int]time.Duration{0: 0, 1: time.Second, 2: 3 * time.Second, 3: 7 * time.Second, 4: 7 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			inputs := inputsOf(1, 2)
			inputs[0].busy = busy
			p := newPlay(t, inputs, tiling(1), 2)
			began := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			if err := p.run(ctx, nil); err != nil {
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Fatal(err)
				}
				p.pause(t)
				n := p.board.n
				if err := p.run(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
				if p.board.n-n > 60 {
					t.Errorf("%d transactions while there was nothing to do", p.board.n-n)
				}
			}
			wanted := session.Completed
			if busy > 3 {
				wanted = session.Failed
			}
			if s := p.get(t); s.Status != wanted {
				t.Errorf("busy %d times: %s %q", busy, s.Status, s.Reason)
			}
			if d := time.Since(began); d < took || d > took+2*time.Second {
				t.Errorf("busy %d times: took %s", busy, d)
			}
		})
	}
}

// Too many tiles stop the zooms, before they are made; what is below stays.
func TestTooManyTilesStopTheZooms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inputs := inputsOf(1, 4)
		cfg := tiling(4)
		all := want(t, inputs, cfg)
		cfg.MaxTiles = len(all) - 1
		p := newPlay(t, inputs, cfg, 2)
		if err := p.run(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		p.settled(t)
		s := p.get(t)
		if s.Status != session.Completed || s.Failed != 1 || s.Faults[faultMissing] == 0 {
			t.Fatalf("%s %q: %d failed, %q", s.Status, s.Reason, s.Failed, p.failed)
		}
		below := 0
		for _, w := range all {
			if w.ID.Z < 4 {
				below++
			}
		}
		if len(p.out.tiles) != below {
			t.Errorf("%d tiles, want the %d of zooms 0 to 3", len(p.out.tiles), below)
		}
	})
}

// A machine that cannot write stops the session; nothing counts as done that
// was not kept, and the next run gives back what this one could not.
func TestDiskThatIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("no space left")
		inputs := inputsOf(2, 2)
		p := newPlay(t, inputs, tiling(2), 2)
		p.stops = func(err error) bool { return errors.Is(err, full) }
		p.board.after = func(n int) {
			if n == 3 {
				p.mem.mu.Lock()
				p.mem.keep = full
				p.mem.mu.Unlock()
			}
		}
		if err := p.run(t.Context(), nil); !errors.Is(err, full) {
			t.Fatalf("%v", err)
		}
		p.pause(t)
		p.mem.keep, p.board.after = nil, nil
		if err := p.run(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		p.settled(t)
		p.sameTiles(t, want(t, inputs, tiling(2)))
	})
}

// Tasks that a run left as running, as where it could not write any more, do
// not keep the next one waiting for ever.
func TestRunningTasksOfAnEarlierRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inputs := inputsOf(2, 2)
		p := newPlay(t, inputs, tiling(1), 2)
		if err := p.board.DB.Update(func(tx *kv.Tx) error {
			if err := p.board.SetStatus(tx, "s", session.Running, ""); err != nil {
				return err
			}
			if err := p.board.Start(tx, "s", "n-download-0"); err != nil {
				return err
			}
			return p.board.SetStatus(tx, "s", session.Paused, "")
		}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := p.run(ctx, nil); err != nil {
			t.Fatal(err)
		}
		p.sameTiles(t, want(t, inputs, tiling(1)))
	})
}
