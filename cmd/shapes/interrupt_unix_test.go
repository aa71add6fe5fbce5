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
)

// An interrupted build ends with 1 and leaves no output and no temporary file.
func TestInterrupt(t *testing.T) {
	// Large enough for many seconds of work, so that the signal finds it at work.
	data := townsGeoJSON(120, 25)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		for _, out := range []string{"towns.pmtiles", "towns.mbtiles", "tiles"} {
			t.Run(signal.String()+" "+out, func(t *testing.T) { interrupt(t, signal, data, out) })
		}
	}
}

func interrupt(t *testing.T, signal os.Signal, data []byte, out string) {
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
	if !lines.Scan() { // the first line of progress: it is at work
		t.Fatal("it said nothing")
	}
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
