// Command bench measures builds end to end: it runs the command shapes and its
// peer geojson-vt in turn, as child processes on the same input and zooms, and
// prints what each took. It judges nothing: a number is for people to read.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
)

// benchCase is an input with the last zoom to tile it to.
type benchCase struct {
	name    string
	input   string // of shapes
	file    string // the same for the peer
	maxZoom int
}

func cases(data string) []benchCase {
	file := func(name, base string, maxZoom int) benchCase {
		path := filepath.Join(data, base)
		return benchCase{name, path, path, maxZoom}
	}
	return []benchCase{
		{"sample", "sample", filepath.FromSlash("resources/sample/world.topojson.gz"), 6},
		file("admin_0", "ne_10m_admin_0_countries.geojson.gz", 6),
		file("admin_1", "ne_10m_admin_1_states_provinces.geojson.gz", 8),
		file("italy", "italy_municipalities_istat.geojson.gz", 10),
	}
}

// options are the flags.
type options struct {
	runs    int
	only    string
	data    string
	shapes  string
	peer    bool
	workers string
}

func main() {
	var o options
	flag.IntVar(&o.runs, "runs", 3, "runs of each program, in turn; medians are shown")
	flag.StringVar(&o.only, "only", "", "regular `expression` of the cases to run")
	flag.StringVar(&o.data, "data", filepath.FromSlash("../shared/data/bench"), "`folder` of the benchmark files")
	flag.StringVar(&o.shapes, "shapes", filepath.FromSlash("bin/shapes"), "the `program` to measure")
	flag.BoolVar(&o.peer, "peer", true, "run geojson-vt as well")
	flag.StringVar(&o.workers, "workers", "", "workers of shapes (default: one per core)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := bench(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(ctx context.Context, o options) error {
	only, err := regexp.Compile(o.only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	scratch, err := os.MkdirTemp("", "shapes-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if o.peer && !peerReady() {
		fmt.Println("No ratio: geojson-vt needs node, and npm packages that `make bench` installs.")
		o.peer = false
	}
	fmt.Printf("%s/%s, %d cores, %s, medians of %d runs\n\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), o.runs)
	header(os.Stdout, o.peer)
	for _, c := range cases(o.data) {
		if !only.MatchString(c.name) {
			continue
		}
		if _, err := os.Stat(c.file); err != nil {
			fmt.Printf("%-8s skipped: there is no %s\n", c.name, c.file)
			continue
		}
		r, err := measure(ctx, o, c, scratch)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		r.row(os.Stdout, o.peer)
	}
	fmt.Println("\nvertices/s and tiles/s are by wall time; CPU is user and system time of the whole process;\nthe ratio is CPU of shapes ÷ CPU of geojson-vt + vt-pbf + gzip (which keeps no topology).")
	return nil
}

// peerReady reports whether the peer can run at all.
func peerReady() bool {
	_, noNode := exec.LookPath("node")
	_, noPackages := os.Stat(filepath.FromSlash("test/oracle/node_modules/geojson-vt"))
	return noNode == nil && noPackages == nil
}
