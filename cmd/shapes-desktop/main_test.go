package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
)

func TestParseArgs(t *testing.T) {
	dir := t.TempDir()
	tests := []struct {
		name           string
		list           []string
		dir            string
		code           int
		done           bool
		stdout, stderr string
	}{
		{name: "none", dir: engine.DataDir()},
		{name: "data dir", list: []string{"--data-dir", dir}, dir: dir},
		{name: "version", list: []string{"--version"}, done: true, stdout: "shapes-desktop " + engine.Version + "\n"},
		{name: "help", list: []string{"--help"}, done: true, stdout: "data-dir"},
		{name: "unknown", list: []string{"--wat"}, done: true, code: 2, stderr: "-wat"},
		{name: "left over", list: []string{"file.geojson"}, done: true, code: 2, stderr: `"file.geojson"`},
		{name: "empty dir", list: []string{"--data-dir="}, done: true, code: 2, stderr: "--data-dir"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			a, code, done := parseArgs(tt.list, &out, &errs)
			if code != tt.code || done != tt.done {
				t.Errorf("code %d, done %v", code, done)
			}
			if !done && a.dataDir != tt.dir {
				t.Errorf("data in %q, want %q", a.dataDir, tt.dir)
			}
			if !strings.Contains(out.String(), tt.stdout) || !strings.Contains(errs.String(), tt.stderr) {
				t.Errorf("stdout %q, stderr %q", out.String(), errs.String())
			}
			if n := strings.Count(errs.String(), "\n"); n > 1 {
				t.Errorf("%d lines on stderr", n)
			}
		})
	}
}

func TestNoDisplayIsSaidInOneLine(t *testing.T) {
	env := func(vars map[string]string) func(string) string {
		return func(name string) string { return vars[name] }
	}
	if err := checkDisplay(env(nil), "linux"); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("without a display: %v", err)
	}
	for _, vars := range []map[string]string{{"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}} {
		if err := checkDisplay(env(vars), "linux"); err != nil {
			t.Errorf("%v: %v", vars, err)
		}
	}
	for _, system := range []string{"windows", "darwin"} {
		if err := checkDisplay(env(nil), system); err != nil {
			t.Errorf("%s: %v", system, err)
		}
	}
}

func TestMirrorsThatCannotBeAreSaidInOneLine(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	t.Setenv(engine.MirrorsEnv, "https://example.org/ http://127.0.0.1:1/")
	var out, errs bytes.Buffer
	if code := run([]string{"--data-dir", dir}, &out, &errs); code != 2 {
		t.Errorf("code %d", code)
	}
	if got := errs.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, engine.MirrorsEnv) {
		t.Errorf("stderr %q", got)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the data directory was made")
	}
}

func TestRunWithoutDisplay(t *testing.T) {
	if goos() == "windows" || goos() == "darwin" {
		t.Skip("these systems always have a display")
	}
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	dir := filepath.Join(t.TempDir(), "data")
	var out, errs bytes.Buffer
	if code := run([]string{"--data-dir", dir}, &out, &errs); code != 1 {
		t.Errorf("code %d", code)
	}
	if !strings.HasPrefix(errs.String(), "shapes-desktop: no display") {
		t.Errorf("stderr %q", errs.String())
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a data directory was made")
	}
}

func TestTheLogIsWritten(t *testing.T) {
	h, err := openHouse(filepath.Join(t.TempDir(), "new", "data"))
	if err != nil {
		t.Fatal(err)
	}
	h.close()
	if text, err := os.ReadFile(h.logFile); err != nil || !strings.Contains(string(text), "msg=started") {
		t.Errorf("log %q, %v", text, err)
	}
}

func TestDataDirectoryThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openHouse(filepath.Join(file, "data")); err == nil || !strings.Contains(err.Error(), "--data-dir") {
		t.Errorf("%v", err)
	}
}

func TestToolkitMessages(t *testing.T) {
	var log, stderr bytes.Buffer
	l := &toolkitLog{log: slog.New(slog.NewTextHandler(&log, nil)), stderr: &stderr}
	for _, line := range []string{"Fyne error: something small\n", "Fyne error:  window creation error\n", "  Cause: APIUnavailable\n", "Fyne error:  failed to initialise GLFW\n"} {
		if n, err := l.Write([]byte(line)); n != len(line) || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if l.said() == nil || strings.Count(stderr.String(), "\n") != 1 || !strings.Contains(stderr.String(), "OpenGL") {
		t.Errorf("stderr %q", stderr.String())
	}
	if strings.Count(log.String(), "msg=toolkit") != 4 {
		t.Errorf("log %q", log.String())
	}
}

func TestFontsAndNotices(t *testing.T) {
	if _, err := mapFonts(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(notices(), "SIL Open Font License") && !strings.Contains(notices(), "SIL OPEN FONT LICENSE") {
		t.Error("the fonts' licence is missing")
	}
}
