package engine

import (
	"os"
	"testing"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// TestMain answers as the programs do: to check files, and to be a process
// that is killed, or whose disk is full.
func TestMain(m *testing.M) {
	if boltfile.IsCheckChild(os.Args) {
		os.Exit(boltfile.RunCheckChild(os.Args, os.Stdout, tileset.Kind(), kv.Kind()))
	}
	if dir := os.Getenv(victimEnv); dir != "" {
		os.Exit(victim(dir))
	}
	if disk := os.Getenv(crampedEnv); disk != "" {
		os.Exit(cramped(disk))
	}
	os.Exit(m.Run())
}
