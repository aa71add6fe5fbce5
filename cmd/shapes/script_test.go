package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// TestMain lets the scripts run this test binary as the command shapes.
func TestMain(m *testing.M) {
	if boltfile.IsCheckChild(os.Args) { // started by the engine, to check a node's tiles
		os.Exit(boltfile.RunCheckChild(os.Args, os.Stdout, tileset.Kind(), kv.Kind()))
	}
	testscript.Main(m, map[string]func(){"shapes": main})
}

// TestScripts runs whole command lines against the real engine: each file in
// testdata/script is a story with its files.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"holds":     holds,
			"towns":     towns,
			"deep":      deep,
			"oneerr":    oneErrorLine,
			"midrun":    midrun,
			"sametiles": sametiles,
			"setid":     setid,
			"nosocket":  nosocket,
			"flip":      flip,
			"owned":     owned,
			"serve":     serve,
			"askedfor":  askedFor,
			"nezip":     nezip,
			"halfway":   halfway,
		},
		// The platform's data directory is in the story's own folder, too.
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, ".tmp"))
			e.Setenv("LONG", strings.Repeat("long", 30))
			startHosts(e)
			return nil
		},
	})
}

// exits runs a command and asserts its exit code: exits CODE shapes ARGS…
// Its output is then in the files out and err.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", strings.Join(args[1:], " "), err)
		}
		got = exit.ExitCode()
	}
	ts.Check(os.WriteFile(ts.MkAbs("out"), []byte(ts.ReadFile("stdout")), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err"), []byte(ts.ReadFile("stderr")), 0o600))
	if got != want {
		ts.Fatalf("%s: exit %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// oneErrorLine asserts that the last command told its failure in one line
// that contains the words: oneerr WORDS…
func oneErrorLine(ts *testscript.TestScript, _ bool, args []string) {
	said := ts.ReadFile("err")
	if !strings.HasPrefix(said, "shapes: ") || strings.Count(said, "\n") != 1 {
		ts.Fatalf("want one line from shapes:, got %q", said)
	}
	for _, word := range args {
		if !strings.Contains(strings.ToLower(said), strings.ToLower(word)) {
			ts.Fatalf("want %q in %q", word, said)
		}
	}
}

// holds asserts what a folder contains, hidden files as well: holds DIR NAMES…
func holds(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := slices.Sorted(slices.Values(args[1:]))
	if !slices.Equal(names, want) {
		ts.Fatalf("%s holds %q, want %q", args[0], names, want)
	}
}

// towns writes a GeoJSON of n × n towns that tile a part of Italy, each with
// wavy borders of k vertices a side that it shares with its neighbours:
// towns FILE N K
func towns(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	k, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), townsGeoJSON(n, k), 0o600))
}

// deep writes collections nested 100,000 levels deep: deep FILE
func deep(ts *testscript.TestScript, _ bool, args []string) {
	text := strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 100_000)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func townsGeoJSON(n, k int) []byte {
	const size = 4.0 // degrees, of all towns together
	at := func(i, j float64) string {
		wave := 0.15 * math.Sin(7*i) * math.Sin(7*j)
		return fmt.Sprintf("[%.7f,%.7f]", 10+size*(i+wave)/float64(n), 42+size*(j+wave)/float64(n))
	}
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i := range n {
		for j := range n {
			if i+j > 0 {
				b.WriteString(",\n")
			}
			fmt.Fprintf(&b, `{"type":"Feature","id":%d,"properties":{"name":"town %d-%d"},"geometry":{"type":"Polygon","coordinates":[[`, i*n+j+1, i, j)
			x, y := float64(i), float64(j)
			for s := range k {
				b.WriteString(at(x+float64(s)/float64(k), y) + ",")
			}
			for s := range k {
				b.WriteString(at(x+1, y+float64(s)/float64(k)) + ",")
			}
			for s := range k {
				b.WriteString(at(x+float64(k-s)/float64(k), y+1) + ",")
			}
			for s := range k {
				b.WriteString(at(x, y+float64(k-s)/float64(k)) + ",")
			}
			b.WriteString(at(x, y) + "]]}}")
		}
	}
	b.WriteString("]}\n")
	return []byte(b.String())
}
