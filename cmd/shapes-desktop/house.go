package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/shapes-desktop/shapes/core/engine"
	"gopkg.in/natefinch/lumberjack.v2"
)

// house is the data directory in the hands of this process.
type house struct {
	dir     string
	logFile string
	log     *slog.Logger
	lock    *flock.Flock
	out     *lumberjack.Logger
}

// openHouse makes the data directory if it is not there, takes its lock, and
// opens the log. The error says what to do.
func openHouse(dir string) (*house, error) {
	if err := os.MkdirAll(filepath.Join(dir, "logs"), 0o755); err != nil {
		return nil, fmt.Errorf("make the data directory: %w; --data-dir names another one", err)
	}
	h := &house{dir: dir, logFile: filepath.Join(dir, "logs", "shapes-desktop.log"), lock: flock.New(filepath.Join(dir, "lock"))}
	held, err := h.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w; --data-dir names another one", err)
	}
	if !held {
		return nil, fmt.Errorf("already open: another window uses %s; close it first, or name another folder with --data-dir", dir)
	}
	h.out = &lumberjack.Logger{Filename: h.logFile, MaxSize: 5, MaxBackups: 3} // megabytes
	h.log = slog.New(slog.NewTextHandler(h.out, nil))
	h.log.Info("started", "version", engine.Version, "data", dir)
	return h, nil
}

// close gives the directory back. Failures are of no consequence any more: the
// system frees the lock when the process ends.
func (h *house) close() {
	_ = h.out.Close()
	_ = h.lock.Unlock()
}
