package boltfile

import (
	"errors"
	"fmt"
	"io"
)

// checkWord is the first argument of a child process that checks a file; the
// word of its kind and its path follow.
const checkWord = "__check-file"

// Exit codes of the child. A crash gives others.
const (
	exitSound   = 0
	exitDamaged = 3
	exitFailed  = 4 // the file could not be read
	exitNewer   = 5
	exitBusy    = 6
)

// IsCheckChild reports whether the program was started to check a file. Each
// main asks this before anything else, with os.Args:
//
//	if boltfile.IsCheckChild(os.Args) {
//		os.Exit(boltfile.RunCheckChild(os.Args, os.Stdout, tileset.Kind(), kv.Kind()))
//	}
func IsCheckChild(args []string) bool { return len(args) == 4 && args[1] == checkWord }

// RunCheckChild is the child's whole life: it checks the file as one of the
// kinds, writes what is wrong with it to out, and returns the exit code.
func RunCheckChild(args []string, out io.Writer, kinds ...Kind) int {
	for _, k := range kinds {
		if k.Word != args[2] {
			continue
		}
		err := k.Check(args[3])
		if err != nil {
			fmt.Fprintln(out, err)
		}
		return k.exitCode(err)
	}
	fmt.Fprintf(out, "check %s: this program knows no files of kind %q\n", args[3], args[2])
	return exitFailed
}

func (k Kind) exitCode(err error) int {
	switch {
	case err == nil:
		return exitSound
	case errors.Is(err, k.Newer):
		return exitNewer
	case errors.Is(err, k.Busy):
		return exitBusy
	case errors.Is(err, k.Damaged):
		return exitDamaged
	}
	return exitFailed
}

// childError is what a child's end means.
func (k Kind) childError(path string, code int, said string) error {
	means := map[int]error{exitDamaged: k.Damaged, exitNewer: k.Newer, exitBusy: k.Busy}[code]
	switch {
	case means != nil && said != "":
		return childReport{said, means}
	case code == exitFailed && said != "":
		return errors.New(said)
	}
	return fmt.Errorf("check %s %s: %w (it crashed the check); %s", k.Noun, path, k.Damaged, k.Advice)
}

// childReport is an error that the child has already put in words.
type childReport struct {
	said string
	is   error
}

func (r childReport) Error() string { return r.said }
func (r childReport) Unwrap() error { return r.is }
