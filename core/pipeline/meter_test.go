package pipeline

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// clock is a time that moves when told to.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newClock() *clock { return &clock{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)} }

// Whatever is told in whatever order, the bar goes forward, stays in 0 … 1,
// and is told no more than ten times a second but at the ends of stages.
func TestMeterGoesForward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newClock()
		var last Progress
		var told time.Time
		always := false
		var begun [numStages]bool
		m := NewMeter(c.now, func(p Progress) {
			if p.Overall < last.Overall || p.Overall > 1 {
				t.Fatalf("overall %g after %g", p.Overall, last.Overall)
			}
			if p.Elapsed < last.Elapsed || p.ETA < 0 {
				t.Fatalf("elapsed %v after %v, %v to go", p.Elapsed, last.Elapsed, p.ETA)
			}
			if !always && c.at.Sub(told) < reportEvery {
				t.Fatalf("told again after %v", c.at.Sub(told))
			}
			for s, st := range p.Stages {
				if st.Done > st.Total {
					t.Fatalf("%v: %g of %g done", Stage(s), st.Done, st.Total)
				}
			}
			last, told = p, c.at
		})
		for range rapid.IntRange(0, 40).Draw(t, "events") {
			c.at = c.at.Add(time.Duration(rapid.IntRange(0, 150).Draw(t, "ms")) * time.Millisecond)
			s := Stage(rapid.IntRange(int(Simplify1), int(VectorTiles)).Draw(t, "stage"))
			n := rapid.Float64Range(0, 100).Draw(t, "n")
			event := rapid.IntRange(0, 5).Draw(t, "event")
			if event == 0 && begun[s] {
				continue // a stage begins once
			}
			always = event == 0 || event == 2
			switch event {
			case 0:
				m.begin(s, n)
				begun[s] = true
			case 1:
				m.add(s, n, 1)
			case 2:
				m.end(s, 1)
			case 3:
				m.tiles(1, 100, n)
			case 4:
				m.Read(int64(n), int64(2*n), 1, "a file")
			case 5:
				m.Current("borders")
			}
		}
	})
}

func TestMeterOfARun(t *testing.T) {
	c := newClock()
	var last Progress
	m := NewMeter(c.now, func(p Progress) { last = p })
	tick := func() { c.at = c.at.Add(time.Second) }
	m.Read(50, 100, 0, "land.geojson")
	if last.Current != "land.geojson" || last.Overall != share(Download)/2 || last.ETA != 0 {
		t.Errorf("%+v", last) // no time has gone by, so no telling how much will
	}
	tick()
	m.Read(100, 100, 1, "land.geojson")
	m.ReadDone(1, 3)
	if last.Overall != share(Download) || last.Faults != 3 || last.ETA != 3*time.Second {
		t.Errorf("%+v", last)
	}
	for s := Simplify1; s < numStages; s++ {
		m.begin(s, 10)
		tick()
		m.add(s, 99, 2) // more than there was is all there was
		if st := last.Stages[s]; st.Done != 10 || st.Finished || st.Items != 2 {
			t.Errorf("%v: %+v", s, st)
		}
		if s == VectorTiles {
			m.tiles(4, 1000, 0)
		}
		m.end(s, 1)
	}
	if last.Overall < 0.999999 || last.ETA != 0 || last.Elapsed != 4*time.Second || last.Tiles != 4 || last.Bytes != 1000 {
		t.Errorf("at the end: %+v", last)
	}
	for name, seconds := range m.Took() {
		if seconds != 1 {
			t.Errorf("%s took %g s", name, seconds)
		}
	}
	if len(m.Took()) != int(numStages) {
		t.Errorf("%v", m.Took())
	}
}

func TestNilMeterTellsNobody(t *testing.T) {
	var m *Meter
	m.begin(Simplify1, 1)
	m.add(Simplify1, 1, 1)
	m.end(Simplify1, 1)
	m.Read(1, 2, 3, "")
	m.ReadDone(1, 2)
	m.Current("")
	if m.Took() != nil {
		t.Error("a nil meter took time")
	}
}

// Workers add at once; nothing is lost.
func TestMeterFromManyWorkers(t *testing.T) {
	var last Progress
	m := NewMeter(time.Now, func(p Progress) { last = p })
	m.begin(VectorTiles, 8000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				m.tiles(1, 10, 1)
			}
		})
	}
	wg.Wait()
	m.end(VectorTiles, 0)
	if last.Tiles != 8000 || last.Bytes != 80000 || last.Stages[VectorTiles].Items != 8000 {
		t.Errorf("%+v", last)
	}
}

func TestSharesMakeOne(t *testing.T) {
	sum := 0.0
	for s := range numStages {
		sum += share(s)
	}
	if sum < 0.999999 || sum > 1.000001 {
		t.Errorf("shares add up to %g", sum)
	}
}
