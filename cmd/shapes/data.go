package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"gopkg.in/natefinch/lumberjack.v2"

	"github.com/shapes-desktop/shapes/core/control"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// asked is what the engine and the owner's control channel both answer.
type asked = control.API[engine.Node, engine.Session, engine.Task, shape.RunSummary]

// env is what commands on the data directory need.
type env struct {
	s   std
	g   *global
	eng engineAPI
	// unswept: the command is to tell what there is to delete, or what is wrong, so
	// that opening must not have deleted it.
	unswept bool
}

// A data directory that is named and not there is most likely mistyped; these
// say whether a command makes it all the same.
const (
	mustExist = false
	mayMake   = true
)

// patience is how long a command waits for one that has the data directory
// and will be done in a moment.
const patience = 2 * time.Second

// withEngine opens the data directory for fn and closes it afterwards.
func (v env) withEngine(c *cobra.Command, create bool, fn func(ctx context.Context, e *engine.Engine) error) (err error) {
	e, log, err := v.own(c, create)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close(), log.Close()) }()
	return fn(c.Context(), e)
}

// withAny asks whoever has the data directory: this process if nobody else
// has, else the owner, who then is not "".
func (v env) withAny(c *cobra.Command, fn func(ctx context.Context, a asked, owner string) error) (err error) {
	e, log, err := v.own(c, mustExist)
	if err == nil {
		defer func() { err = errors.Join(err, e.Close(), log.Close()) }()
		return fn(c.Context(), e, "")
	}
	if !errors.Is(err, engine.ErrBusy) {
		return err
	}
	client, dialErr := dial(c.Context(), v.g.dataDir)
	switch {
	case errors.Is(dialErr, control.ErrSilent):
		return err
	case dialErr != nil:
		return dialErr
	}
	return fn(c.Context(), client, client.Owner())
}

func dial(ctx context.Context, dir string) (*control.Client[engine.Node, engine.Session, engine.Task, shape.RunSummary], error) {
	return control.Dial[engine.Node, engine.Session, engine.Task, shape.RunSummary](ctx, control.Path(dir))
}

// own opens the data directory. One that another command has for a moment is
// waited for; an owner that can be asked is not.
func (v env) own(c *cobra.Command, create bool) (*engine.Engine, io.Closer, error) {
	dir := v.g.dataDir
	if dir == "" {
		return nil, nil, usagef("--data-dir needs a folder")
	}
	mirrors, err := engine.ParseMirrors(append(strings.Fields(os.Getenv(engine.MirrorsEnv)), v.g.mirrors...))
	if err != nil {
		return nil, nil, usagef("%w", err)
	}
	if !create && v.g.named {
		if err := isFolder(dir); err != nil {
			return nil, nil, err
		}
	}
	out := &lumberjack.Logger{Filename: filepath.Join(dir, "logs", "shapes.log"), MaxSize: 5, MaxBackups: 3} // megabytes
	v.g.log = slog.New(slog.NewTextHandler(out, nil))
	for deadline := time.Now().Add(patience); ; {
		e, err := v.eng.OpenData(c.Context(), dir, v.g.log, v.unswept)
		if err == nil {
			e.UseNetwork(engine.Network{Mirrors: mirrors})
			v.tellRecovery(e.Recovery(c.Context()))
			return e, out, nil
		}
		if !errors.Is(err, engine.ErrBusy) || time.Now().After(deadline) {
			return nil, nil, unusable(err)
		}
		if _, dialErr := dial(c.Context(), dir); dialErr == nil {
			return nil, nil, err
		}
		select {
		case <-c.Context().Done():
			return nil, nil, c.Context().Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func isFolder(dir string) error {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no data directory %s; check --data-dir, or make it with shapes node new", dir)
	}
	return nil
}

// unusable says how to go on with a database that cannot be opened.
func unusable(err error) error {
	var u *engine.Unusable
	if errors.As(err, &u) {
		return fmt.Errorf("%w; nothing was changed (shapes check --rescue backup goes on with the backup, --rescue empty with an empty tree; both keep the old files)", err)
	}
	return err
}

// tellRecovery says what the last end of the program left unfinished.
func (v env) tellRecovery(r engine.Recovery) {
	note := func(format string, args ...any) {
		fmt.Fprintln(v.s.err, "note: "+oneLine(fmt.Sprintf(format, args...)))
	}
	for _, d := range r.Damaged {
		note("%s", d)
	}
	for _, s := range r.Sessions {
		note("the run of “%s” was interrupted at %.0f %%; go on: %s", s.NodeName, s.Progress.Overall, v.command("session resume", s.ID))
	}
	for _, n := range r.Drafts {
		note("the edit of “%s” was interrupted and is kept as a draft; go on: %s", n.Name, v.command("node edit --continue", n.ID))
	}
}

// command spells a command line that goes on from here.
func (v env) command(words string, args ...string) string {
	line := "shapes " + words
	if v.g.named {
		args = append(args, "--data-dir", v.g.dataDir)
	}
	for _, a := range args {
		if strings.ContainsAny(a, " '\"$`\\&;()<>|*?!#~") || a == "" {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		line += " " + a
	}
	return line
}

// oneLine is text without line breaks, whatever a library put into it.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
