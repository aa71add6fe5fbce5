package tileset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// checkWord is the first argument of a child process that checks a file.
const checkWord = "__check-tile-file"

// Exit codes of the child. A crash gives others.
const (
	exitSound   = 0
	exitDamaged = 3
	exitFailed  = 4 // the file could not be read, or is newer
)

// IsCheckChild reports whether the program was started to check a tile file.
// Each main asks this before anything else, with os.Args:
//
//	if tileset.IsCheckChild(os.Args) {
//		os.Exit(tileset.RunCheckChild(os.Args, os.Stdout))
//	}
func IsCheckChild(args []string) bool { return len(args) == 3 && args[1] == checkWord }

// RunCheckChild is the child's whole life: it checks the file, writes what is
// wrong with it to out, and returns the exit code.
func RunCheckChild(args []string, out io.Writer) int {
	err := CheckFile(args[2])
	if err == nil {
		return exitSound
	}
	fmt.Fprintln(out, err)
	if errors.Is(err, ErrDamaged) {
		return exitDamaged
	}
	return exitFailed
}

// Verifier checks tile files in a child process, which a damaged file may
// crash or hang instead of the program.
type Verifier struct {
	// Exe is the program to start, whose main answers to IsCheckChild; usually
	// os.Executable.
	Exe string
	// Timeout ends a child that hangs. The default is a minute, and a further
	// second for every 10 MB of the file.
	Timeout time.Duration
}

// Open is Verify and then Open.
func (v Verifier) Open(ctx context.Context, path string) (*Tileset, error) {
	if err := v.Verify(ctx, path); err != nil {
		return nil, err
	}
	return Open(path)
}

// Verify returns nil if the file is sound: at once if it has not changed since
// this program wrote or checked it, else after a check in a child process.
// Errors: ErrDamaged, ErrNewer, those of the file system and of starting the
// child, and ctx's.
func (v Verifier) Verify(ctx context.Context, path string) error {
	if err := checkHeader(path); err != nil {
		return err
	}
	if isClean(path) {
		return nil
	}
	if err := v.VerifyInChild(ctx, path); err != nil {
		return err
	}
	// Where no mark can be written, on a read-only disk, the next Verify checks
	// again: slower, and no reason to refuse a sound file.
	_ = markClean(path, path)
	return nil
}

// VerifyInChild checks the file in a child process, whatever is known of it.
func (v Verifier) VerifyInChild(ctx context.Context, path string) error {
	info, err := exists(path)
	if err != nil {
		return err
	}
	limit := v.Timeout
	if limit <= 0 {
		limit = time.Minute + time.Duration(info.Size()/10e6)*time.Second
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var said bytes.Buffer
	cmd := exec.CommandContext(timed, v.Exe, checkWord, path)
	cmd.Stdout = &head{to: &said, left: 4096}
	cmd.Env = append(os.Environ(), "GOTRACEBACK=none")
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("check tile file %s: %w", path, ctx.Err())
	case timed.Err() != nil:
		return fmt.Errorf("check tile file %s: %w (the check did not end within %v); build the tiles again", path, ErrDamaged, limit)
	case !errors.As(err, &exit):
		return fmt.Errorf("check tile file %s: start %s: %w", path, v.Exe, err)
	}
	return childError(path, exit.ExitCode(), strings.TrimSpace(said.String()))
}

// childError is what a child's end means.
func childError(path string, code int, said string) error {
	switch {
	case code == exitDamaged && said != "":
		return childReport{said, ErrDamaged}
	case code == exitFailed && strings.Contains(said, ErrNewer.Error()):
		return childReport{said, ErrNewer}
	case code == exitFailed && said != "":
		return errors.New(said)
	}
	return fmt.Errorf("check tile file %s: %w (it crashed the check); build the tiles again", path, ErrDamaged)
}

// childReport is an error that the child has already put in words.
type childReport struct {
	said string
	is   error
}

func (r childReport) Error() string { return r.said }
func (r childReport) Unwrap() error { return r.is }

// head passes on the first bytes and swallows the others.
type head struct {
	to   io.Writer
	left int
}

func (h *head) Write(p []byte) (int, error) {
	n := min(len(p), h.left)
	h.left -= n
	if _, err := h.to.Write(p[:n]); err != nil {
		return 0, err
	}
	return len(p), nil
}
