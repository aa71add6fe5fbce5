package pipeline

import (
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/pipeline/work"
)

// share is what each stage takes of a run, as measured on countries of the
// world; only used to make one bar of four.
func share(s Stage) float64 { return [numStages]float64{0.25, 0.2, 0.15, 0.4}[s] }

// reportEvery bounds how often progress is told: ten times a second.
const reportEvery = 100 * time.Millisecond

// Meter gathers progress from all workers and tells it at most ten times a
// second. A nil Meter is ready and tells nobody.
type Meter struct {
	mu     sync.Mutex
	p      Progress
	began  time.Time
	at     [numStages]time.Time
	took   [numStages]time.Duration
	told   time.Time
	pools  [numStages]*work.Pool
	now    func() time.Time
	report func(Progress)
}

// NewMeter returns a Meter that calls report, from whichever goroutine has
// news. now is the clock.
func NewMeter(now func() time.Time, report func(Progress)) *Meter {
	return &Meter{now: now, report: report, began: now()}
}

// watch counts the workers of a stage that are busy.
func (m *Meter) watch(s Stage, p *work.Pool) {
	if m != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.pools[s] = p
	}
}

// begin starts a stage of the given weight.
func (m *Meter) begin(s Stage, total float64) {
	m.change(true, func() {
		m.p.Stages[s].Total = total
		m.at[s] = m.now()
	})
}

// add records work done in a stage.
func (m *Meter) add(s Stage, weight float64, items int64) {
	m.change(false, func() {
		st := &m.p.Stages[s]
		st.Done = min(st.Done+weight, st.Total)
		st.Items += items
	})
}

// tiles records n finished tiles.
func (m *Meter) tiles(n int, bytes int64, weight float64) {
	m.change(false, func() {
		st := &m.p.Stages[VectorTiles]
		st.Done = min(st.Done+weight, st.Total)
		st.Items += int64(n)
		m.p.Tiles += int64(n)
		m.p.Bytes += bytes
	})
}

// end completes a stage.
func (m *Meter) end(s Stage, items int64) {
	m.change(true, func() {
		st := &m.p.Stages[s]
		st.Done, st.Finished = st.Total, true
		st.Items += items
		if !m.at[s].IsZero() {
			m.took[s] = m.now().Sub(m.at[s])
		}
	})
}

// Read tells that so many of so many bytes of the sources have been read.
func (m *Meter) Read(done, total int64, files int64, current string) {
	m.change(false, func() {
		st := &m.p.Stages[Download]
		if m.at[Download].IsZero() {
			m.at[Download] = m.now()
		}
		st.Done, st.Total, st.Items = float64(done), float64(max(done, total)), files
		m.p.Current = current
	})
}

// ReadDone completes stage download.
func (m *Meter) ReadDone(files int64, faults int) {
	m.change(true, func() {
		m.p.Faults = faults
		m.p.Stages[Download].Items = files
	})
	m.end(Download, 0)
}

// Current says what is being worked on.
func (m *Meter) Current(what string) { m.change(false, func() { m.p.Current = what }) }

// Took returns how long each stage has taken.
func (m *Meter) Took() map[string]float64 {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]float64{}
	for s := range numStages {
		out[s.String()] = m.took[s].Seconds()
	}
	return out
}

func (m *Meter) change(always bool, fn func()) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	fn()
	now := m.now()
	if !always && now.Sub(m.told) < reportEvery {
		return
	}
	m.told = now
	for s, p := range m.pools {
		if p != nil {
			m.p.Stages[s].Running = p.Running()
		}
	}
	m.p.Elapsed = now.Sub(m.began)
	m.p.Overall = max(m.p.Overall, m.overall())
	if m.p.Overall > 0.02 && m.p.Overall < 1 {
		m.p.ETA = time.Duration(float64(m.p.Elapsed) * (1 - m.p.Overall) / m.p.Overall)
	} else {
		m.p.ETA = 0
	}
	if m.report != nil {
		m.report(m.p)
	}
}

func (m *Meter) overall() float64 {
	sum := 0.0
	for i, st := range m.p.Stages {
		s := Stage(i)
		switch {
		case st.Finished:
			sum += share(s)
		case st.Total > 0:
			sum += share(s) * st.Done / st.Total
		}
	}
	return min(sum, 1)
}
