package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/shapes-desktop/shapes/core/engine"
)

// std is where a command writes: results to out, progress and errors to err.
type std struct{ out, err io.Writer }

// terminal reports whether err is a terminal, which may be drawn over.
func (s std) terminal() bool {
	f, ok := s.err.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// global holds the flags that every command has.
type global struct {
	dataDir string
	named   bool         // by the user, and not the platform's
	mirrors []string     // FROM=TO
	log     *slog.Logger // of the data directory, once it is open
}

// run executes one command line and returns the exit code: 0 done, 1 failed,
// paused or done in part, 2 wrong usage. A failure is told in one line on s.err.
func run(ctx context.Context, args []string, s std, eng engineAPI) int {
	root := newRoot(s, eng)
	root.SetArgs(args)
	root.SetOut(s.out)
	root.SetErr(s.err)
	err := root.ExecuteContext(ctx)
	if err != nil {
		fmt.Fprintln(s.err, errorLine(err))
	}
	return exitCode(err)
}

func newRoot(s std, eng engineAPI) *cobra.Command {
	g := &global{}
	root := &cobra.Command{
		Use:   "shapes",
		Short: "Turn administrative boundaries into vector tiles",
		Long: `shapes turns administrative boundaries into vector tiles, draws them as a
picture and shows what is inside them. Nothing leaves this machine; boundaries come
over the network only from sources that you choose.

build makes tiles of files at once. node, run and session work on the data
directory of the window: recipes that are kept, runs that can be paused. One
process has a data directory at a time; session and node ls ask the one that has.

Exit codes: 0 done; 1 failed, paused, or done in part; 2 wrong usage, with nothing
done. A search that finds nothing is done.`,
		Example: `  shapes build sample -o world.pmtiles
  shapes build regions.geojson --layer towns=towns.zip -o italy.mbtiles --maxzoom 10
  shapes render world.pmtiles --center 12.5,42 --zoom 5 -o italy.png
  shapes inspect world.pmtiles --tile 3/4/2
  shapes node new Europe/Italy --parents --select ITA:0-1 --set vectorTiles.maxzoom=8
  shapes run Europe/Italy`,
		Version:       versionText(),
		Args:          noSuchCommand,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, _ []string) error {
			c.SetOut(s.err)
			_ = c.Help()
			return usagef("no command given")
		},
	}
	root.SuggestionsMinimumDistance = 2
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usagef("%w (%s --help lists the flags)", err, c.CommandPath())
	})
	data := root.PersistentFlags()
	data.StringVar(&g.dataDir, "data-dir", engine.DataDir(), "`DIR` with nodes, sessions and tiles (default: that of the window)")
	data.StringArrayVar(&g.mirrors, "mirror", nil, "ask another server, as `FROM=TO` (addresses that end in a slash); may be repeated (also: "+engine.MirrorsEnv+")")
	data.Lookup("data-dir").DefValue = "" // the help is the same on every machine
	root.PersistentPreRun = func(c *cobra.Command, _ []string) { g.named = c.Flags().Changed("data-dir") }
	v := env{s: s, g: g, eng: eng}
	root.AddCommand(newBuild(s, eng), newRender(s, g, eng), newInspect(s, g, eng),
		newSources(v), newCountries(v), newFetch(v), newCache(v), newNode(v), newTemplate(v), newRun(v), newSession(v), newSweep(v), newCheck(v))
	return root
}

// group makes a command that only holds others.
func group(s std, use, short, long string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Long: long, Args: noSuchCommand,
		RunE: func(c *cobra.Command, _ []string) error {
			c.SetOut(s.err)
			_ = c.Help()
			return usagef("%s needs a command", c.Name())
		},
	}
	c.SuggestionsMinimumDistance = 2
	c.AddCommand(commands...)
	return c
}

// noSuchCommand refuses words after the bare program name.
func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf("; did you mean %q?", near[0])
	}
	return usagef("unknown command %q%s (%s --help lists them)", args[0], hint, c.CommandPath())
}

// exactly makes an argument check that names what is missing.
func exactly(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usagef("%s needs exactly one %s, got %d", c.Name(), what, len(args))
		}
		return nil
	}
}

// atLeast makes an argument check for n or more of what.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < n {
			return usagef("%s needs %s, got %d", c.Name(), what, len(args))
		}
		return nil
	}
}

// none refuses arguments.
func none(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no argument, got %q", c.Name(), args[0])
	}
	return nil
}
