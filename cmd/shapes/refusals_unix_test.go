//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is the user without rights, as whom the commands run here where the
// tests run as root, to whom no file is unreadable.
const nobody = 65534

// ordinaryFolder is a folder that any user can write to.
func ordinaryFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "shapes-refusals-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// asOrdinary runs the command in dir as a user who is not root.
func asOrdinary(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	// The kernel follows this link itself, so that the folders above the test
	// binary may be closed to nobody.
	self := "/proc/self/exe"
	var as *syscall.SysProcAttr
	if os.Getuid() == 0 {
		if _, err := os.Stat(self); err != nil {
			t.Skip("running as root, and without /proc the command cannot be run as another user")
		}
		as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	} else if self, _ = os.Executable(); self == "" {
		t.Fatal("the test binary has no name")
	}
	return runIn(t, dir, as, self, args...)
}

// runIn runs program under the name shapes, which makes this test binary be
// the command.
func runIn(t *testing.T, dir string, as *syscall.SysProcAttr, program string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	cmd := exec.Command(program, args...)
	cmd.Args[0] = "shapes"
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = dir, &out, &errs, as
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

func writeFiles(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// refused asserts a failure told in one line with all the words.
func refused(t *testing.T, code int, stdout, stderr string, words ...string) {
	t.Helper()
	if code != 1 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "shapes: ") {
		t.Errorf("exit %d, stdout %q, stderr %q", code, stdout, stderr)
	}
	for _, w := range words {
		if !strings.Contains(stderr, w) {
			t.Errorf("want %q in %q", w, stderr)
		}
	}
}

func TestUnreadableFile(t *testing.T) {
	dir := ordinaryFolder(t)
	writeFiles(t, dir, map[string][]byte{"towns.geojson": townsGeoJSON(2, 2), "secret.geojson": townsGeoJSON(2, 2), "secret.pmtiles": nil})
	for _, name := range []string{"secret.geojson", "secret.pmtiles"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := asOrdinary(t, dir, "build", "towns.geojson", "secret.geojson", "-o", "a.pmtiles", "--quiet")
	refused(t, code, out, errs, "secret.geojson: permission denied", "ask its owner", "nothing was written")
	code, out, errs = asOrdinary(t, dir, "inspect", "secret.pmtiles")
	refused(t, code, out, errs, "secret.pmtiles", "permission denied")
	code, out, errs = asOrdinary(t, dir, "render", "secret.pmtiles", "-o", "map.png")
	refused(t, code, out, errs, "secret.pmtiles", "permission denied")
	if left, _ := os.ReadDir(dir); len(left) != 3 {
		t.Errorf("left %v", left)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	dir := ordinaryFolder(t)
	writeFiles(t, dir, map[string][]byte{"towns.geojson": townsGeoJSON(2, 2)})
	shut := filepath.Join(dir, "shut")
	if err := os.Mkdir(shut, 0o755); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, shut, map[string][]byte{"old.pmtiles": []byte("old")})
	if err := os.Chmod(shut, 0o555); err != nil {
		t.Fatal(err)
	}
	for out, kept := range map[string]string{
		"shut/old.pmtiles": "shut/old.pmtiles is as it was before", "shut/a.mbtiles": "nothing was written", "shut/tiles": "nothing was written",
	} {
		code, said, errs := asOrdinary(t, dir, "build", "towns.geojson", "-o", out, "--quiet")
		refused(t, code, said, errs, out, "no permission to write there; choose another folder", kept)
	}
	code, out, errs := asOrdinary(t, dir, "build", "towns.geojson", "-o", "a.pmtiles", "--stats", "shut/stats.json", "--quiet")
	refused(t, code, out, errs, "--stats", "shut/stats.json", "no permission", "nothing was written")
	if left, _ := os.ReadDir(shut); len(left) != 1 {
		t.Errorf("left %v", left)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("left %v", left)
	}
	if old, err := os.ReadFile(filepath.Join(shut, "old.pmtiles")); err != nil || string(old) != "old" {
		t.Errorf("the old tiles are now %q, %v", old, err)
	}
}
