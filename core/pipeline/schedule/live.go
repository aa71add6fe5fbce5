package schedule

import (
	"math"
	"sync/atomic"

	"github.com/shapes-desktop/shapes/core/model/session"
)

// meter is how much of a task is done, 0 … 1, for who looks on.
type meter struct{ bits atomic.Uint64 }

func (m *meter) set(done float64) { m.bits.Store(math.Float64bits(min(max(done, 0), 1))) }
func (m *meter) get() float64     { return math.Float64frombits(m.bits.Load()) }

// report tells how the session stands: at most ten times a second, but for
// what must not be missed.
func (w *run) report(always bool) {
	now := w.Now()
	if w.Report == nil || !always && now.Sub(w.told) < tick {
		return
	}
	w.told = now
	live := Live{Session: w.session, Current: w.current()}
	p := &live.Session.Progress
	for i, v := range [4]*float64{&p.Download, &p.Simplify1, &p.Simplify2, &p.VectorTile} {
		w.shown[i] = max(w.shown[i], *v, w.percent(i)) // what a task loses that begins again is not taken back
		*v = w.shown[i]
	}
	p.Overall = max(p.Overall, session.Overall(w.shown))
	w.Report(live)
}

// percent is how far a stage is with what is under way counted.
func (w *run) percent(stage int) float64 {
	at := w.session.Work[stage]
	all := max(at.Weight, at.Expected)
	if all <= 0 {
		return 0
	}
	done := at.Done
	for _, u := range w.under {
		if u.task.Stage == session.Stages()[stage] {
			done += u.task.Weight * u.done.get()
		}
	}
	return min(100, 100*done/all)
}

// current names what has been under way longest.
func (w *run) current() string {
	var first *underway
	for _, u := range w.under {
		if first == nil || u.began.Before(first.began) || u.began.Equal(first.began) && u.task.ID < first.task.ID {
			first = u
		}
	}
	if first == nil {
		return ""
	}
	return first.task.Name
}
