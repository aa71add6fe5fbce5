package boltfile

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

// Verifier checks files in a child process, which a damaged file may crash or
// hang instead of the program.
type Verifier struct {
	// Exe is the program to start, whose main answers to IsCheckChild; usually
	// os.Executable.
	Exe string
	// Timeout ends a child that hangs. The default is a minute, and a further
	// second for every 10 MB of the file.
	Timeout time.Duration
}

// Verify returns nil if the file is sound: at once if it has not changed since
// this program wrote or checked it, else after a check in a child process.
// Nobody may have the file open for writing. Errors: the kind's, those of the
// file system and of starting the child, and ctx's.
func (v Verifier) Verify(ctx context.Context, k Kind, path string) error {
	if err := k.CheckHeader(path); err != nil {
		return err
	}
	if k.IsClean(path) {
		return nil
	}
	if err := v.VerifyInChild(ctx, k, path); err != nil {
		return err
	}
	// Where no mark can be written, on a read-only disk, the next Verify checks
	// again: slower, and no reason to refuse a sound file.
	_ = k.MarkClean(path, path)
	return nil
}

// VerifyInChild checks the file in a child process, whatever is known of it.
func (v Verifier) VerifyInChild(ctx context.Context, k Kind, path string) error {
	info, err := k.stat(path)
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
	cmd := exec.CommandContext(timed, v.Exe, checkWord, k.Word, path)
	cmd.Stdout = &head{to: &said, left: 4096}
	cmd.Env = append(os.Environ(), "GOTRACEBACK=none")
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("check %s %s: %w", k.Noun, path, ctx.Err())
	case timed.Err() != nil:
		return fmt.Errorf("check %s %s: %w (the check did not end within %v); %s", k.Noun, path, k.Damaged, limit, k.Advice)
	case !errors.As(err, &exit):
		return fmt.Errorf("check %s %s: start %s: %w", k.Noun, path, v.Exe, err)
	}
	return k.childError(path, exit.ExitCode(), strings.TrimSpace(said.String()))
}

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
