package kv

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// fillerKey, in the environment, makes the test program fill the disk that it
// names with a database, and then go on using it.
const fillerKey = "SHAPES_TEST_FILLER"

// runFiller ends with 0 if a full disk was noticed and cost nothing.
func runFiller(dir string) int {
	if err := fillDisk(filepath.Join(dir, "garden.db")); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func fillDisk(path string) error {
	db, err := Open(path, garden(), Options{Backup: true})
	if err != nil {
		return err
	}
	stored := 0
	for err == nil && stored < 10000 {
		if err = db.Update(func(tx *Tx) error {
			return animals().Put(tx, &animal{ID: uint64(stored), Name: "x", Note: make([]byte, 20000)})
		}); err == nil {
			stored++
		}
	}
	if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "free some space and try again: all that was stored before is kept") {
		return fmt.Errorf("after %d records: %w", stored, err)
	}
	if err := db.Backup(BackupPath(path)); !errors.Is(err, ErrFull) {
		return fmt.Errorf("back up: %v", err)
	}
	if err := db.Compact(); !errors.Is(err, ErrFull) {
		return fmt.Errorf("compact: %v", err)
	}
	held := 0
	err = db.Update(func(tx *Tx) (err error) { // there is room for that: it frees
		if held, err = animals().Count(tx, nil); err != nil {
			return err
		}
		_, err = animals().DeleteAll(tx, nil)
		return err
	})
	if held != stored || err != nil && !errors.Is(err, ErrFull) {
		return fmt.Errorf("%d records of %d: %w", held, stored, err)
	}
	found := errors.Join(db.Check(func(f Finding) { err = errors.Join(err, errors.New(f.String())) }))
	if err := db.Close(); err != nil && !errors.Is(err, ErrFull) {
		return err
	}
	if _, err := Open(filepath.Join(filepath.Dir(path), "new.db"), garden(), Options{}); !errors.Is(err, ErrFull) && err != nil {
		return fmt.Errorf("make another: %w", err)
	}
	return errors.Join(found, CheckFile(path))
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	mount := func(script string) ([]byte, error) {
		cmd := exec.Command("/bin/sh", "-c", "set -e; mount --make-rprivate /; mount -t tmpfs -o size=1000k tmpfs "+dir+"; "+script)
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
		if os.Getuid() != 0 {
			cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
			cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
			cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
		}
		cmd.Env = append(os.Environ(), fillerKey+"="+dir)
		return cmd.CombinedOutput()
	}
	if said, err := mount("true"); err != nil {
		t.Skipf("this machine lets no test mount a small disk: %s", said)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if said, err := mount("'" + exe + "'"); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}
