package kit

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestPaceRunsOnceInItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLooped()
		var ran []time.Duration
		begin := time.Now()
		p := NewPace(l.Tasks, 100*time.Millisecond, func() { ran = append(ran, time.Since(begin)) })
		for range 100 { // a second of calls, one each 10 ms
			p.Call()
			time.Sleep(10 * time.Millisecond)
			synctest.Wait()
			l.runAll()
		}
		time.Sleep(time.Second)
		synctest.Wait()
		l.runAll()
		if len(ran) < 9 || len(ran) > 10 {
			t.Errorf("ran %d times: %v", len(ran), ran)
		}
		if ran[0] != 100*time.Millisecond {
			t.Errorf("the first call waited %v", ran[0])
		}
	})
}

func TestPaceFlushesAndStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLooped()
		n := 0
		p := NewPace(l.Tasks, time.Second, func() { n++ })
		if p.Flush(); n != 0 {
			t.Error("ran, though nobody asked")
		}
		p.Call()
		if p.Flush(); n != 1 {
			t.Errorf("ran %d times after a flush", n)
		}
		p.Call()
		p.Stop()
		time.Sleep(time.Minute)
		synctest.Wait()
		if l.runAll(); n != 1 {
			t.Errorf("ran %d times: once after it was stopped", n)
		}
		p.Call()
		time.Sleep(time.Minute)
		synctest.Wait()
		if l.runAll(); n != 2 {
			t.Errorf("ran %d times: not after it was stopped once", n)
		}
	})
}

func TestPaceOfInlineTasksRunsAtOnce(t *testing.T) {
	n := 0
	p := NewPace(InlineTasks(), time.Hour, func() { n++ })
	p.Call()
	p.Call()
	if n != 2 {
		t.Errorf("ran %d times", n)
	}
}
