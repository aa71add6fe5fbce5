package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

func TestRecipe(t *testing.T) {
	plain := engine.Recipe{
		Inputs: []engine.Input{{Path: "sample"}}, Out: "w.pmtiles", MaxZoom: -1, Tolerance: 2, Buffer: 80,
		Algorithm: "douglas-peucker", Small: "fit",
	}
	for _, c := range []struct {
		args   []string
		change func(*engine.Recipe)
	}{
		{nil, func(*engine.Recipe) {}},
		{[]string{"--buffer", "0"}, func(r *engine.Recipe) { r.Buffer = -1 }},
		{[]string{"--attributes", "name,code"}, func(r *engine.Recipe) { r.Attributes = []string{"name", "code"} }},
		{[]string{"--attributes", ""}, func(r *engine.Recipe) { r.Attributes = []string{} }},
		{[]string{"--minzoom", "2", "--maxzoom", "9"}, func(r *engine.Recipe) { r.MinZoom, r.MaxZoom = 2, 9 }},
		{[]string{"--maxzoom", "0"}, func(r *engine.Recipe) { r.MaxZoom = 0 }},
		{[]string{"--small", "drop", "--min-area", "4.5"}, func(r *engine.Recipe) { r.Small, r.MinArea = "drop", 4.5 }},
		{[]string{"--workers", "3", "--memory", "500"}, func(r *engine.Recipe) { r.Workers, r.MemoryMB = 3, 500 }},
		{
			[]string{"--layer", "a=b=c.zip", "--layer", "d=e,f.json"},
			func(r *engine.Recipe) {
				r.Inputs = append(r.Inputs, engine.Input{Layer: "a", Path: "b=c.zip"}, engine.Input{Layer: "d", Path: "e,f.json"})
			},
		},
		{[]string{"--name", "N", "--attribution", "<b>A</b>"}, func(r *engine.Recipe) { r.Name, r.Attribution = "N", "<b>A</b>" }},
	} {
		eng := &fakeEngine{}
		code, _, errs := shapes(t, eng, append([]string{"build", "sample", "-o", "w.pmtiles"}, c.args...)...)
		want := plain
		want.Inputs = append([]engine.Input{}, plain.Inputs...)
		c.change(&want)
		if code != 0 {
			t.Errorf("%q: exit %d: %s", c.args, code, errs)
		}
		if d := cmp.Diff(want, eng.recipe); d != "" {
			t.Errorf("%q: recipe (-want +got):\n%s", c.args, d)
		}
	}
}

func someStats() engine.Stats {
	return engine.Stats{
		FeaturesIn: 4855, FeaturesOut: 4854, VerticesIn: 1092708,
		Faults:       map[feature.Code]int{"self-intersection": 21, "null-geometry": 1},
		FaultSamples: []string{"null-geometry layer adm1 feature 12"},
		Layers: []pipeline.LayerStats{{Layer: "adm1", Features: 4855, Small: []pipeline.SmallUnit{
			{Zoom: 0, Shown: 300, Dropped: 7, Names: []string{"a", "b", "c", "d", "e", "f", "g"}},
			{Zoom: 1},
		}}},
		Tiles: 5461, Distinct: 3210, Bytes: 12_345_678, OutBytes: 12_400_000, MaxTileBytes: 345_678,
		MaxZoom: 6, Seconds: 3.21, CPUSeconds: 5.9, PeakRSS: 301_000_000,
	}
}

func TestSummary(t *testing.T) {
	code, out, errs := shapes(t, &fakeEngine{stats: someStats()}, "build", "sample", "-o", "w.pmtiles")
	want := strings.Join([]string{
		"output      w.pmtiles (12 MB)",
		"zooms       0 to 6",
		"features    4,855 read, 4,854 drawn",
		"vertices    1,092,708 read",
		"faults      null-geometry 1, self-intersection 21",
		"            null-geometry layer adm1 feature 12",
		"layer       adm1: 4,855 features",
		"              z0: too small for their shape: 300 shown, 7 dropped (a, b, c, d, e, …)",
		"tiles       5,461 (3,210 distinct), 12 MB, largest 346 kB",
		"time        3.2 s (5.9 s of CPU)",
		"peak memory 301 MB",
		"",
	}, "\n")
	if code != 0 || errs != "" {
		t.Errorf("exit %d, stderr %q", code, errs)
	}
	if d := cmp.Diff(want, out); d != "" {
		t.Errorf("summary (-want +got):\n%s", d)
	}
}

func TestQuiet(t *testing.T) {
	eng := &fakeEngine{stats: someStats(), steps: []pipeline.Progress{{Overall: 0.5}}}
	code, out, errs := shapes(t, eng, "build", "sample", "-o", "w.pmtiles", "--quiet")
	if code != 0 || out+errs != "" {
		t.Errorf("exit %d, said %q", code, out+errs)
	}
}

func TestStatsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stats.json")
	code, _, errs := shapes(t, &fakeEngine{stats: someStats()}, "build", "sample", "-o", "w.pmtiles", "--stats", path)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got engine.Stats
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(someStats(), got); d != "" {
		t.Errorf("stats (-want +got):\n%s", d)
	}
}

func TestStatsFileFails(t *testing.T) {
	dir := t.TempDir()
	eng := &fakeEngine{}
	for path, say := range map[string]string{
		filepath.Join(dir, "none", "stats.json"): "the folder does not exist",
		dir:                                      "a folder has that name",
	} {
		code, _, errs := shapes(t, eng, "build", "sample", "-o", "w.pmtiles", "--stats", path)
		if code != 1 || !strings.Contains(errs, "write --stats") || !strings.Contains(errs, say) ||
			!strings.HasSuffix(errs, "; nothing was written\n") || eng.built != 0 {
			t.Errorf("exit %d after %d builds: %s", code, eng.built, errs)
		}
	}
	// A build that fails leaves nothing of its statistics.
	eng.err = errFake
	code, _, _ := shapes(t, eng, "build", "sample", "-o", "w.pmtiles", "--stats", filepath.Join(dir, "stats.json"))
	if left, _ := os.ReadDir(dir); code != 1 || eng.built != 1 || len(left) != 0 {
		t.Errorf("exit %d after %d builds, left %v", code, eng.built, left)
	}
}

func TestBuildFails(t *testing.T) {
	code, out, errs := shapes(t, &fakeEngine{err: errFake}, "build", "sample", "-o", "w.pmtiles")
	if code != 1 || out != "" || errs != "shapes: decode layer adm1: unexpected end; nothing was written\n" {
		t.Errorf("exit %d, stdout %q, stderr %q", code, out, errs)
	}
}

func TestBuildInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	eng := &fakeEngine{duringFn: func(ctx context.Context) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	}}
	var out, errs strings.Builder
	code := run(ctx, []string{"build", "sample", "-o", "w.pmtiles"}, std{&out, &errs}, eng)
	if code != 1 || !strings.Contains(errs.String(), "shapes: interrupted") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}

func TestPlainProgress(t *testing.T) {
	var steps []pipeline.Progress
	for i := range 1001 {
		p := pipeline.Progress{Overall: float64(i) / 1000, Elapsed: time.Duration(i) * 20 * time.Millisecond, Tiles: int64(i), Bytes: 1000}
		p.Stages[pipeline.Simplify2].Finished = true
		p.Stages[pipeline.VectorTiles].Running = 1
		steps = append(steps, p)
	}
	_, _, errs := shapes(t, &fakeEngine{steps: steps}, "build", "sample", "-o", "w.pmtiles")
	lines := strings.Split(strings.TrimSuffix(errs, "\n"), "\n")
	if len(lines) != 11 || lines[1] != " 10 %  writing tiles, 100 tiles, 1.0 kB" || lines[10] != "100 %" {
		t.Errorf("got %d lines:\n%s", len(lines), errs)
	}
	for i := range steps {
		steps[i].Elapsed /= 10 // two seconds in all: at most a line a second
	}
	_, _, errs = shapes(t, &fakeEngine{steps: steps}, "build", "sample", "-o", "w.pmtiles")
	if n := strings.Count(errs, "\n"); n != 2 {
		t.Errorf("got %d lines in two seconds:\n%s", n, errs)
	}
	for i := range steps {
		steps[i].Elapsed *= 100 // 200 seconds in all: a line each half minute at least
		steps[i].Overall = 0.5
	}
	_, _, errs = shapes(t, &fakeEngine{steps: steps}, "build", "sample", "-o", "w.pmtiles")
	if n := strings.Count(errs, "\n"); n != 8 {
		t.Errorf("got %d lines in 200 seconds:\n%s", n, errs)
	}
}

func TestBarDrawsAndClears(t *testing.T) {
	var w strings.Builder
	b := newBar(&w)
	b.update(pipeline.Progress{Overall: 0.5, Elapsed: 90 * time.Second, ETA: 90 * time.Second})
	b.close(true)
	if got := w.String(); !strings.Contains(got, "reading the input, 1m30s left") || !strings.HasSuffix(got, "\r") {
		t.Errorf("drew %q", got)
	}
}
