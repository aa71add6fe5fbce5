package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A build on a disk that fills up, at whatever moment, says so in one line and
// leaves what was there: each output on disks from far too small to nearly
// large enough, so that the failure meets the first tile, a later one and the
// end.
func TestFullDisk(t *testing.T) {
	dir := ordinaryFolder(t)
	small := filepath.Join(dir, "small")
	if err := os.Mkdir(small, 0o755); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, dir, map[string][]byte{"towns.geojson": townsGeoJSON(12, 12)})
	if code, _, errs := onSmallDisk(t, dir, 64, "true"); code != 0 {
		t.Skipf("this machine lets no test mount a small disk: %s", errs)
	}
	for _, out := range []string{"a.pmtiles", "a.mbtiles", "tiles"} {
		failed, done := 0, false
		for kb := 16; !done && kb < 64<<10; kb += kb / 2 {
			t.Run(fmt.Sprintf("%s on %d kB", out, kb), func(t *testing.T) {
				// The script ends with what is on the disk, which goes with its process.
				code, said, errs := onSmallDisk(t, dir, kb,
					`echo old > small/old.pmtiles; shapes build towns.geojson -o small/`+out+` --maxzoom 9 --quiet; code=$?; ls -A small; cat small/old.pmtiles; exit $code`)
				if done = code == 0; done {
					return
				}
				failed++
				refused(t, code, "", errs, "small/"+out, "the disk is full; free some space or choose another folder", "nothing was written")
				if said != "old.pmtiles\nold\n" {
					t.Errorf("left %q", said)
				}
			})
		}
		if !done || failed == 0 {
			t.Errorf("%s: %d disks were too small, and then one large enough: %v", out, failed, done)
		}
	}
}

// onSmallDisk runs a shell script in dir with a disk of so many kB mounted at
// dir/small, for that script only. The word shapes is the command.
func onSmallDisk(t *testing.T, dir string, kb int, script string) (code int, stdout, stderr string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	as := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		as.Cloneflags |= syscall.CLONE_NEWUSER
		as.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		as.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	link := filepath.Join(dir, "bin", "shapes")
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, link); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	lines := []string{
		"set -e", "mount --make-rprivate /", fmt.Sprintf("mount -t tmpfs -o size=%dk tmpfs small", kb), "set +e",
		`shapes() { "` + link + `" "$@"; }`, script,
	}
	return runIn(t, dir, as, "/bin/sh", "-c", strings.Join(lines, "\n"))
}
