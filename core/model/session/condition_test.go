package session

import (
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

func custom(expression string, parameters map[string]float64) *Condition {
	return &Condition{Type: Custom, Expression: expression, Parameters: parameters}
}

func TestCustomConditions(t *testing.T) {
	source := &Task{ID: "a", Status: Completed, Retries: 2, Result: Result{
		Features: 10, Vertices: 1000, Tiles: 3, Bytes: 5_000_000_000, Faults: 4,
	}}
	for _, c := range []struct {
		expression string
		want       bool
	}{
		{`status == "completed"`, true},
		{`status == "failed"`, false},
		{`status in ["completed", "failed"] && retries > 1`, true},
		{`faults <= limit`, true},
		{`faults * 10 > features`, true},
		{`faults / features < 0.3`, false},
		{`bytes > 4_000_000_000`, true},
		{`vertices / features >= 100 and tiles > 0`, true},
		{`max(faults, retries) == 4`, true},
		{`abs(-limit) == limit`, true},
		{`not (tiles > 0)`, false},
		{`tiles > 0 ? faults < 10 : false`, true},
	} {
		ok, err := custom(c.expression, map[string]float64{"limit": 4}).evaluate(source)
		if ok != c.want || err != nil {
			t.Errorf("%s: %v, %v", c.expression, ok, err)
		}
	}
}

// TestBadConditions: each is refused when it is added, and the message says
// where it is wrong.
func TestBadConditions(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{task("a", ""), task("b", "")}, nil)
	for _, c := range []struct {
		condition *Condition
		says      string
	}{
		{custom(`faults <= limitt`, map[string]float64{"limit": 4}), "column 11: unknown name limitt"},
		{custom(`faults <`, nil), "column 8: unexpected token EOF"},
		{custom(`faults`, nil), "expected bool, but got int"},
		{custom(`status > 3`, nil), "column 8: invalid operation"},
		{custom(``, nil), "1 … 1000 bytes, this one 0"},
		{custom(strings.Repeat("(", 600)+"true"+strings.Repeat(")", 600), nil), "this one 1204"},
		{custom(strings.Repeat("!", 990)+"true", nil), "exceeds maximum allowed nodes"},
		{custom(`now().Year() > 2000`, nil), "unknown name now"},
		{custom(`len(repeat("x", 1000000)) > 1`, nil), "unknown name"},
		{custom(`all(1..1000000, # > 0)`, nil), "column 1: only values, names, operators and abs"},
		{custom(`let x = [1, 2]; any(x, any(x, any(x, # > 1)))`, nil), "column 5: only values"},
		{custom(`tiles in 1..1000000`, nil), "column 11: only values"},
		{custom(`status matches "(a+)+"`, nil), "column 8: only values"},
		{custom(`$env == 1`, nil), "column 1: only values"},
		{custom(`status[1:2] == "o"`, nil), "column 7: only values"},
		{custom(`true`, map[string]float64{"faults": 1}), `parameter "faults"`},
		{custom(`true`, map[string]float64{"1x": 1, "2x": 2}), `parameter "1x"`},
		{custom("true &&\n  flse", nil), "line 2, column 3: unknown name flse"},
		{&Condition{Type: "maybe"}, `no condition "maybe"`},
		{&Condition{Type: Always, Expression: "true"}, "has no expression"},
		{nil, "needs a condition"},
	} {
		err := d.refused(ErrTask, func(tx *kv.Tx) error {
			return d.Add(tx, "s", nil, []Dependency{{Source: "a", Target: "b", Type: Conditional, Condition: c.condition}})
		})
		if !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "dependency a>b") {
			t.Errorf("%+v: got %q, want %q in it", c.condition, err, c.says)
		}
	}
	many := map[string]float64{}
	for i := range maxParameters + 1 {
		many["p"+strings.Repeat("x", i)] = 1
	}
	if got := custom("true", many).invalid(); !strings.Contains(got, "at most 50") {
		t.Error(got)
	}
}

// TestConditionThatFailsWhenRun skips the target and says why.
func TestConditionThatFailsWhenRun(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{task("a", ""), task("b", "")}, []Dependency{
		{Source: "a", Target: "b", Type: Conditional, Condition: custom(`features % tiles == 0`, nil)},
	})
	d.start("a")
	d.do(func(tx *kv.Tx) error { return d.Complete(tx, "s", "a", Result{Features: 7}, nil) })
	d.states("a:completed b:skipped")
	d.do(func(tx *kv.Tx) error {
		b, err := d.Task(tx, "s", "b")
		if want := "column 10: runtime error: integer divide by zero"; !strings.Contains(b.Error, want) {
			t.Errorf("%q, want %q in it", b.Error, want)
		}
		return err
	})
}

// FuzzCondition: no expression ends the program, and what compiles runs and
// ends.
func FuzzCondition(f *testing.F) {
	f.Add(`status == "completed" && faults <= limit`, 1, 2.0)
	f.Add(`1..1000000 == [1]`, 0, 0.0)
	f.Add(`let x = tiles; x ** x > 3`, 3, 1e300)
	f.Add(`status matches "(a+)+$"`, 0, 0.0)
	f.Add(`[1,2,3][faults] == 1`, 9, 0.0)
	f.Fuzz(func(t *testing.T, expression string, faults int, limit float64) {
		c := custom(expression, map[string]float64{"limit": limit})
		if c.invalid() != "" {
			return
		}
		task := &Task{Status: Completed, Result: Result{Faults: faults}}
		a, errA := c.evaluate(task)
		b, errB := c.evaluate(task)
		if a != b || (errA == nil) != (errB == nil) {
			t.Errorf("%q is %v (%v), and then %v (%v)", expression, a, errA, b, errB)
		}
	})
}
