package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// std is where a command writes: results to out, progress and errors to err.
type std struct{ out, err io.Writer }

// terminal reports whether err is a terminal, which may be drawn over.
func (s std) terminal() bool {
	f, ok := s.err.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// global holds the flags that every command has.
type global struct{ dataDir string }

// run executes one command line and returns the exit code: 0 done, 1 failed,
// 2 wrong usage. A failure is told in one line on s.err.
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
picture and shows what is inside them. Nothing leaves this machine.

Exit codes: 0 done, 1 failed, 2 wrong usage.`,
		Example: `  shapes build sample -o world.pmtiles
  shapes build regions.geojson --layer towns=towns.zip -o italy.mbtiles --maxzoom 10
  shapes render world.pmtiles --center 12.5,42 --zoom 5 -o italy.png
  shapes inspect world.pmtiles --tile 3/4/2`,
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
	root.PersistentFlags().StringVar(&g.dataDir, "data-dir", "",
		"`DIR` of the desktop program, to read the tiles of its nodes")
	root.AddCommand(newBuild(s, eng), newRender(s, g, eng), newInspect(s, g, eng))
	return root
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
	return usagef("unknown command %q%s (shapes --help lists them)", args[0], hint)
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
