package pipeline

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// restorable makes the steps of four squares in two layers.
func restorable(tb testing.TB) *Steps {
	tb.Helper()
	u := NewUnits(&feature.Faults{})
	for _, name := range []string{"a", "b"} {
		l := u.Layer(name)
		for i := range 2 {
			u.addAt(l, i, square(float64(i), 0, uint64(i+1)))
		}
	}
	u.Label("a")
	cfg := DefaultConfig()
	cfg.MaxZoom = 1
	s, err := NewSteps(u, cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func packedArcs(tb testing.TB) []byte {
	tb.Helper()
	s := restorable(tb)
	if err := s.Arrange(tb.Context(), nil); err != nil {
		tb.Fatal(err)
	}
	return s.AppendArcs(nil)
}

// FuzzRestore reads an arrangement of any bytes: what is no arrangement is
// refused, what is one can be packed again.
func FuzzRestore(f *testing.F) {
	packed := packedArcs(f)
	f.Add(packed)
	f.Add(packed[:len(packed)/2])
	f.Add([]byte(`{"arcs":[[],[[0,0]]],"shapes":{"bits":30,"sizes":[0,0],"polygons":[[0,0,0]],"labels":[]}}`))
	f.Add([]byte(`{"arcs":[[[1,1],[2,2]]],"objects":{"0":{"geometries":[{"id":0,"arcs":[[0],[0],[-1]]}]}},"shapes":{"bits":30,"sizes":[2143289344],"polygons":[[0,0,1],[0,0,1]],"labels":[]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := restorable(t)
		if err := s.Restore(data); err != nil {
			return
		}
		again := restorable(t)
		packed := s.AppendArcs(nil)
		if err := again.Restore(packed); err != nil {
			t.Fatalf("%v: %s", err, packed)
		}
		if !bytes.Equal(again.AppendArcs(nil), packed) {
			t.Fatal("it is packed otherwise")
		}
		for l, layer := range s.u.layers {
			for i := range layer.units {
				s.Geometry(0, l, i)
			}
		}
	})
}

// What cannot be is refused, not drawn.
func TestRestoreRefuses(t *testing.T) {
	whole := string(packedArcs(t))
	for name, change := range map[string]func(string) string{
		"empty":         func(string) string { return "" },
		"no object":     func(string) string { return "[]" },
		"cut":           func(s string) string { return s[:len(s)-3] },
		"more behind":   func(s string) string { return s + "{}" },
		"no bits":       func(s string) string { return strings.Replace(s, `"bits":`, `"bots":`, 1) },
		"negative bits": func(s string) string { return strings.Replace(s, `"bits":`, `"bits":-`, 1) },
		"empty arc":     func(s string) string { return strings.Replace(s, `"arcs":[[[`, `"arcs":[[],[[`, 1) },
		"far arc":       func(s string) string { return strings.Replace(s, `"arcs":[[[`, `"arcs":[[[9999999999,0],[`, 1) },
		"unknown arc":   func(s string) string { return strings.Replace(s, `"arcs":[[-2],[0]]`, `"arcs":[[-2],[999]]`, 1) },
		"unit twice": func(s string) string {
			return strings.Replace(s, `"polygons":[[0,0,0]`, `"polygons":[[0,0,0],[0,0,0]`, 1)
		},
		"no such layer": func(s string) string { return strings.Replace(s, `"polygons":[[0,0,0]`, `"polygons":[[7,0,0]`, 1) },
		"strange size":  func(s string) string { return strings.Replace(s, `"sizes":[`, `"sizes":[2143289344,`, 1) },
	} {
		text := change(whole)
		if text == whole {
			t.Errorf("%s: nothing was changed in %s", name, whole)
			continue
		}
		s := restorable(t)
		if err := s.Restore([]byte(text)); err == nil {
			t.Errorf("%s: was taken", name)
		}
		if s.arr != nil {
			t.Errorf("%s: something was kept", name)
		}
	}
	if err := restorable(t).Restore([]byte(`{}`)); !errors.Is(err, errPacked) {
		t.Errorf("%v", err)
	}
}
