package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/session"
)

// crampedEnv makes a process run a node's session on a disk that it fills.
const crampedEnv = "SHAPES_TEST_CRAMPED"

// A session on a disk that fills up is paused and says why; it loses nothing,
// and once there is room again it goes on to the same tiles.
func TestFullDiskPausesASession(t *testing.T) {
	e, node, want := undisturbed(t)
	calm := e.dir
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"disk", "out"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	as := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		as.Cloneflags |= syscall.CLONE_NEWUSER
		as.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		as.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	mount := "mount --make-rprivate / && mount -t tmpfs -o size=24m tmpfs disk"
	try := exec.Command("/bin/sh", "-c", mount)
	try.Dir, try.SysProcAttr = dir, as
	if said, err := try.CombinedOutput(); err != nil {
		t.Skipf("this machine lets no test mount a small disk: %s", said)
	}
	cmd := exec.Command("/bin/sh", "-c", mount+` && cp -r "$CALM" disk/data && "$SELF" && cp -r disk/data out/`)
	cmd.Dir, cmd.SysProcAttr = dir, as
	cmd.Env = append(os.Environ(), "CALM="+calm, "SELF="+os.Args[0], crampedEnv+"="+filepath.Join(dir, "disk"), victimID+"="+node)
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if !strings.Contains(string(said), "paused 1") {
		t.Fatalf("the disk was never full: %s", said)
	}
	e = openEngine(t, filepath.Join(dir, "out", "data"))
	same(t, tilesOf(t, e, node), want)
	if r, err := e.Check(t.Context(), false); err != nil || len(r.Findings) > 0 {
		t.Errorf("%+v, %v", r.Findings, err)
	}
}

// cramped runs a session while the disk holds less and less beside it, and says
// how it went.
func cramped(disk string) int {
	if err := runCramped(context.Background(), disk, os.Getenv(victimID)); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func runCramped(ctx context.Context, disk, node string) error {
	e, err := Open(ctx, filepath.Join(disk, "data"), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	for round, free := range []int{0, 64 << 10, 256 << 10, 512 << 10, 1 << 20, 1536 << 10, 2 << 20} {
		if err := fullRound(ctx, e, disk, node, free); err != nil {
			return errors.Join(fmt.Errorf("round %d, %d bytes free: %w", round, free, err), e.Close())
		}
	}
	return e.Close()
}

// fullRound begins a session, leaves so many bytes on the disk, and resumes it
// with all of the room.
func fullRound(ctx context.Context, e *Engine, disk, node string, free int) error {
	filler := filepath.Join(disk, "filler")
	s, err := e.Start(ctx, node)
	if err != nil {
		return err
	}
	if err := fill(filler, free); err != nil {
		return err
	}
	s, err = e.Wait(ctx, s.ID)
	if errors.Is(err, ErrNoSession) || err == nil && s.Status == session.Completed { // there was room enough
		return os.Remove(filler)
	}
	if err != nil {
		return fmt.Errorf("wait: %w", err)
	}
	if s.Status != session.Paused || !strings.HasPrefix(s.Reason, "the disk is full") || !s.CanResume {
		return fmt.Errorf("it is %s: %q", s.Status, s.Reason)
	}
	fmt.Println("paused 1")
	if err := os.Remove(filler); err != nil {
		return err
	}
	if err := e.Resume(ctx, s.ID); err != nil {
		return err
	}
	if s, err = e.Wait(ctx, s.ID); err != nil || s.Status != session.Completed {
		return fmt.Errorf("resumed, it is %s: %q, %v", s.Status, s.Reason, err)
	}
	return nil
}

// fill writes until the disk is full, and then gives back so many bytes.
func fill(path string, free int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	block, n := bytes.Repeat([]byte{1}, 64<<10), int64(0)
	for err == nil {
		var m int
		m, err = f.Write(block)
		n += int64(m)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return errors.Join(err, f.Close())
	}
	return errors.Join(f.Truncate(max(0, n-int64(free))), f.Close())
}
