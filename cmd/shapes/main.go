// Command shapes turns administrative boundaries into vector tiles without a
// window: it builds, draws and inspects tilesets with the engine that the
// desktop program uses.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

func main() {
	if boltfile.IsCheckChild(os.Args) {
		os.Exit(boltfile.RunCheckChild(os.Args, os.Stdout, tileset.Kind(), kv.Kind()))
	}
	os.Exit(mainCode())
}

// mainCode is main with its deferred calls run before the process ends.
func mainCode() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// After the first signal the default action is back, so that a second one
	// ends a run whose clean-up hangs (on a dead network disk, say).
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], std{out: os.Stdout, err: os.Stderr}, coreEngine{})
}
