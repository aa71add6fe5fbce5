package main

import "runtime/debug"

// version is the release that this source tree leads to; see CHANGELOG.md.
const version = "0.1.0"

// versionText is the version, with the revision where the build recorded one.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	text := version
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
