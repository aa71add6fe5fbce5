package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"github.com/shapes-desktop/shapes/core/engine"
)

// args are the command line.
type args struct{ dataDir string }

// parseArgs reads the command line. If done, the process ends with code:
// 0 after --help or --version, 2 for a command line that cannot be.
func parseArgs(list []string, stdout, stderr io.Writer) (a args, code int, done bool) {
	f := flag.NewFlagSet("shapes-desktop", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&a.dataDir, "data-dir", engine.DataDir(), "`folder` that holds tiles, settings and logs")
	version := f.Bool("version", false, "print the version and exit")
	f.Usage = func() {}
	err := f.Parse(list)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(stdout, "shapes-desktop opens the window of Shapes Desktop. Options:")
		f.SetOutput(stdout)
		f.PrintDefaults()
		return a, 0, true
	case err != nil:
		return a, usage(stderr, err.Error()), true
	case f.NArg() > 0:
		return a, usage(stderr, fmt.Sprintf("unexpected argument %q", f.Arg(0))), true
	case a.dataDir == "":
		return a, usage(stderr, "--data-dir needs a folder"), true
	case *version:
		fmt.Fprintf(stdout, "shapes-desktop %s\n", engine.Version)
		return a, 0, true
	}
	if a.dataDir, err = filepath.Abs(a.dataDir); err != nil {
		return a, usage(stderr, err.Error()), true
	}
	return a, 0, false
}

func usage(stderr io.Writer, what string) int {
	fmt.Fprintf(stderr, "shapes-desktop: %s; see shapes-desktop --help\n", what)
	return 2
}

func goos() string { return runtime.GOOS }
