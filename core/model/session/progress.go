package session

import "time"

// Work is how much a stage has to do, in the units of its tasks' weights.
type Work struct {
	Weight float64 `cbor:"1,keyasint"` // of its tasks that are known
	Done   float64 `cbor:"2,keyasint"` // of those that have ended
	// Expected is what Weight is going to be once all tasks are known; 0 if
	// nobody said so.
	Expected float64 `cbor:"3,keyasint,omitempty"`
}

// percent of a stage, 0 … 100.
func (w Work) percent() float64 {
	all := max(w.Weight, w.Expected)
	if all <= 0 {
		return 0
	}
	return min(100, 100*w.Done/all)
}

// Pace is a moment in the course of a session.
type Pace struct {
	Worked  time.Duration `cbor:"1,keyasint"`
	Overall float64       `cbor:"2,keyasint"` // percent
}

const (
	// paceStep is the time of work between two moments that are kept, paceKept
	// how many are: the rate is that of the last half minute.
	paceStep = 2 * time.Second
	paceKept = 16
	// paceGain is the percent that must have been gained before time is estimated.
	paceGain = 1
)

// share is how much of a session's time a stage takes, in percent, as measured
// on the provinces of the world. Weights of different stages are of different
// units and cannot be added.
func share(stage int) float64 { return [4]float64{8, 32, 42, 18}[stage] }

// Overall is how far a session is whose stages are so far, all in percent.
func Overall(stages [4]float64) float64 {
	sum := 0.0
	for i, percent := range stages {
		sum += share(i) * percent / 100
	}
	return min(100, sum)
}

// tick counts the time of work up to now. A clock that was set back counts as
// no time.
func (s *Session) tick(now time.Time) {
	switch {
	case s.Status != Running:
		s.Ticked = time.Time{}
	case s.Ticked.IsZero():
		s.Ticked = now
	default:
		s.Worked += max(0, now.Sub(s.Ticked))
		s.Ticked = now
	}
}

// advance brings Progress up to date. It never goes back: where tasks are
// added or retried it stands still until it is true again.
func (s *Session) advance() {
	p := &s.Progress
	stages := [4]*float64{&p.Download, &p.Simplify1, &p.Simplify2, &p.VectorTile}
	var each [4]float64
	later := false
	for i := len(stages) - 1; i >= 0; i-- {
		percent := s.Work[i].percent()
		if s.Status == Completed {
			percent = 100
		}
		*stages[i] = max(*stages[i], percent)
		if later && s.Work[i].Weight == 0 {
			percent = 100 // a stage without tasks is over once a later one has begun
		}
		later = later || s.Work[i].Done > 0
		each[i] = percent
	}
	p.Overall = max(p.Overall, Overall(each))
	s.estimate()
}

// estimate sets Remaining from the rate of the last part.
func (s *Session) estimate() {
	s.Progress.Remaining = 0
	if s.Status != Running {
		s.Pace = nil // the time after a pause says nothing about the one before
		return
	}
	now := Pace{s.Worked, s.Progress.Overall}
	if n := len(s.Pace); n == 0 || now.Worked-s.Pace[n-1].Worked >= paceStep {
		s.Pace = append(s.Pace, now)
		s.Pace = s.Pace[max(0, len(s.Pace)-paceKept):]
	}
	first := s.Pace[0]
	took, gained := now.Worked-first.Worked, now.Overall-first.Overall
	if took < paceStep || gained < paceGain { // it would be a guess, and after a resume a wild one
		return
	}
	s.Progress.Remaining = time.Duration(float64(took) * (100 - now.Overall) / gained)
}
