package session

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// scaleEnv names the variable that says with how many tasks TestScale runs;
// each has a dependency, too.
const scaleEnv = "SHAPES_SCALE_TASKS"

// scale is a long run on a board: what it takes is what is measured.
type scale struct {
	*desk
	n     int
	batch int
	peak  uint64 // bytes of heap that were in use at most
	txs   int
}

// TestScale adds, runs, cancels, retries and deletes many tasks in
// transactions of a few hundred, and sees that memory does not grow with them.
func TestScale(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 4_000
	}
	if v := os.Getenv(scaleEnv); v != "" {
		var err error
		if n, err = strconv.Atoi(v); err != nil {
			t.Fatalf("%s: %v", scaleEnv, err)
		}
	}
	db, err := kv.Open(filepath.Join(t.TempDir(), "e.db"), schema(), kv.Options{NoSync: n <= 20_000})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c := &clock{time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	s := &scale{desk: &desk{t: t, db: db, clock: c, Board: Board{Now: c.now}}, n: n, batch: 250}
	s.phase("add", n, s.addAll)
	s.phase("run half", n/2, func() { s.runAll(n / 2) })
	s.phase("cancel", n/2, s.cancelAll)
	s.phase("retry", n/2, s.retryAll)
	s.phase("run the rest", n/2, func() { s.runAll(n) })
	got := s.session()
	if got.Completed != n || got.Total != n || got.Failed+got.Stopped != 0 {
		t.Errorf("completed %d of %d (%d), failed %d, stopped %d", got.Completed, got.Total, n, got.Failed, got.Stopped)
	}
	if got.Progress.Download != 100 || got.Progress.VectorTile != 100 {
		t.Errorf("progress %+v", got.Progress)
	}
	s.do(func(tx *kv.Tx) error { return s.SetStatus(tx, "s", Completed, "") })
	s.phase("delete", n, s.deleteAll)
	// A task and its dependency are about 1 kB in memory: 128 MB, garbage
	// included, is what 128,000 would take, and this holds for a million.
	if s.peak > 128<<20 {
		t.Errorf("%d MB of heap in use", s.peak>>20)
	}
	s.do(func(tx *kv.Tx) error { return empty(tx) })
}

// empty says what is left in any table.
func empty(tx *kv.Tx) error {
	for t, err := range Tasks().All(tx, nil) {
		return fmt.Errorf("task %s is left (%w)", t.ID, err)
	}
	for d, err := range Dependencies().All(tx, nil) {
		return fmt.Errorf("dependency %s is left (%w)", d.ID, err)
	}
	for s, err := range Sessions().All(tx, nil) {
		return fmt.Errorf("session %s is left (%w)", s.ID, err)
	}
	return nil
}

func (s *scale) phase(name string, n int, fn func()) {
	began := time.Now()
	fn()
	took := time.Since(began)
	s.t.Logf("%-12s %8d tasks %10s %8.0f a second, at most %d MB of heap", name, n, took.Round(time.Millisecond),
		float64(n)/took.Seconds(), s.peak>>20)
}

// tx is one transaction; every few, the heap is looked at.
func (s *scale) tx(fn func(tx *kv.Tx) error) {
	s.do(fn)
	s.clock.t = s.clock.t.Add(20 * time.Millisecond)
	if s.txs++; s.txs%20 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		s.peak = max(s.peak, m.HeapInuse)
	}
}

func (s *scale) id(i int) string { return fmt.Sprintf("node-task-%07d", i) }

// addAll adds tasks in groups of 10,000: first one of download, then one of
// vectorTile that needs it, and each pair after the begin of the one before.
func (s *scale) addAll() {
	const inGroup = 10_000
	s.tx(func(tx *kv.Tx) error { return s.Create(tx, &Session{ID: "s", Node: "n"}) })
	for i := 0; i < s.n; i += s.batch {
		s.tx(func(tx *kv.Tx) error {
			var tasks []Task
			var deps []Dependency
			parent := fmt.Sprintf("group-%d", i/inGroup)
			if i%inGroup == 0 {
				tasks = append(tasks, Task{ID: parent, Stage: Download, Group: true})
			}
			for k := i; k < i+s.batch; k++ {
				t := Task{ID: s.id(k), Parent: parent, Stage: Download, Priority: k, Weight: float64(k%100 + 1)}
				d := Dependency{Source: s.id(k - 2000), Target: t.ID, Type: Parallel}
				if k%2 == 1 {
					t.Stage, d.Source, d.Type = VectorTile, s.id(k-1), Sequential
				}
				tasks = append(tasks, t)
				if k >= 2000 || k%2 == 1 {
					deps = append(deps, d)
				}
			}
			return s.Add(tx, "s", tasks, deps)
		})
	}
	s.tx(func(tx *kv.Tx) error { return s.SetStatus(tx, "s", Running, "") })
}

// runAll runs what is ready until that many have completed.
func (s *scale) runAll(until int) {
	for done := s.session().Completed; done < until; {
		before := done
		s.tx(func(tx *kv.Tx) error {
			for _, stage := range Stages() {
				ready, err := s.Ready(tx, "s", stage, min(s.batch, until-done))
				if err != nil || len(ready) == 0 {
					if err != nil {
						return err
					}
					continue
				}
				var ids []string
				var ends []End
				for _, t := range ready {
					ids = append(ids, t.ID)
					ends = append(ends, End{Task: t.ID, Result: Result{Tiles: 1, Bytes: 1000}, Buffers: []string{t.ID}})
				}
				if err := s.Start(tx, "s", ids...); err != nil {
					return err
				}
				if err := s.End(tx, "s", ends...); err != nil {
					return err
				}
				done += len(ends)
			}
			return nil
		})
		if done == before {
			s.t.Fatalf("nothing is ready after %d", done)
		}
	}
}

func (s *scale) cancelAll() {
	for last, more := "", true; more; {
		s.tx(func(tx *kv.Tx) (err error) {
			last, more, err = s.CancelSome(tx, "s", "", last, s.batch)
			return err
		})
	}
	if got := s.session(); got.Stopped != s.n-s.n/2 {
		s.t.Errorf("%d are cancelled", got.Stopped)
	}
}

func (s *scale) retryAll() {
	again := 0
	for last, more := "", true; more; {
		s.tx(func(tx *kv.Tx) (err error) {
			var n int
			n, last, more, err = s.RetrySome(tx, "s", "", last, s.batch)
			again += n
			return err
		})
	}
	if again != s.n-s.n/2 {
		s.t.Errorf("%d are tried again", again)
	}
	s.tx(func(tx *kv.Tx) error { return s.SetStatus(tx, "s", Running, "") })
}

func (s *scale) deleteAll() {
	for more := true; more; {
		s.tx(func(tx *kv.Tx) (err error) {
			more, err = s.DeleteSome(tx, "s", 2*s.batch)
			return err
		})
	}
}
