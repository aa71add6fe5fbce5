package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// lockFile is locked by the process that owns a data directory, and names it.
const lockFile = "lock"

// ownerFile names the owner; the locked file itself cannot be read everywhere.
const ownerFile = "owner"

// own takes a data directory for this process. Its error is an ErrBusy that
// names who has it.
func own(dir string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(dir, lockFile))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data directory %s: %w", dir, err)
	}
	owner := filepath.Join(dir, ownerFile)
	if !held {
		who := "another process"
		if text, err := os.ReadFile(owner); err == nil && len(text) < 200 {
			who = strings.TrimSpace(string(text))
		}
		return nil, fmt.Errorf("open %s: %w by %s; close it first, or name another folder with --data-dir", dir, ErrBusy, who)
	}
	// For the message only: a failure is no reason not to start.
	_ = os.WriteFile(owner, []byte(processName()+"\n"), 0o644)
	return lock, nil
}

// processName names this process for people: "shapes (process 4711)".
func processName() string {
	return fmt.Sprintf("%s (process %d)", filepath.Base(os.Args[0]), os.Getpid())
}
