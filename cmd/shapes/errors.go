package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shapes-desktop/shapes/core/engine"
)

// usageError is a command line that cannot be carried out as it stands.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// exitCode maps the outcome of a command to the process's exit code.
func exitCode(err error) int {
	var u usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &u), errors.Is(err, engine.ErrUsage):
		return 2
	default:
		return 1
	}
}

// errorLine is err as one line, whatever a library put into it.
func errorLine(err error) string {
	if errors.Is(err, context.Canceled) {
		return "shapes: interrupted: nothing was written, what was there before is untouched"
	}
	return "shapes: " + inOneLine(err.Error())
}

// inOneLine puts the lines of a text behind each other: several errors at once
// have one each.
func inOneLine(text string) string {
	out := ""
	for line := range strings.Lines(text) {
		line = strings.Join(strings.Fields(line), " ")
		switch {
		case line == "":
			continue
		case out == "":
		case strings.ContainsAny(out[len(out)-1:], ":;,"):
			out += " "
		default:
			out += "; "
		}
		out += line
	}
	return out
}
