//go:build unix

package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// An interrupted build ends with 1 and leaves no output and no temporary file,
// whatever it was at.
func TestInterrupt(t *testing.T) {
	// Large enough for many seconds of work, so that the signal finds it at
	// work; the race detector, which runs the short tests, is ten times slower.
	towns := 120
	if testing.Short() {
		towns = 40
	}
	data := townsGeoJSON(towns, 25)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		for _, out := range []string{"towns.pmtiles", "towns.mbtiles", "tiles"} {
			for moment, at := range map[string]string{"at the start": "", "later": "%", "with tiles": " tiles, "} {
				t.Run(signal.String()+" "+out+" "+moment, func(t *testing.T) { interrupt(t, signal, data, out, at) })
			}
		}
	}
}

// interrupt sends the signal when a line of progress has the words at; "" is
// before the first one.
func interrupt(t *testing.T, signal os.Signal, data []byte, out, at string) {
	dir := t.TempDir()
	in := filepath.Join(dir, "towns.geojson")
	if err := os.WriteFile(in, data, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "build", in, "-o", filepath.Join(dir, out), "--maxzoom", "14")
	cmd.Args[0] = "shapes" // tells the test binary to be the command
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	waitFor(t, dir, out, at, lines)
	if err := cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	last := lines.Text()
	for lines.Scan() {
		last = lines.Text()
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("ended with %v, want exit 1", err)
	}
	if !strings.HasPrefix(last, "shapes: interrupted") {
		t.Errorf("last line %q", last)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("left %v", entries)
	}
}

// waitFor returns when the build is at work, and its progress has the words at.
func waitFor(t *testing.T, dir, out, at string, lines *bufio.Scanner) {
	t.Helper()
	if at == "" { // as soon as it has begun its output
		for range 60_000 {
			if begun, _ := filepath.Glob(filepath.Join(dir, "."+out+".*")); len(begun) > 0 {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Fatal("it never began")
	}
	for lines.Scan() {
		if strings.Contains(lines.Text(), at) {
			return
		}
	}
	t.Fatalf("it never said %q", at)
}
