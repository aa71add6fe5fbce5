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

	mu      sync.Mutex
	trouble error // why there is no window, once told
}

// said returns why there can be no window, as far as the toolkit has told.
func (t *toolkitLog) said() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.trouble
}

// Write takes one message of the toolkit.
func (t *toolkitLog) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log.Warn("toolkit", "message", string(bytes.TrimSpace(p)))
	if err := noWindow(p); err != nil && t.trouble == nil {
		t.trouble = err
		fmt.Fprintf(t.stderr, "shapes-desktop: %v\n", err) // at once: the toolkit may end the process
	}
	return len(p), nil
}

// noWindow recognises the toolkit's reports that end in no window, and says
// what to do.
func noWindow(p []byte) error {
	switch {
	case bytes.Contains(p, []byte("failed to initialise GLFW")):
		return errors.New("cannot open a window: the display that DISPLAY or WAYLAND_DISPLAY names cannot be reached; " +
			"start it from a desktop, or use the command shapes, which needs no window")
	case bytes.Contains(p, []byte("window creation error")), bytes.Contains(p, []byte("failed to initialise OpenGL")):
		return errors.New("cannot open a window: the display offers no OpenGL 2.1; " +
			"install or update the graphics driver (Debian: apt-get install libgl1-mesa-dri), " +
			"or draw by the processor with LIBGL_ALWAYS_SOFTWARE=1; the command shapes needs no window")
	}
	return nil
}
