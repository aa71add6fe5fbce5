package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

func TestCommandLinesCanBePasted(t *testing.T) {
	v := env{g: &global{dataDir: "my data", named: true}}
	if got := v.command("session resume", "it's"); got != `shapes session resume 'it'\''s' --data-dir 'my data'` {
		t.Error(got)
	}
	v.g.named = false
	if got := v.command("run", "0-1", ""); got != "shapes run 0-1 ''" {
		t.Error(got)
	}
}

func TestParseFile(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.zip", "b=c.zip"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]shape.File{
		"a.zip":        {Path: "a.zip"},
		"a.zip=adm1":   {Path: "a.zip", Layer: "adm1"},
		"a.zip=":       {Path: "a.zip"},
		"b=c.zip":      {Path: "b=c.zip"},
		"b=c.zip=adm2": {Path: "b=c.zip", Layer: "adm2"},
	} {
		want.Path = filepath.Join(here, want.Path)
		if got, err := parseFile(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{"=x": "must be FILE", "": "must be FILE", "d.zip": "no such file", ".": "is a folder"} {
		if _, err := parseFile(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestBadges(t *testing.T) {
	for want, n := range map[string]engine.Node{
		"no tiles":                    {Type: tree.Shape},
		"1,200 nodes":                 {Type: tree.Folder, Children: 1200},
		"tiles 12 MB on disk, paused": {HasTiles: true, Bytes: 12_000_000, Session: session.Paused},
		"tiles 1.0 kB on disk, draft": {HasTiles: true, Bytes: 1000, Draft: true},
		"draft of a new shape":        {New: true, Draft: true},
		"1 node, from Europe, deleted 2026-01-02 03:04": {
			Type: tree.Folder, Children: 1, From: "Europe", Deleted: time.Date(2026, 1, 2, 3, 4, 0, 0, time.Local),
		},
	} {
		if got := badges(n); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestVerdict(t *testing.T) {
	can, cannot := engine.CheckFinding{Repair: "count anew"}, engine.CheckFinding{}
	for _, c := range []struct {
		r    engine.CheckReport
		want string // "" is all well
	}{
		{engine.CheckReport{}, ""},
		{engine.CheckReport{Findings: []engine.CheckFinding{can, cannot}}, "2 findings; nothing was changed; shapes check --repair repairs 1 of them"},
		{engine.CheckReport{Findings: []engine.CheckFinding{cannot}}, "1 finding, none of which can be repaired; nothing was changed"},
		{engine.CheckReport{Findings: []engine.CheckFinding{can}, Repaired: true}, ""},
		{engine.CheckReport{Findings: []engine.CheckFinding{can, cannot}, Repaired: true}, "1 finding cannot be repaired; all else was"},
	} {
		got := ""
		if err := (env{g: &global{}}).verdict(c.r); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestWriteCheckAndSweep(t *testing.T) {
	var out bytes.Buffer
	s := std{&out, io.Discard}
	r := engine.CheckReport{
		Checked:  []string{"core.db: 7 tables"},
		Findings: []engine.CheckFinding{{Where: "core.db", What: "a\nb", Repair: "count anew"}, {Where: "x", What: "y"}},
		Repaired: true,
	}
	if err := writeCheck(s, r, false); err != nil {
		t.Fatal(err)
	}
	if err := writeSweep(s, engine.SweepReport{Dry: true, Bytes: 2000, Rows: []engine.SweepRow{{Kind: "tile file", Reason: "no node has it", Records: 1, Bytes: 2000}}}, false); err != nil {
		t.Fatal(err)
	}
	want := `checked  core.db: 7 tables
found    core.db: a b (repaired: count anew)
found    x: y (cannot be repaired)
KIND       REASON          RECORDS   BYTES
tile file  no node has it        1  2.0 kB
would free 2.0 kB
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// The names in JSON are promised: see docs/commands.md.
func TestJSONStays(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	s := ses(session.Paused, "full")
	s.Created, s.Started, s.Ended, s.Worked, s.CPU, s.Interrupted = at, at, at, time.Minute, time.Second, true
	s.Total, s.Session.Completed, s.Failed, s.Stopped, s.Tiles, s.Bytes = 9, 5, 1, 2, 7, 8
	s.Faults, s.Current, s.Progress.Remaining = map[string]int{"f": 1}, "c", time.Second
	n := engine.Node{
		ID: "i", Type: tree.Shape, Name: "n", Description: "d", Source: "s", License: "l", Draft: true, New: true,
		Session: session.Running, HasTiles: true, Built: at, Bytes: 3, MaxZoom: 4, From: "f", Deleted: at,
	}
	r := shape.RunSummary{
		Node: "i", Session: "s", Status: "failed", Reason: "r", Started: at, Ended: at, Worked: time.Second, CPU: time.Second,
		Features: 1, Drawn: 2, Vertices: 3, Tiles: 4, Bytes: 5, MinZoom: 0, MaxZoom: 7, Faults: map[string]int{"f": 1}, Inputs: []string{"h"},
	}
	node := nodeOf(n, "p/n")
	node.Selection, node.Files = "ITA", []fileJSON{{"f", "l"}}
	node.Settings, node.Count = map[string]string{"b": "1", "a": "<2>"}, 1
	got := keys(t, map[string]any{"node": node, "session": sessionOf(s), "run": runOf(r, "n"), "task": taskJSON{"i", "n", "s", "s", 1, "e", 1, []taskJSON{}}})
	want := map[string]string{
		"node":    "built count deleted description draft files from id licence maxzoom name new path selection session settings source tile_bytes tiles type",
		"session": "bytes cpu_seconds created current ended faults id interrupted name node percent reason remaining_seconds started status tasks tiles worked_seconds",
		"run":     "bytes cpu_seconds drawn ended faults features inputs maxzoom minzoom name node reason session started status tiles vertices worked_seconds",
		"task":    "count error id name percent stage status",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// keys lists the names of the fields of each value, as JSON.
func keys(t *testing.T, values map[string]any) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(text, &fields); err != nil {
			t.Fatal(err)
		}
		out[name] = strings.Join(slices.Sorted(maps.Keys(fields)), " ")
	}
	return out
}

func TestUnusableSaysTheWayOn(t *testing.T) {
	err := unusable(fmt.Errorf("open: %w", &engine.Unusable{UnusableError: &kv.UnusableError{Path: "core.db", Err: kv.ErrDamaged}}))
	if !strings.Contains(err.Error(), "--rescue backup") {
		t.Error(err)
	}
	if plain := errors.New("x"); !errors.Is(unusable(plain), plain) || unusable(plain).Error() != "x" {
		t.Error("another error was changed")
	}
}

func TestMeasuresAreRounded(t *testing.T) {
	for x, want := range map[float64]float64{0.9642769999999999: 0.964277, 1: 1, 0.018888000000000016: 0.018888, 1.0 / 3: 0.333333} {
		if got := millionths(x); got != want {
			t.Errorf("%v became %v", x, got)
		}
	}
}
