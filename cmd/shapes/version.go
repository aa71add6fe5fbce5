package main

import (
	"runtime/debug"

	"github.com/shapes-desktop/shapes/core/engine"
)

// versionText is the program's version, with the revision where the build recorded one.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return engine.Version
	}
	text := engine.Version
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			text += " (" + s.Value[:12] + ")"
		case s.Key == "vcs.modified" && s.Value == "true":
			text += " modified"
		}
	}
	return text
}
