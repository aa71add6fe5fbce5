package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
)

// checkDisplay reports in plain words that there is nothing to open a window
// on. Systems other than the X11 and Wayland ones always have a display.
func checkDisplay(env func(string) string, system string) error {
	switch system {
	case "windows", "darwin", "android", "ios":
		return nil
	}
	if env("DISPLAY") == "" && env("WAYLAND_DISPLAY") == "" {
		return errors.New("no display: neither DISPLAY nor WAYLAND_DISPLAY is set; " +
			"start it from a desktop, over ssh with -X, or use the command shapes, which needs no window")
	}
	return nil
}

// toolkitLog is where the toolkit's messages go: into the log, and to people
// in plain words where they tell why there is no window.
type toolkitLog struct {
	log    *slog.Logger
	stderr io.Writer

	mu    sync.Mutex
	named bool
}

// Write takes one message of the toolkit.
func (t *toolkitLog) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log.Warn("toolkit", "message", string(bytes.TrimSpace(p)))
	if !t.named && noWindow(p) {
		t.named = true
		fmt.Fprintln(t.stderr, "shapes-desktop: cannot open a window: the display offers no OpenGL 2.1. "+
			"Install or update the graphics driver (Debian: apt-get install libgl1-mesa-dri), "+
			"or draw by the processor with LIBGL_ALWAYS_SOFTWARE=1; the command shapes needs no window.")
	}
	return len(p), nil
}

// noWindow recognises the toolkit's reports that end in no window.
func noWindow(p []byte) bool {
	for _, cause := range []string{"window creation error", "failed to initialise GLFW", "failed to initialise OpenGL"} {
		if bytes.Contains(bytes.ToLower(p), bytes.ToLower([]byte(cause))) {
			return true
		}
	}
	return false
}
