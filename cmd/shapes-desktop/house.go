package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/shapes-desktop/shapes/core/engine"
	"gopkg.in/natefinch/lumberjack.v2"
)

// house is the data directory in the hands of this process.
type house struct {
	dir     string
	logFile string
	log     *slog.Logger
	out     *lumberjack.Logger
}

// openHouse makes the data directory if it is not there, and opens the log. The
// engine takes the directory's lock. The error says what to do.
func openHouse(dir string) (*house, error) {
	if err := os.MkdirAll(filepath.Join(dir, "logs"), 0o755); err != nil {
		return nil, fmt.Errorf("make the data directory: %w; --data-dir names another one", err)
	}
	h := &house{dir: dir, logFile: filepath.Join(dir, "logs", "shapes-desktop.log")}
	h.out = &lumberjack.Logger{Filename: h.logFile, MaxSize: 5, MaxBackups: 3} // megabytes
	h.log = slog.New(slog.NewTextHandler(h.out, nil))
	h.log.Info("started", "version", engine.Version, "data", dir)
	return h, nil
}

// close closes the log. A failure is of no consequence any more.
func (h *house) close() { _ = h.out.Close() }
