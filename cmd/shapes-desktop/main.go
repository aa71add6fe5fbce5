// Command shapes-desktop is the window: boundaries into vector tiles, and the
// map of them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/store/boltfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"github.com/shapes-desktop/shapes/gui"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/resources/icon"
)

// appID names the program to the desktop: settings, notifications, windows.
const appID = "io.github.shapes_desktop.shapes"

// goodbye is how long the end waits for a build to clear up after itself.
const goodbye = 10 * time.Second

func main() {
	if boltfile.IsCheckChild(os.Args) {
		os.Exit(boltfile.RunCheckChild(os.Args, os.Stdout, tileset.Kind(), kv.Kind()))
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its deferred calls run before the process ends.
func run(args []string, stdout, stderr io.Writer) int {
	o, code, done := parseArgs(args, stdout, stderr)
	if done {
		return code
	}
	mirrors, err := engine.ParseMirrors(strings.Fields(os.Getenv(engine.MirrorsEnv)))
	if err != nil {
		return usage(stderr, engine.MirrorsEnv+": "+err.Error())
	}
	if err := checkDisplay(os.Getenv, goos()); err != nil {
		return fail(stderr, err)
	}
	h, err := openHouse(o.dataDir)
	if err != nil {
		return fail(stderr, err)
	}
	defer h.close()
	st := &start{house: h, network: engine.Network{Mirrors: mirrors}}
	defer st.close()
	why := st.open(context.Background())
	if why != nil {
		sayWhy(stderr, why)
	}
	switch err := showWindow(st, why, stderr); {
	case errors.Is(err, errTold):
		return 1
	case err != nil:
		return fail(stderr, err)
	case st.engine() == nil:
		return 1 // it was told why, and people have chosen to quit
	}
	return 0
}

// errTold is a failure that people have been told of already.
var errTold = errors.New("told already")

// showWindow runs the window until it is closed; where the engine is not open,
// another one comes first that says why and offers the ways on. Windows are
// made once the toolkit runs: then a display without OpenGL ends the process,
// while before it would leave one that waits for ever without a window.
func showWindow(st *start, why error, stderr io.Writer) error {
	h := st.house
	fonts, err := mapFonts()
	if err != nil {
		return err
	}
	log.SetFlags(0)
	toolkit := &toolkitLog{log: h.log, stderr: stderr}
	log.SetOutput(toolkit)
	a := app.NewWithID(appID)
	a.SetIcon(fyne.NewStaticResource("icon.png", icon.PNG()))
	tasks := kit.NewTasks()
	debug.SetGCPercent(50) // pictures come and go by the megabyte: keep less garbage
	var w *gui.Window
	show := func(news string) {
		w = gui.New(gui.Options{
			App: a, Engine: st.engine(), Fonts: fonts, Tasks: tasks, Log: h.log,
			Version: engine.Version, DataDir: h.dir, LogFile: h.logFile, Notices: notices(), News: news,
		})
		w.Show()
	}
	a.Lifecycle().SetOnStarted(func() {
		switch {
		case toolkit.said() != nil:
			a.Quit()
		case why != nil:
			gui.NewRescue(gui.RescueOptions{
				App: a, Tasks: tasks, Dir: h.dir, Err: why, Rescue: st.rescue, Open: st.open, Opened: show,
			}).Show()
		default:
			show("")
		}
	})
	a.Run() // until the window is closed, or a signal comes
	if w != nil {
		w.Release()
	}
	if !tasks.End(goodbye) {
		h.log.Warn("ended before all background work had")
	}
	h.log.Info("closed")
	if toolkit.said() != nil {
		return errTold
	}
	return nil
}

// fail says in one line what is wrong.
func fail(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "shapes-desktop: %v\n", err)
	return 1
}
